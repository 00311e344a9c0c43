"""What is said on several pages about campaigns."""

from collections.abc import Mapping

from services.console.visit import Visit
from services.console.words import Pair, word

STEPS: Mapping[str, Pair] = {
    "submitted": ("enviada a revisión", "submitted"),
    "approved": ("aprobada", "approved"),
    "rejected": ("rechazada", "rejected"),
    "paused": ("puesta en pausa", "paused"),
    "resumed": ("reanudada", "resumed"),
    "retired": ("retirada", "retired"),
    "superseded": ("reemplazada", "superseded"),
    "activated": ("activada en desarrollo", "activated in development"),
}
_WAITS: Pair = ("espera aprobación", "waits for approval")
_REJECTED: Pair = ("rechazada", "rejected")


def state(visit: Visit, row: Mapping[str, object]) -> str:
    """What a version's state is called; one that waits for approval says so."""
    if row["state"] == "submitted" and row["waits"]:
        return visit.pick(_WAITS)
    return visit.pick(_REJECTED) if row["state"] == "rejected" else visit.state(str(row["state"]))


def step(visit: Visit, action: str) -> str:
    """What was done to a version."""
    return word(STEPS, action, visit.language)
