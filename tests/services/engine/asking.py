"""Somebody whose number is surely theirs writes to us, and the sample campaign answers."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from services.settings import PROJECT_ROOT
from tests.services.engine.engine import Engine, due, phone, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
ANSWERS = (PROJECT_ROOT / "campaigns" / "definitions" / "respuestas.yaml").read_text("utf-8")
CONFIRMED = ANSWERS + "  - {id: baja, on: reply.opt_out, channels: [whatsapp, sms], template: respuesta_baja}\n"
EVENING = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
"""22:30 in Mexico City."""
SATURDAY, MONDAY = datetime(2026, 11, 28, 16, tzinfo=UTC), datetime(2026, 11, 30, 14, 5, tzinfo=UTC)


async def known(engine: MakeEngine, text: str = ANSWERS, **more: Any) -> Engine:
    """An engine that knows one debtor, by a number that is surely theirs, with 1000 pesos due."""
    e = await engine(text, **more)
    await e.happen_all([person(), due()])
    return e


def person(ref: str = "D-1", *, verified: bool = True, number: str | None = None, **more: Any) -> tuple[str, Any]:
    point = {"contactPointRef": f"{ref}-phone", "kind": "phone", "value": number or phone(ref), "verified": verified}
    return snapshot(ref, contactPoints=[point], **more)
