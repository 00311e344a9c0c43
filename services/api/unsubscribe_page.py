"""The page of an unsubscribe link: three languages, no script, nothing about the person or why we wrote."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """What the page says."""

    ASK = "ask"
    DONE = "done"
    GONE = "gone"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    views: Mapping[View, str]
    button: str


_WORDS: Mapping[str, _Words] = {
    "es": _Words(
        "Preferencias de contacto",
        {
            View.ASK: "Confirme que ya no quiere recibir mensajes por este medio.",
            View.DONE: "Listo. Ya no le enviaremos mensajes por este medio.",
            View.GONE: "Esta página no existe.",
            View.LATER: "No pudimos guardar su solicitud. Intente de nuevo en unos minutos.",
        },
        "No recibir más mensajes",
    ),
    "en": _Words(
        "Contact preferences",
        {
            View.ASK: "Please confirm that you no longer want to receive messages this way.",
            View.DONE: "Done. We will send you no more messages this way.",
            View.GONE: "This page does not exist.",
            View.LATER: "We could not save your request. Please try again in a few minutes.",
        },
        "Receive no more messages",
    ),
    "pt": _Words(
        "Preferências de contato",
        {
            View.ASK: "Confirme que não quer mais receber mensagens por este meio.",
            View.DONE: "Pronto. Não enviaremos mais mensagens por este meio.",
            View.GONE: "Esta página não existe.",
            View.LATER: "Não foi possível guardar o seu pedido. Tente de novo em alguns minutos.",
        },
        "Não receber mais mensagens",
    ),
}
_DEFAULT = "es"
_STYLE = (
    "body{margin:0;padding:2rem;font:1.1rem/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fff}"
    "main{max-width:34rem;margin:0 auto}"
    "button{font:inherit;padding:.75rem 1.25rem;border:0;border-radius:.4rem;background:#0b57d0;color:#fff}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}"
)
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Accept-Language",
}


def page(view: View, accept_language: str) -> str:
    """The whole page in the reader's language."""
    language = preferred(accept_language)
    words = _WORDS[language]
    form = f'<form method="post"><button name="confirm" value="yes">{words.button}</button></form>'
    asked = form if view in (View.ASK, View.LATER) else ""
    return document(language, words.title, f"<p>{words.views[view]}</p>{asked}")


def document(language: str, title: str, content: str) -> str:
    """A page for whoever holds a link: a heading and what stands below it, both HTML."""
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"
    )


def preferred(accept_language: str) -> str:
    """The language among ours that the reader likes best; the first of equals, Spanish where none is ours."""
    best, weight = _DEFAULT, 0.0
    for part in accept_language[:500].split(","):
        tag, _, quality = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        liked = _quality(quality)
        if language in _WORDS and liked > weight:
            best, weight = language, liked
    return best


def _quality(text: str) -> float:
    name, _, value = text.replace(" ", "").partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
