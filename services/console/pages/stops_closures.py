"""Emergency closures on the page of stops: days on which nobody is contacted somewhere."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from nicegui import ui

from campaigns.facts import EmergencyClosure
from services import closures
from services.console import columns, kit, listing, stop_words, trail
from services.console.actions import Deed, Refusal, act, ask_reason
from services.console.listing import Column, Filters, Listing, Place, Row, Table
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import console_work as lists

say = Words(
    {
        "title": ("Cierres de emergencia", "Emergency closures"),
        "lead": (
            "Días en que no se contacta a nadie en un lugar: un huracán, un duelo, un paro. Rigen de inmediato.",
            "Days on which nobody is contacted in a place: a hurricane, a mourning, a strike. In force at once.",
        ),
        "jurisdiction": ("Jurisdicción", "Jurisdiction"),
        "region": ("Región (opcional, como MX-GRO)", "Region (optional, as MX-GRO)"),
        "first": ("Primer día", "First day"),
        "last": ("Último día", "Last day"),
        "close": ("Cerrar…", "Close…"),
        "close_title": ("Cerrar {place}", "Close {place}"),
        "close_told": (
            "Nadie será contactado ahí esos días. Los mensajes esperan y se juzgan de nuevo después.",
            "Nobody will be contacted there on those days. Messages wait and are judged anew afterwards.",
        ),
        "closed": ("El cierre quedó ordenado.", "The closure was ordered."),
        "need": ("Elija jurisdicción y primer día.", "Choose a jurisdiction and a first day."),
        "bad_day": ("Escriba los días como 2026-11-24.", "Write days as 2026-11-24."),
        "lift": ("Reabrir", "Open again"),
        "lift_title": ("Reabrir {place}", "Open {place} again"),
        "lifted": ("El lugar está abierto de nuevo.", "The place is open again."),
        "gone": ("Este cierre ya no está en vigor.", "This closure is in force no more."),
    }
)


async def _read(visit: Visit, _filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    before = after[0] if after else lists.LAST
    rows = await visit.reading(lists.closures, before=before, limit=limit)
    return [{**row, "state": "closed" if row["lifted_at"] else "stopped"} for row in rows]


CLOSURES = Listing(
    name="closures",
    right=Right.READ,
    columns=(
        Column("jurisdiction", ("Lugar", "Place"), lambda v, r: r["region"] or r["jurisdiction"]),
        Column("state", ("Estado", "State"), lambda v, r: stop_words.state(v, r["state"]), state=True),
        Column("first_day", ("Primer día", "First day"), lambda v, r: v.formats.day(r["first_day"])),
        Column("last_day", ("Último día", "Last day"), lambda v, r: v.formats.day(r["last_day"])),
        columns.plain("reason", "Motivo", "Reason"),
        columns.plain("made_by", "Ordenó", "Ordered by"),
        columns.plain("lifted_by", "Levantó", "Lifted by"),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("No hay cierres.", "There are no closures."),
)


async def draw(visit: Visit) -> None:
    """The part of the page."""
    with kit.card(visit.say(say, "title"), wide=True):
        kit.text("p", visit.say(say, "lead")).classes("p-hint")
        made: list[Table] = []
        if visit.may(Right.STOPS):
            _form(visit, lambda: made[0].again())

        def buttons(row: Row) -> None:
            if visit.may(Right.STOPS) and row["lifted_at"] is None:
                again = lambda: made[0].again()  # noqa: E731
                kit.button(visit.say(say, "lift"), partial(_lift, visit, row, again), tone="quiet")

        made.append(await listing.table(visit, CLOSURES, {}, extra=buttons))


def _form(visit: Visit, again: Any) -> None:
    law = visit.console.parts.policy.law
    with kit.tag("div").classes("p-form"):
        places = {pack.id: f"{pack.id} · {pack.title}" for pack in law.all()}
        jurisdiction = ui.select(places, label=visit.say(say, "jurisdiction"))
        region = ui.input(visit.say(say, "region")).props("maxlength=10")
        first = ui.input(visit.say(say, "first")).props("type=date stack-label")
        last = ui.input(visit.say(say, "last")).props("type=date stack-label")
        kit.button(visit.say(say, "close"), lambda: order(), tone="bad", icon="event_busy")

    async def order() -> None:
        if not jurisdiction.value or not first.value:
            ui.notify(visit.say(say, "need"), type="negative")
            return
        try:
            days = date.fromisoformat(str(first.value)), date.fromisoformat(str(last.value or first.value))
        except ValueError:
            ui.notify(visit.say(say, "bad_day"), type="negative")
            return
        wanted = EmergencyClosure(jurisdiction.value, str(region.value or "").strip().upper() or None, *days, "")
        if await _order(visit, wanted):
            await again()


async def _order(visit: Visit, wanted: EmergencyClosure) -> bool:
    place = wanted.region or wanted.jurisdiction
    title = visit.say(say, "close_title", place=place)
    reason = await ask_reason(visit, title, visit.say(say, "close_told"), tone="bad")
    if reason is None:
        return False
    asked = EmergencyClosure(wanted.jurisdiction, wanted.region, wanted.first, wanted.last, reason)

    async def work(connection: Any) -> object:
        try:
            closure = closures.checked(asked, visit.console.parts.policy.law)
        except closures.ClosureProblem as problem:
            raise Refusal(str(problem)) from None
        by = trail.actor(visit.visitor.name)
        return await closures.order(connection, closure, made_by=by, now=visit.now())

    deed = Deed(Right.STOPS, None, f"closure/{place}")
    return await act(visit, deed, work, done=visit.say(say, "closed")) is not None


async def _lift(visit: Visit, row: Row, again: Any) -> None:
    title = visit.say(say, "lift_title", place=row["region"] or row["jurisdiction"])
    reason = await ask_reason(visit, title)
    if reason is None:
        return

    async def work(connection: Any) -> bool:
        by = trail.actor(visit.visitor.name)
        if not await closures.lift(connection, row["id"], lifted_by=by, now=visit.now(), reason=reason):
            raise Refusal(visit.say(say, "gone"))
        return True

    await act(visit, Deed(Right.STOPS, None, f"closure/{row['id']}"), work, done=visit.say(say, "lifted"))
    await again()
