"""Checks rendered words for what the law demands they say; what lacks it is not sent, and never trimmed to fit."""

import re
import unicodedata
from collections.abc import Sequence

from campaigns.required_content import ContentNeed
from schemas.message import RenderedMessage
from services.creditors import Creditor

_LINK = re.compile(r"https://\S+")
_EXITS = ("baja", "sair", "stop", "nueve", "nove", "nine", "/u/")
_LEGAL_FORM = re.compile(r"[,(]| s\.? ?a\.?\b", re.IGNORECASE)


def first_missing(needs: Sequence[ContentNeed], content: RenderedMessage, creditor: Creditor) -> ContentNeed | None:
    """The first need that the words do not meet, None where all are met."""
    text = " ".join(part for part in (content.text, content.html, content.subject) if part)
    linked = _LINK.search(text) is not None
    said = plain(text)
    for need in needs:
        if need.by_link and linked:
            continue
        if not all(_says(item, said, creditor) for item in need.items):
            return need
    return None


def plain(text: str) -> str:
    """Lower case without accents, so that a transliterated name is still the name."""
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if c.isascii() or not unicodedata.combining(c))
    return " ".join(folded.split())


def _says(item: str, said: str, creditor: Creditor) -> bool:
    """Whether an item is in the words; what we hold no data for can't be, and so stops the message."""
    match item:
        case "creditor-name":
            return plain(_LEGAL_FORM.split(creditor.name)[0]) in said
        case "opt-out":
            return any(word in said for word in _EXITS)
        case "complaints":
            return creditor.complaints is not None and plain(creditor.complaints) in said
        case _:
            return False
