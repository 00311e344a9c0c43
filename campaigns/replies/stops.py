"""Finds a stop however it is phrased, and how far it reaches."""

import re

from campaigns.replies.contact_classes import CLASSES
from campaigns.replies.meaning import StopScope
from campaigns.replies.normalise import Reply
from campaigns.replies.phrases import compile_phrases
from campaigns.replies.stop_phrases import EXCEPTIONS, NARROW_PHRASES, TIMED_CONTACT, WIDE_PHRASES
from campaigns.replies.stop_words import (
    AFTER_FIRST,
    CLAUSE_WORDS,
    FIRST_WORDS,
    FORGIVEN_WORDS,
    LAST_WORDS,
    NARROW_WORDS,
    NOT_BEFORE_LAST,
    WIDE_WORDS,
)
from campaigns.replies.words import POLITE

_NARROW = compile_phrases(NARROW_PHRASES, CLASSES)
_WIDE = compile_phrases(WIDE_PHRASES, CLASSES)
_EXCEPTIONS = compile_phrases((*EXCEPTIONS, *TIMED_CONTACT), CLASSES)
_TIMED = compile_phrases(TIMED_CONTACT, CLASSES)
_SHOUTED = "(?:STOP|BAJA|ALTO|SAIR|SALIR|UNSUBSCRIBE)"
_SHOUTED_EDGE = re.compile(rf"^\W*{_SHOUTED}\b|\b{_SHOUTED}\W*$")
_CLAUSE = re.compile(r"[.,?] ")


def find_stop(reply: Reply) -> StopScope | None:
    """Return how far the stop in a reply reaches, or None where it holds none."""
    whole = _whole_message(reply)
    text = _EXCEPTIONS.sub(", ", reply.text)
    if whole is StopScope.EVERY_CHANNEL or _WIDE.search(text):
        return StopScope.EVERY_CHANNEL
    if whole or _NARROW.search(text) or _is_clause(text) or _is_shouted(reply.raw):
        return StopScope.THIS_CHANNEL
    return None


def limits_contact(reply: Reply) -> bool:
    """Say whether a reply forbids contact at some hours or places only; a person must read it."""
    return _TIMED.search(reply.text) is not None


def _whole_message(reply: Reply) -> StopScope | None:
    spoken = [token for token in reply.text.split() if token not in ".,?"]
    candidates = {reply.key, "".join(_without_echo([word for word in spoken if word not in POLITE]))}
    for candidate in candidates:
        if candidate in WIDE_WORDS:
            return StopScope.EVERY_CHANNEL
    for candidate in candidates:
        if candidate in NARROW_WORDS or any(_one_slip(candidate, word) for word in FORGIVEN_WORDS):
            return StopScope.THIS_CHANNEL
    return None


def _without_echo(words: list[str]) -> list[str]:
    return words[:1] if len(set(words)) == 1 else words


def _is_clause(text: str) -> bool:
    for clause in _CLAUSE.split(text):
        words = _without_echo([word for word in clause.split() if word not in POLITE])
        if "".join(words) in CLAUSE_WORDS or _is_at_edge(clause.split()):
            return True
    return False


def _is_at_edge(words: list[str]) -> bool:
    """Written without a comma before or after something else: "pago mañana baja", "stop ya pagué"."""
    while words and words[-1] in POLITE:
        words = words[:-1]
    while words and words[0] in POLITE:
        words = words[1:]
    if len(words) < 2:
        return False
    last = words[-1] in LAST_WORDS and words[-2] not in NOT_BEFORE_LAST
    return last or (words[0] in FIRST_WORDS and words[1] in AFTER_FIRST)


def _is_shouted(raw: str) -> bool:
    shouted = _SHOUTED_EDGE.search(raw.strip())
    return shouted is not None and any(char.islower() for char in raw)


def _one_slip(word: str, target: str) -> bool:
    if abs(len(word) - len(target)) > 1 or word == target:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, target, strict=False)) if a != b), min(len(word), len(target)))
    left, right = word[start:], target[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:] and len(left) > 1
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
