"""Provider health: how each sender's hand-overs went in the last hour, and what this process makes of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nicegui import ui

from services.console import columns, kit, listing
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.store import console as store
from services.ways import WayReport

say = Words(
    {
        "senders": ("Remitentes en este proceso", "Senders in this process"),
        "reason": ("Causa: {cause}", "Cause: {cause}"),
        "again": ("se prueba de nuevo en {seconds}", "tried again in {seconds}"),
        "lead": (
            "Última hora, a lo sumo las veinte mil entregas más recientes.",
            "Last hour, the latest twenty thousand hand-overs at most.",
        ),
        "none": ("El archivo de proveedores no nombra remitentes.", "The providers' file names no senders."),
    }
)
_BREAKER: dict[str, Pair] = {
    "closed": ("en servicio", "in service"),
    "open": ("en descanso", "resting"),
    "probing": ("a prueba", "on trial"),
    "returning": ("volviendo", "returning"),
}
_TROUBLE: dict[str, Pair] = {
    "unreachable": ("no se alcanza", "can't be reached"),
    "unanswered": ("no contesta", "does not answer"),
    "refused": ("rechaza los mensajes", "refuses messages"),
    "misconfigured": ("mal configurado", "misconfigured"),
}
_TONE = {"closed": "works", "open": "failed", "probing": "unknown", "returning": "unknown"}
_SECONDS = 10.0


async def _latest(visit: Visit) -> Sequence[Row]:
    found, _ = await visit.console.feeds.latest("providers", _SECONDS, _providers)
    return [_with_shares(row) for row in found]


async def _providers(connection: Any, now: datetime) -> list[dict[str, Any]]:
    return await store.providers(connection, now)


async def _read(visit: Visit, _filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    """There are as many rows as senders: one page."""
    return await _latest(visit) if after is None else ()


def _with_shares(row: Row) -> Row:
    ended = row["delivered"] + row["failed"]
    return {**row, "rate": row["delivered"] / ended if ended else None}


PROVIDERS = Listing(
    name="providers",
    right=Right.READ,
    columns=(
        columns.PROVIDER,
        columns.CHANNEL,
        columns.plain("sender", "Remitente", "Sender"),
        columns.number("attempts", "Entregas", "Hand-overs"),
        columns.number("good", "Aceptadas", "Accepted"),
        columns.number("delivered", "Entregados", "Delivered"),
        columns.number("failed", "Fallidos", "Failed"),
        columns.number("unknown", "Desconocidos", "Unknown"),
        columns.number("not_sent", "No enviados", "Not sent"),
        Column("rate", ("Llegan", "Arrive"), lambda v, r: v.formats.share(r["rate"]), number=True),
        columns.plain("failure", "Falla más común", "Most common failure"),
        columns.instant("last_at", "Última", "Latest"),
    ),
    read=_read,
    place=lambda row: (row["provider"], row["channel"], row["sender"]),
    empty=("En la última hora no se entregó nada.", "Nothing was handed over in the last hour."),
)


async def build(visit: Visit) -> None:
    """The page."""
    kit.text("h2", visit.say(say, "senders"))
    place = ui.element("div")

    async def show() -> None:
        parts = visit.console.parts
        place.clear()
        with place:
            _senders(visit, parts.ways.report(parts.clock.monotonic()))

    await show()
    kit.text("p", visit.say(say, "lead")).classes("p-hint")
    table = await listing.table(visit, PROVIDERS, {})
    kit.every(_SECONDS, show)
    kit.every(_SECONDS, table.again)


def _senders(visit: Visit, reports: Sequence[WayReport]) -> None:
    if not reports:
        kit.empty(visit.say(say, "none"))
        return
    with kit.grid():
        for each in reports:
            _sender(visit, each)


def _sender(visit: Visit, report: WayReport) -> None:
    with kit.card(f"{report.provider} · {visit.channel(report.channel)}"):
        state = report.health.state.value
        kit.badge(_TONE[state], word(_BREAKER, state, visit.language))
        kit.text("p", report.sender).classes("p-hint")
        if report.health.cause is not None:
            kit.text("p", visit.say(say, "reason", cause=word(_TROUBLE, report.health.cause.value, visit.language)))
        if report.health.seconds > 0:
            kit.text("p", visit.say(say, "again", seconds=visit.formats.lasting(report.health.seconds)))


PAGE = Page(
    "/providers",
    ("Proveedores", "Providers"),
    Right.READ,
    build,
    section=Section.NOW,
    icon="cell_tower",
    listings=(PROVIDERS,),
)
