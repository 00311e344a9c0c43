"""A small language for tables of phrases, compiled to regular expressions without unbounded repeats.

A phrase is words separated by spaces. `escrib*` is any word so beginning; `(a|b c)` one of these;
`{a|b}` the same but optional; `<name>` a class of words; `...` up to three words of any kind;
`^` and `$` the start and the end of a clause; `NUMBER` a sum in digits.
"""

import re
from collections.abc import Iterable, Mapping

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


def compile_phrases(phrases: Iterable[str], classes: Mapping[str, str] | None = None) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases in the `text` of sentences."""
    return re.compile("(?<= )(?:" + "|".join(_phrase(phrase, classes or {}) for phrase in phrases) + ")")


def _phrase(phrase: str, classes: Mapping[str, str]) -> str:
    expanded = phrase
    while _CLASS.search(expanded):
        expanded = _CLASS.sub(lambda match: f"({classes[match[1]]})", expanded)
    return "".join(_FIXED.get(piece) or piece.replace("*", "[a-z]*") + " " for piece in _PIECE.findall(expanded))
