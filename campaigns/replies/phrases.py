"""A small language for tables of phrases, compiled to regular expressions without unbounded repeats.

A phrase is words separated by spaces. `escrib*` is any word so beginning; `(a|b c)` one of these;
`{a|b}` the same but optional; `<name>` a class of words; `...` up to three words of any kind;
`^` and `$` the start and the end of a clause; `NUMBER` a sum in digits.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

_PIECE = re.compile(r"[(){}|]|[^\s(){}|]+")
_CLASS = re.compile(r"<([a-z_]+)>")
_FIXED = {
    "(": "(?:",
    ")": ")",
    "{": "(?:",
    "}": ")?",
    "|": "|",
    "...": r"(?:[a-z0-9]+ ){0,3}",
    "^": r"(?<=[.,?] )",
    "$": r"(?=[.,?] )",
    "NUMBER": r"(?:\$ )?[0-9][0-9.,]* ",
}


def word_set(words: str) -> frozenset[str]:
    """Return the words of a table that is written as running text."""
    return frozenset(words.split())


class Phrases:
    """A table of phrases, compiled when it is first used: commands that read no reply need not wait for it."""

    def __init__(self, phrases: Iterable[str], classes: Mapping[str, str]) -> None:
        self._phrases = tuple(phrases)
        self._classes = classes

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("(?<= )(?:" + "|".join(_phrase(phrase, self._classes) for phrase in self._phrases) + ")")

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in the text of sentences."""
        return self._pattern.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every phrase in the text."""
        return self._pattern.finditer(text)

    def sub(self, replacement: str, text: str) -> str:
        """Return the text with every phrase replaced."""
        return self._pattern.sub(replacement, text)


def compile_phrases(phrases: Iterable[str], classes: Mapping[str, str] | None = None) -> Phrases:
    """Return what finds any of the phrases, in which `<name>` stands for a class."""
    return Phrases(phrases, classes or {})


def _phrase(phrase: str, classes: Mapping[str, str]) -> str:
    expanded = phrase
    while _CLASS.search(expanded):
        expanded = _CLASS.sub(lambda match: f"({classes[match[1]]})", expanded)
    return "".join(_FIXED.get(piece) or piece.replace("*", "[a-z]*") + " " for piece in _PIECE.findall(expanded))
