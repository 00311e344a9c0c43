"""Texts of the console in Spanish and English; each page keeps its own beside its code."""

from collections.abc import Mapping

from services.explanation_words import Language

Pair = tuple[str, str]
"""A text in Spanish and in English."""


class Words:
    """The texts of one page: `say(language, key, name=value)`."""

    def __init__(self, texts: Mapping[str, Pair]) -> None:
        self._texts = dict(texts)

    def __call__(self, language: Language, key: str, **values: object) -> str:
        """A text, its `{name}`s filled in; a key without a text is shown as it is."""
        pair = self._texts.get(key)
        return key if pair is None else pick(pair, language).format(**values)


def pick(pair: Pair, language: Language) -> str:
    """The text in a language."""
    return pair[0] if language is Language.ES else pair[1]


STATES: Mapping[str, Pair] = {
    "planned": ("planeado", "planned"),
    "claimed": ("entregándose", "being handed over"),
    "done": ("terminado", "done"),
    "cancelled": ("cancelado", "cancelled"),
    "denied": ("no permitido", "not permitted"),
    "suppressed": ("no permitido", "not permitted"),
    "expired": ("vencido", "expired"),
    "sending": ("entregándose", "being handed over"),
    "accepted": ("aceptado", "accepted"),
    "sent": ("enviado", "sent"),
    "delivered": ("entregado", "delivered"),
    "read": ("leído", "read"),
    "rejected": ("rechazado", "rejected"),
    "not_sent": ("no enviado", "not sent"),
    "failed": ("fallido", "failed"),
    "undelivered": ("no entregado", "undelivered"),
    "unknown": ("desconocido", "unknown"),
    "active": ("activa", "active"),
    "paused": ("en pausa", "paused"),
    "submitted": ("en revisión", "in review"),
    "retired": ("retirada", "retired"),
    "superseded": ("reemplazada", "superseded"),
    "open": ("abierta", "open"),
    "closed": ("cerrada", "closed"),
    "works": ("vigente", "works"),
    "disabled": ("deshabilitado", "disabled"),
    "revoked": ("revocada", "revoked"),
}
CHANNELS: Mapping[str, Pair] = {
    "sms": ("SMS", "SMS"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "email": ("correo", "email"),
    "voice": ("llamada", "call"),
    "task": ("tarea", "task"),
}
ROLES: Mapping[str, Pair] = {
    "viewer": ("consulta", "viewer"),
    "operator": ("operación", "operator"),
    "author": ("autoría", "author"),
    "approver": ("aprobación", "approver"),
    "admin": ("administración", "admin"),
    "system": ("sistema", "system"),
}
COMMON = Words(
    {
        "export": ("Exportar", "Export"),
        "next": ("Siguientes", "Next"),
        "previous": ("Anteriores", "Previous"),
        "cancel": ("Cancelar", "Cancel"),
        "confirm": ("Confirmar", "Confirm"),
        "reason": ("Motivo", "Reason"),
        "reason_needed": ("Escriba un motivo de al menos 5 letras", "Write a reason of at least 5 letters"),
        "empty": ("No hay nada que mostrar.", "There is nothing to show."),
        "away": (
            "La base de datos no responde. Se volverá a intentar en unos segundos.",
            "The database does not answer. It will be tried again in a few seconds.",
        ),
        "stale": (
            "La base de datos no responde: lo que se ve puede ser viejo. Se actualiza solo cuando responda.",
            "The database does not answer: what you see may be old. It is updated by itself once it answers.",
        ),
        "fault": (
            "Algo falló al preparar esta página. El registro del servicio dice qué.",
            "Something failed while this page was made. The service's log says what.",
        ),
        "forbidden": ("Su rol no permite ver esta página.", "Your role may not see this page."),
        "forbidden_act": ("Su rol no permite hacer esto.", "Your role may not do this."),
        "session_over": ("Su sesión terminó. Entre de nuevo.", "Your session is over. Please log in again."),
        "not_found": ("Esta página no existe.", "This page does not exist."),
        "done": ("Listo.", "Done."),
        "updated": ("Actualizado {at}", "Updated {at}"),
    }
)


def word(table: Mapping[str, Pair], key: str | None, language: Language) -> str:
    """What a stored word is called; one that has no name here is shown as it is stored."""
    if not key:
        return "—"
    pair = table.get(key)
    return key if pair is None else pick(pair, language)
