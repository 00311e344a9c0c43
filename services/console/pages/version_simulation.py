"""The simulation that was looked at before a version was submitted, on the page of that version."""

import json
from typing import Any

from services.console import kit, simulation_view
from services.console.visit import Visit
from services.console.words import Words
from services.store import console_campaigns as lists
from services.store.campaign_reviews import VersionEntry

say = Words(
    {
        "title": ("Simulación que se revisó", "The simulation that was looked at"),
        "none": (
            "Se envió sin simulación. Pida una antes de aprobar.",
            "It was submitted without a simulation. Ask for one before you approve.",
        ),
        "only_hash": (
            "Solo se guardó su huella: {digest}. Compárela con la del archivo (sha256sum).",
            "Only its fingerprint was kept: {digest}. Compare it with the file's (sha256sum).",
        ),
        "unreadable": ("La simulación guardada no se puede leer.", "The simulation that was kept can't be read."),
    }
)


async def draw(visit: Visit, entry: VersionEntry) -> None:
    """The part of the page."""
    if entry.submitted_by is None:
        return
    digest, body = await visit.reading(lists.simulation, entry.id)
    with kit.card(visit.say(say, "title"), wide=True):
        if digest is None:
            kit.notice(visit.say(say, "none"), tone="doubt")
        elif body is None:
            kit.text("p", visit.say(say, "only_hash", digest=digest.hex()))
        else:
            _report(visit, body)


def _report(visit: Visit, body: str) -> None:
    try:
        result: dict[str, Any] = json.loads(body)
        simulation_view.draw(visit, result)
    except (ValueError, KeyError, TypeError):
        kit.notice(visit.say(say, "unreadable"), tone="bad")
