"""What a person wrote in a mail: its text without what it quotes, and without the signature."""

import re
from collections.abc import Iterator, Sequence
from email.header import decode_header, make_header
from email.message import Message
from html.parser import HTMLParser

LONGEST = 20_000
"""Characters of a reply that are read; more is a document, not an answer."""

_QUOTE = ">"
_SIGNATURE = re.compile(r"--\s*")
_DIVIDER = re.compile(
    r"_{8,}|-{2,}\s*(original message|mensaje original|mensagem original|forwarded message|mensaje reenviado"
    r"|mensagem encaminhada)\s*-{2,}",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(on|el|em|le)\b", re.IGNORECASE)
_ATTRIBUTION = re.compile(
    r"(on|el|em|le)\b.{0,250}?[\d<@].{0,250}?\b(wrote|escribi[oó]|escreveu|a écrit)\s*:", re.IGNORECASE
)
_HEADER_FROM = re.compile(r"\W*(from|de|von)\W*:\W*\S", re.IGNORECASE)
_HEADER_NEXT = re.compile(r"\W*(sent|date|to|enviado( el)?|enviada( em)?|fecha|data|para)\W*:\W*\S", re.IGNORECASE)
_DEVICE = re.compile(
    r"(sent from my|get outlook for|enviado desde|obtener outlook|enviado do meu|enviado pelo)\b", re.IGNORECASE
)
_ANSWER = re.compile(r"\s*(re|rv|fw|fwd|enc|res|aw)\s*:", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
_UNSEEN = frozenset({"style", "script", "head", "title"})
_VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "wbr", "area", "col", "base", "source"})


def own_words(message: Message) -> str:
    """The words of whoever sent it; those of the subject where the body has none of their own."""
    words = _without_quotes(_body(message))
    if words:
        return words[:LONGEST]
    subject = header_text(message, "Subject")
    return "" if _ANSWER.match(subject) else subject.strip()[:LONGEST]


def header_text(message: Message, name: str) -> str:
    """A header decoded, as well as it can be; empty where there is none."""
    value = str(message.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value


def part_text(part: Message) -> str:
    """The text of one part, with marks for what can't be read."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(str(part.get_content_charset("utf-8")), "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def _body(message: Message) -> str:
    parts = [part for part in message.walk() if not part.is_multipart() and part.get_filename() is None]
    for part in parts:
        if part.get_content_type() == "text/plain" and (text := part_text(part)).strip():
            return text
    return next((_seen(part_text(part)) for part in parts if part.get_content_type() == "text/html"), "")


def _without_quotes(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    return "\n".join(_own_lines(lines)).strip()


def _own_lines(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        bare = line.strip()
        if _ends_here(lines, number, bare):
            return
        if not bare.startswith(_QUOTE) and not _DEVICE.match(bare):
            yield line.rstrip()


def _ends_here(lines: Sequence[str], number: int, bare: str) -> bool:
    """Whether somebody else's words, or a signature, begin at this line."""
    if _SIGNATURE.fullmatch(bare) or _DIVIDER.match(bare):
        return True
    following = [line.strip() for line in lines[number : number + 5]]
    if _WHEN.match(bare) and _is_attribution(following[:3]):
        return True
    return bool(_HEADER_FROM.match(bare)) and any(_HEADER_NEXT.match(line) for line in following[1:])


def _is_attribution(lines: Sequence[str]) -> bool:
    """As in "On Monday … wrote:", which mail programs wrap over up to three lines."""
    for count in range(1, len(lines) + 1):
        if count > 1 and (not lines[count - 1] or _WHEN.match(lines[count - 1])):
            return False
        if _ATTRIBUTION.fullmatch(" ".join(lines[:count])):
            return True
    return False


class _Seen(HTMLParser):
    """Collects what a reader sees and did not get from somebody else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, which may be a quotation."""
        if tag in _BLOCKS:
            self.text.append("\n")
        if tag in _VOID:
            return
        quoted = tag == "blockquote" or any(
            "quote" in (value or "") for name, value in attrs if name in ("class", "id")
        )
        if self._hidden or quoted or tag in _UNSEEN:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element and whatever was left open inside."""
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                continue

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self._hidden:
            self.text.append(data)


def _seen(html: str) -> str:
    reader = _Seen()
    reader.feed(html[: LONGEST * 10])
    reader.close()
    return "".join(reader.text)
