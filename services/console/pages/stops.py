"""Stops: what is not sent now, who ordered it and why; stopping and starting again."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui

from schemas.enums import Channel
from services import switches
from services.console import columns, kit, listing, stop_words, trail
from services.console.actions import Deed, Refusal, act, ask_reason
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.pages import stops_closures
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import console_work as lists
from services.store import stops as store

say = Words(
    {
        "nothing": ("No hay nada detenido: los envíos siguen.", "Nothing is stopped: sending goes on."),
        "standing": ("{count} en vigor", "{count} in force"),
        "since": ("Desde {at}, por {who}", "Since {at}, by {who}"),
        "start": ("Reanudar", "Start again"),
        "lift": ("Reanudar: {what}", "Start again: {what}"),
        "lift_told": (
            "Los mensajes que esperan saldrán en la siguiente vuelta, si la ley y las campañas aún los permiten.",
            "Messages that wait will go out at the next turn, where law and campaigns still permit them.",
        ),
        "lifted": ("Se levantó la detención.", "The stop was lifted."),
        "gone": ("Esta detención ya no está en vigor.", "This stop is in force no more."),
        "stop": ("Detener envíos", "Stop sending"),
        "what": ("Qué", "What"),
        "which": ("Cuál", "Which"),
        "stop_button": ("Detener…", "Stop…"),
        "choose": ("Elija cuál detener.", "Choose which to stop."),
        "stop_title": ("Detener: {what}", "Stop: {what}"),
        "stop_told": (
            "Rige antes del próximo envío, en todos los procesos, hasta que alguien lo levante. Lo que ya se entregó "
            "a un proveedor no se puede recuperar.",
            "In force before the next hand-over, in every process, until somebody lifts it. What a provider already "
            "has can't be called back.",
        ),
        "stopped": ("Quedó detenido: {what}.", "Stopped: {what}."),
        "history": ("Historial", "History"),
    }
)


async def _read(visit: Visit, _filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    before = after[0] if after else lists.LAST
    rows = await visit.reading(lists.stops, before=before, limit=limit)
    return [{**row, "state": "closed" if row["lifted_at"] else "stopped"} for row in rows]


HISTORY = Listing(
    name="stops",
    right=Right.READ,
    columns=(
        Column("scope", ("Detenido", "Stopped"), lambda v, r: stop_words.named(v, r["scope"], r["name"])),
        Column("state", ("Estado", "State"), lambda v, r: stop_words.state(v, r["state"]), state=True),
        columns.plain("reason", "Motivo", "Reason"),
        columns.instant("since", "Desde", "Since"),
        columns.plain("made_by", "Ordenó", "Ordered by"),
        columns.instant("lifted_at", "Levantado", "Lifted"),
        columns.plain("lifted_by", "Levantó", "Lifted by"),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("Nunca se detuvo nada.", "Nothing was ever stopped."),
)


async def build(visit: Visit) -> None:
    """The page."""
    standing = ui.element("div")

    async def again() -> None:
        rows = await visit.reading(store.every)
        standing.clear()
        with standing:
            _standing(visit, rows, partial(_lift, visit, again))
        await history.again()

    if visit.may(Right.STOPS):
        await _form(visit, again)
    await stops_closures.draw(visit)
    kit.text("h2", visit.say(say, "history"))
    history = await listing.table(visit, HISTORY, {})
    await again()


def _standing(visit: Visit, rows: Sequence[Row], lift: Any) -> None:
    if not rows:
        kit.notice(visit.say(say, "nothing"), tone="good")
        return
    kit.text("h2", visit.say(say, "standing", count=visit.formats.number(len(rows))))
    with kit.grid():
        for row in rows:
            what = stop_words.named(visit, row["scope"], row["name"])
            with kit.card(what).classes("p-stop"):
                kit.text("p", row["reason"]).classes("p-lead")
                at = visit.formats.instant(row["since"])
                kit.text("p", visit.say(say, "since", at=at, who=row["made_by"])).classes("p-hint")
                if visit.may(Right.STOPS):
                    button = kit.button(visit.say(say, "start"), partial(lift, row), icon="play_arrow")
                    button.props["aria-label"] = visit.say(say, "lift", what=what)


async def _form(visit: Visit, again: Any) -> None:
    """Choose what to stop; the reason is asked for, and that is the confirmation."""
    names = await _names(visit)
    with kit.card(visit.say(say, "stop"), wide=True), kit.tag("div").classes("p-form"):
        scopes = {scope: stop_words.scope(visit, scope) for scope in ("all", *switches.SCOPES)}
        scope = ui.select(scopes, value="all", label=visit.say(say, "what"))
        which = ui.select({}, label=visit.say(say, "which"))
        which.set_visibility(False)
        kit.button(visit.say(say, "stop_button"), lambda: stop(), tone="bad", icon="front_hand")

    def chosen() -> None:
        which.set_options(names.get(scope.value, {}), value=None)
        which.set_visibility(scope.value != "all")

    async def stop() -> None:
        if scope.value != "all" and not which.value:
            ui.notify(visit.say(say, "choose"), type="negative")
            return
        name = which.value if scope.value != "all" else None
        if await _stop(visit, switches.target(scope.value, name)):
            await again()

    scope.on_value_change(chosen)


async def _names(visit: Visit) -> dict[str, dict[str, str]]:
    """What may be stopped by name, per scope."""
    parts = visit.console.parts
    providers = sorted({report.provider for report in parts.ways.report(parts.clock.monotonic())})
    campaigns = sorted(await visit.reading(store.campaigns))
    return {
        "campaign": {name: name for name in campaigns},
        "channel": {each.value: visit.channel(each.value) for each in Channel},
        "provider": {name: name for name in providers},
        "jurisdiction": {pack.id: f"{pack.id} · {pack.title}" for pack in parts.policy.law.all()},
    }


async def _stop(visit: Visit, what: switches.Target) -> bool:
    named = stop_words.named(visit, what.scope, what.name)
    title = visit.say(say, "stop_title", what=named)
    reason = await ask_reason(visit, title, visit.say(say, "stop_told"), tone="bad")
    if reason is None:
        return False
    made_by = trail.actor(visit.visitor.name)

    async def work(connection: Any) -> dict[str, Any]:
        return await switches.throw(connection, what, reason=reason, made_by=made_by, now=visit.now())

    deed = Deed(Right.STOPS, None, f"stop/{what}")
    return await act(visit, deed, work, done=visit.say(say, "stopped", what=named)) is not None


async def _lift(visit: Visit, again: Any, row: Row) -> None:
    named = stop_words.named(visit, row["scope"], row["name"])
    reason = await ask_reason(visit, visit.say(say, "lift", what=named), visit.say(say, "lift_told"))
    if reason is None:
        return
    stop_id: UUID = row["id"]

    async def work(connection: Any) -> bool:
        by, now = trail.actor(visit.visitor.name), visit.now()
        if not await switches.lift_one(connection, stop_id, lifted_by=by, now=now, reason=reason):
            raise Refusal(visit.say(say, "gone"))
        return True

    await act(visit, Deed(Right.STOPS, None, f"stop/{stop_id}"), work, done=visit.say(say, "lifted"))
    await again()


PAGE = Page(
    "/stops",
    ("Detenciones", "Stops"),
    Right.READ,
    build,
    section=Section.WORK,
    icon="front_hand",
    listings=(HISTORY, stops_closures.CLOSURES),
)
