"""The page of a link that leads nowhere: three languages, no script, nothing about anybody or anything owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from services.api.unsubscribe_page import document, preferred


class LinkView(StrEnum):
    """What the page says."""

    NOWHERE = "nowhere"
    LOOKED = "looked"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    views: Mapping[LinkView, str]
    phone: str


_WORDS: Mapping[str, _Words] = {
    "es": _Words(
        "Enlace",
        {
            LinkView.NOWHERE: "Este enlace no existe o ya no está vigente.",
            LinkView.LOOKED: "Abra este enlace en su navegador.",
            LinkView.LATER: "No pudimos abrir el enlace. Intente de nuevo en unos minutos.",
        },
        "¿Necesita ayuda? Llámenos al",
    ),
    "en": _Words(
        "Link",
        {
            LinkView.NOWHERE: "This link does not exist or is no longer valid.",
            LinkView.LOOKED: "Open this link in your browser.",
            LinkView.LATER: "We could not open the link. Please try again in a few minutes.",
        },
        "Need help? Call us at",
    ),
    "pt": _Words(
        "Link",
        {
            LinkView.NOWHERE: "Este link não existe ou não é mais válido.",
            LinkView.LOOKED: "Abra este link no seu navegador.",
            LinkView.LATER: "Não foi possível abrir o link. Tente de novo em alguns minutos.",
        },
        "Precisa de ajuda? Ligue para",
    ),
}


def link_page(view: LinkView, accept_language: str, phone: str | None) -> str:
    """The whole page in the reader's language."""
    language = preferred(accept_language)
    words = _WORDS[language]
    call = f'<p>{words.phone} <a href="tel:{escape(phone)}">{escape(phone)}</a>.</p>' if phone else ""
    return document(language, words.title, f"<p>{words.views[view]}</p>{call}")
