"""Tasks: work that the service hands to people, and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from nicegui import ui

from schemas.contact_events import TaskClosed
from services.auditing import Action
from services.console import columns, kit, listing
from services.console.actions import Deed, Refusal, act
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.ids import uuid7
from services.intake import Fact
from services.store import console_lists as store

say = Words(
    {
        "show": ("Mostrar", "Show"),
        "open": ("abiertas", "open"),
        "closed": ("cerradas", "closed"),
        "close": ("Cerrar", "Close"),
        "closing": ("Cerrar la tarea «{type}»", "Close the task “{type}”"),
        "outcome": ("Resultado", "Outcome"),
        "was_closed": ("La tarea quedó cerrada.", "The task is closed."),
        "gone": ("Esta tarea ya no está abierta.", "This task is open no more."),
    }
)
_TYPES: dict[str, Pair] = {
    "call_back": ("devolver la llamada", "call back"),
    "field_visit": ("visita", "field visit"),
    "complaint": ("queja", "complaint"),
    "pre_legal": ("paso a cobranza legal", "pre-legal hand-over"),
    "unknown_delivery": ("entrega sin respuesta", "delivery unknown"),
    "unclear_reply": ("respuesta por leer", "reply to be read"),
}
_OUTCOMES: dict[str, Pair] = {
    "resolved": ("resuelta", "resolved"),
    "promised": ("prometió pagar", "promised to pay"),
    "paid": ("ya pagó", "paid already"),
    "not_reached": ("no se localizó", "not reached"),
    "not_needed": ("ya no hacía falta", "not needed any more"),
}
_BEGINNING = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


async def _read(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    found: Sequence[Row]
    if filters.get("state") == "closed":
        found = await visit.reading(store.closed_tasks, before=after[1] if after else store.LAST, limit=limit)
    else:
        place = (after[0], after[1]) if after else _BEGINNING
        found = await visit.reading(store.open_tasks, after=place, limit=limit)
    return [{**row, "state": "closed" if row["closed_at"] else "open"} for row in found]


TASKS = Listing(
    name="tasks",
    right=Right.READ,
    columns=(
        Column("type", ("Tarea", "Task"), lambda v, r: word(_TYPES, r["type"], v.language)),
        columns.plain("reason", "Motivo", "Reason"),
        columns.plain("queue", "Fila", "Queue"),
        columns.DEBTOR,
        columns.instant("created_at", "Desde", "Since"),
        columns.instant("due_at", "Para", "Due"),
        columns.state("state", "Estado", "State"),
        Column("outcome", ("Resultado", "Outcome"), lambda v, r: word(_OUTCOMES, r["outcome"], v.language)),
    ),
    read=_read,
    place=lambda row: (row["created_at"], row["id"]),
    empty=("No hay tareas.", "There are no tasks."),
)


async def build(visit: Visit) -> None:
    """The page."""
    may_close = visit.may(Right.TASKS)
    with kit.tag("div").classes("p-form"):
        states = {"open": visit.say(say, "open"), "closed": visit.say(say, "closed")}
        shown = ui.select(states, value="open", label=visit.say(say, "show"))

    def buttons(row: Row) -> None:
        if may_close and row["closed_at"] is None:
            kit.button(visit.say(say, "close"), lambda: close(row), tone="quiet")

    async def close(row: Row) -> None:
        outcome = await _ask(visit, row)
        if outcome is not None and await _close(visit, row, outcome):
            await table.again()

    table = await listing.table(visit, TASKS, {"state": "open"}, extra=buttons)
    shown.on_value_change(lambda event: table.filter({"state": event.value}))


async def _ask(visit: Visit, row: Row) -> str | None:
    """Ask what became of a task; None where the visitor thinks better of it."""
    with ui.dialog() as dialog, ui.card().classes("p-dialog"):
        kit.text("h2", visit.say(say, "closing", type=word(_TYPES, row["type"], visit.language)))
        choices = {key: visit.pick(pair) for key, pair in _OUTCOMES.items()}
        chosen = ui.select(choices, value="resolved", label=visit.say(say, "outcome")).classes("w-full")
        with kit.tag("div").classes("p-controls"):
            kit.button(visit.common("cancel"), lambda: dialog.submit(None), tone="quiet")
            kit.button(visit.common("confirm"), lambda: dialog.submit(chosen.value))
    answer = await dialog
    dialog.delete()
    return str(answer) if answer else None


async def _close(visit: Visit, row: Row, outcome: str) -> bool:
    """Close a task as the event of another system would; False where it could not be closed."""
    now = visit.now()
    event = TaskClosed(
        task_ref=str(row["id"]),
        debtor_ref=row["debtor_ref"],
        outcome=outcome,
        closed_at=now,
        agent_ref=visit.visitor.name,
    )
    fact = Fact(f"urn:puntual:console:{visit.visitor.name}", str(uuid7()), TaskClosed.event_type, now, event)

    async def work(connection: Any) -> bool:
        handled = await visit.console.parts.intake.handle(connection, [fact], now)
        if not handled.applied:
            raise Refusal(visit.say(say, "gone"))
        return True

    deed = Deed(Right.TASKS, Action.TASK_CLOSED, f"task/{row['id']}", {"outcome": outcome})
    return bool(await act(visit, deed, work, done=visit.say(say, "was_closed")))


PAGE = Page(
    "/tasks",
    ("Tareas", "Tasks"),
    Right.READ,
    build,
    section=Section.WORK,
    icon="assignment",
    listings=(TASKS,),
)
