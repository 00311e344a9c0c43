"""Tells Spanish, Portuguese and English apart by their commonest words and letters."""

from campaigns.replies.normalise import Reply
from campaigns.replies.words import DISTINCTIVE, MARKERS

LETTER_WEIGHT = 2


def detect_language(reply: Reply) -> str | None:
    """Return "es", "pt" or "en", or None where the words do not favour one."""
    tokens = reply.text.split()
    raw = reply.raw.casefold()
    scores = {
        language: sum(token in words for token in tokens)
        + LETTER_WEIGHT * any(letter in raw for letter in DISTINCTIVE[language])
        for language, words in MARKERS.items()
    }
    ranked = sorted(scores.items(), key=lambda item: item[1], reverse=True)
    return ranked[0][0] if ranked[0][1] > ranked[1][1] else None
