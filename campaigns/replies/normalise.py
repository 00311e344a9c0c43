"""Brings a reply to plain lower-case words: accents, emoji, full width, quoted mail and slang are gone."""

import re
import unicodedata
from dataclasses import dataclass

from campaigns.replies.words import (
    ABBREVIATIONS,
    CONFUSABLES,
    LEET,
    PAST_STEMS,
    STOP_SIGNS,
    TWO_WORDS,
)

STOP_SIGN = "stopsign"
AUXILIARY = {"é": "he", "ó": "ha"}
HEAD_CHARACTERS = 2400
TAIL_CHARACTERS = 600

_TOKEN = re.compile(r"r\$|us\$|u\$s|s/(?= ?\d)|\d+(?:[.,/:\-]\d+)*|[a-z]+|[$€%.,;:!?¿¡\n()]|\.\.+")
_ENDS = frozenset(".;:!?¿¡\n()")
_QUOTED = re.compile(
    r"^(?:-{2,} ?(?:original|mensaje original|mensagem original|forwarded)|_{10,}"
    r"|(?:on|el|em) [^\n]{4,200}(?:wrote|escribio|escribió|escreveu):)",
    re.IGNORECASE | re.MULTILINE,
)
_PAST = re.compile(rf"\b({'|'.join(PAST_STEMS)})(é|ó)\b")
_LEET_WORD = re.compile(r"(?<![\w.,/:$-])(?=[a-z0-9]*[a-z][a-z0-9]*[a-z])[a-z]+[0134][a-z]+(?![\w])")
# "no + mensajes"
_PLUS = re.compile(r"\+(?=\s*[a-z])")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_SPELT_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s.\-_*]{1,3}){2,11}[^\W\d_](?![^\W_])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words up to an end mark; `text` begins with ". ", words are followed by one space, "? " or ". " ends it."""

    text: str
    question: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A normalised reply: what was written without quoted mail, its sentences, and all letters in one string."""

    raw: str
    sentences: tuple[Sentence, ...]
    key: str

    @property
    def text(self) -> str:
        """All sentences in one string, in which phrases are sought."""
        return "".join(sentence.text for sentence in self.sentences) or ". "


def normalise(text: str) -> Reply:
    """Return the words of a reply of any length; the middle of a very long one is not read."""
    raw = without_quotes(shorten(text))
    tokens = _expand(_TOKEN.findall(fold(raw)))
    sentences = tuple(_sentences(tokens))
    return Reply(raw, sentences, "".join(token for token in tokens if token.isalnum()))


def shorten(text: str) -> str:
    """Return at most the head and the tail, since both ends may hold a stop."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return text[:HEAD_CHARACTERS] + "\n" + text[-TAIL_CHARACTERS:]


def without_quotes(text: str) -> str:
    """Drop the lines of an answered mail, whose own opt-out words are not the debtor's."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    kept = "\n".join(lines)
    quoted = _QUOTED.search(kept)
    return kept[: quoted.start()] if quoted else kept


def fold(text: str) -> str:
    """Return lower-case ASCII letters, digits and marks; accented pasts become "he pagado", "ha pagado"."""
    composed = unicodedata.normalize("NFKC", text).translate(CONFUSABLES).casefold()
    composed = _PLUS.sub(" mas ", composed)
    for sign in STOP_SIGNS:
        composed = composed.replace(sign, f" {STOP_SIGN} ")
    past = _PAST.sub(lambda match: f"{AUXILIARY[match[2]]} {PAST_STEMS[match[1]]}ado", composed)
    decomposed = unicodedata.normalize("NFKD", past)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char) and char not in "'’`´\u200b\u200d")
    joined = _SPELT_OUT.sub(lambda match: re.sub(r"[\W_]", "", match[0]), plain)
    shorter = _LONG_RUN.sub(r"\1", joined)
    return _LEET_WORD.sub(lambda match: match[0].translate(LEET), shorter)


def _expand(tokens: list[str]) -> list[str]:
    expanded: list[str] = []
    for token in tokens:
        thousands = token == "k" and expanded and expanded[-1][-1].isdigit()
        word = token if thousands else ABBREVIATIONS.get(token, token)
        expanded.extend(word.split() if word in TWO_WORDS else (word,))
    return expanded


def _sentences(tokens: list[str]) -> list[Sentence]:
    found: list[Sentence] = []
    words: list[str] = []
    for token in [*tokens, "."]:
        if token not in _ENDS:
            words.append(token)
        elif words:
            mark = "?" if token == "?" else "."
            found.append(Sentence(". " + "".join(f"{word} " for word in words) + mark + " ", mark == "?"))
            words = []
    return found
