"""Texts that staff wrote, shown line by line: YAML in colours, and what differs between two texts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.console import kit

_KEY = re.compile(r"^(\s*(?:- )*)([\w.-]+|\"[^\"]*\")(:)(\s.*|)$")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_QUOTED = re.compile(r"^\s*[\"'].*[\"'],?\s*$")
_TONES = {"+": "p-added", "-": "p-removed", "@": "p-place"}

Piece = tuple[str, str]
"""A class and the text that has it."""


def yaml(text: str, faults: Mapping[int, Sequence[str]], *, label: str) -> None:
    """YAML with line numbers; `faults` stand under the lines they are about, counted from 1."""
    region = kit.tag("div", tabindex="0", role="region", aria_label=label).classes("p-source")
    with region, kit.tag("ol"):
        for number, line in enumerate(text.splitlines(), 1):
            with kit.tag("li").classes("p-faulty" if number in faults else ""):
                for style, piece in _pieces(line):
                    if piece:
                        kit.text("span", piece).classes(style)
                for fault in faults.get(number, ()):
                    kit.text("div", fault).classes("p-fault")


def plain(text: str, *, label: str) -> None:
    """A text as it is."""
    kit.text("pre", text, tabindex="0", role="region", aria_label=label).classes("p-pre")


def diff(lines: Iterable[str], *, label: str) -> None:
    """A unified diff; what was added and removed also shows by its sign."""
    with kit.tag("div", tabindex="0", role="region", aria_label=label).classes("p-source p-diff"):
        for line in lines:
            header = line.startswith(("+++", "---"))
            tone = "p-file" if header else _TONES.get(line[:1], "")
            kit.text("div", line or " ").classes(tone)


def _pieces(line: str) -> Iterator[Piece]:
    found = _COMMENT.search(line)
    code, comment = (line[: found.start()], found.group()) if found is not None else (line, "")
    if "'" in code or '"' in code:
        code, comment = line, ""
    named = _KEY.match(code)
    if named is not None:
        indent, key, colon, rest = named.groups()
        yield "", indent
        yield "p-key", key
        yield "", colon
        yield ("p-quoted" if _QUOTED.match(rest) else ""), rest
    else:
        yield "", code
    if comment:
        yield "p-comment", comment
