"""Checks rendered words for what the law demands they say; what lacks it is not sent, and never trimmed to fit."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from campaigns.required_content import ContentNeed
from schemas.message import RenderedMessage
from services.agency import About, amounts_text, day_text, sentence
from services.creditors import Creditor

_LINK = re.compile(r"https://\S+")
_EXITS = ("baja", "sair", "stop", "nueve", "nove", "nine", "/u/")
_LEGAL_FORM = re.compile(r"[,(]| s\.? ?a\.?\b", re.IGNORECASE)
_DEBT_COLLECTOR = ("debt collector", "attempt to collect a debt", "cobrador de deudas", "cobrador de dividas")
_WORD_SIGNS = bytes(sign if chr(sign).isalnum() or sign == ord("_") else ord(" ") for sign in range(128)) + b" " * 128
_OFFER_START = re.compile(
    rb" (?:pre ?ap|n(?:uevo|ovo|ew) |o(?:tro|utro|ferta) |a(?:nother|mplie|umente) |promo|special |refinanc|contrate |"
    rb"solicite )"
)
"""Every offer begins so, at a word's start; looked for first, since most messages have none."""
_OFFER = re.compile(
    r"\b(?:pre-?(?:aprobad|aprovad)[oa]s?|pre-?approved|(?:nuevo|otro) (?:credito|prestamo)|(?:novo|outro) (?:credito|"
    r"emprestimo)|(?:new|another) (?:loan|credit line)|(?:amplie|aumente) su (?:credito|linea)|promocion(?:es)?|"
    r"promocao|promocoes|special offer|oferta (?:especial|exclusiva)|refinancie|refinance (?:now|today|your)|"
    r"contrate (?:ya|hoy|ahora|agora|hoje)|solicite (?:su|un|seu|um) (?:nuevo |novo )?(?:credito|prestamo|"
    r"emprestimo))\b"
)


def first_missing(
    needs: Sequence[ContentNeed], content: RenderedMessage, creditor: Creditor, about: About | None = None
) -> ContentNeed | None:
    """The first need that the words do not meet, None where all are met; `about`: the debt they speak of."""
    text = content.text
    if content.html or content.subject:
        text = " ".join(part for part in (text, content.html, content.subject) if part)
    said = plain(text)
    for need in needs:
        if need.by_link and _LINK.search(text) is not None:
            continue
        for item in need.items:
            if not _says(item, said, creditor, about, content.language):
                return need
    return None


def plain(text: str) -> str:
    """Lower case without accents, so that a transliterated name is still the name."""
    folded = text.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in decomposed if c.isascii() or not unicodedata.combining(c))
    return " ".join(folded.split())


@lru_cache(maxsize=1024)
def _short_name(name: str) -> str:
    return plain(_LEGAL_FORM.split(name)[0])


def _says(item: str, said: str, creditor: Creditor, about: About | None, language: str) -> bool:
    """Whether an item is in the words; what we hold no data for can't be, and so stops the message."""
    match item:
        case "creditor-name":
            return _short_name(creditor.name) in said
        case "creditor-address":
            return _holds(said, creditor.address)
        case "creditor-registration":
            return _holds(said, creditor.registration)
        case "opt-out":
            return any(word in said for word in _EXITS)
        case "complaints" | "complaints-contact":
            return _holds(said, creditor.complaints)
        case "no-offer":
            return not _offers(said)
        case "mini-miranda":
            return any(words in said for words in _DEBT_COLLECTOR)
        case "pay-only-to-creditor" | "dispute-rights":
            name = "pay" if item == "pay-only-to-creditor" else "dispute"
            return _holds(said, sentence(name, language, creditor=creditor.name))
        case "contract-ref" | "amount" | "calculation-date":
            return about is not None and _of_the_debt(item, said, about, language)
        case _:
            return _of_the_agency(item, said, creditor)


def _offers(said: str) -> bool:
    """Whether they offer credit; all signs but letters and digits count as spaces where a first look is taken."""
    words = b" " + said.encode("ascii", "replace").translate(_WORD_SIGNS)
    return _OFFER_START.search(words) is not None and _OFFER.search(said) is not None


def _of_the_debt(item: str, said: str, about: About, language: str) -> bool:
    match item:
        case "contract-ref":
            return _holds(said, about.loan.loan_ref)
        case "amount":
            return any(_holds(said, text) for text in amounts_text(about, language))
        case _:
            return _holds(said, day_text(about.today, language))


def _of_the_agency(item: str, said: str, creditor: Creditor) -> bool:
    agency = creditor.agency
    if agency is None:
        return False
    values = {
        "agency-name": _LEGAL_FORM.split(agency.name)[0],
        "agent-name": agency.agent,
        "agency-address": agency.address,
        "agency-phone": agency.phone,
        "agency-registration": agency.registration,
        "settlement-terms": agency.terms,
    }
    return _holds(said, values.get(item))


def _holds(said: str, text: str | None) -> bool:
    return text is not None and plain(text) in said
