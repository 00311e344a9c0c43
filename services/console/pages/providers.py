"""Provider health: how each sender's hand-overs went in the last hour, and what the processes that send make of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui

from services.console import columns, kit, listing
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.store import console as store
from services.store import senders
from services.store.senders import SenderHealth

say = Words(
    {
        "senders": ("Remitentes", "Senders"),
        "all": ("así lo ven {count} procesos que envían", "as seen by {count} sending processes"),
        "some": ("así lo ven {count} de {all} procesos que envían", "as seen by {count} of {all} sending processes"),
        "nobody": (
            "Ningún proceso que envía ha dicho nada en el último medio minuto.",
            "No sending process has said anything for half a minute.",
        ),
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
_WORSE = ("closed", "returning", "probing", "open")
"""States of a breaker, the worst last."""
_SECONDS, _TELL_SECONDS = 10.0, 2.0
_HEARD = timedelta(seconds=30)


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
        told, _ = await visit.console.feeds.latest("senders", _TELL_SECONDS, _told)
        place.clear()
        with place:
            _senders(visit, told)

    await show()
    kit.text("p", visit.say(say, "lead")).classes("p-hint")
    table = await listing.table(visit, PROVIDERS, {})
    kit.every(_SECONDS, show)
    kit.every(_SECONDS, table.again)


async def _told(connection: Any, now: datetime) -> list[list[SenderHealth]]:
    return await senders.told(connection, now - _HEARD)


def _senders(visit: Visit, told: Sequence[Sequence[SenderHealth]]) -> None:
    """A card a sender, as the most troubled process sees it; without any word, only what the file names."""
    if not told:
        kit.notice(visit.say(say, "nobody"), tone="doubt")
    views: dict[tuple[str, str, str], list[SenderHealth]] = {}
    own = visit.console.parts.ways.report(visit.console.parts.clock.monotonic())
    for each in own:
        views[each.provider, each.channel.value, each.sender] = []
    for view in (each for process in told for each in process):
        views.setdefault((view.provider, view.channel, view.sender), []).append(view)
    if not views:
        kit.empty(visit.say(say, "none"))
    with kit.grid():
        for key, seen in views.items():
            _sender(visit, key, seen)


def _sender(visit: Visit, key: tuple[str, str, str], seen: Sequence[SenderHealth]) -> None:
    provider, channel, sender = key
    with kit.card(f"{provider} · {visit.channel(channel)}"):
        if seen:
            worst = max(seen, key=lambda each: _WORSE.index(each.state))
            kit.badge(_TONE[worst.state], word(_BREAKER, worst.state, visit.language))
        kit.text("p", sender).classes("p-hint")
        if seen:
            _view(visit, worst, seen)


def _view(visit: Visit, worst: SenderHealth, seen: Sequence[SenderHealth]) -> None:
    if worst.cause is not None:
        kit.text("p", visit.say(say, "reason", cause=word(_TROUBLE, worst.cause, visit.language)))
    alike = [each for each in seen if each.state == worst.state]
    if (seconds := min(each.seconds for each in alike)) > 0:
        kit.text("p", visit.say(say, "again", seconds=visit.formats.lasting(seconds)))
    if len(seen) > 1:
        counts = {"count": visit.formats.number(len(alike)), "all": visit.formats.number(len(seen))}
        kit.text("p", visit.say(say, "all" if len(alike) == len(seen) else "some", **counts)).classes("p-hint")


PAGE = Page(
    "/providers",
    ("Proveedores", "Providers"),
    Right.READ,
    build,
    section=Section.NOW,
    icon="cell_tower",
    listings=(PROVIDERS,),
)
