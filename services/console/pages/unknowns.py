"""Unknowns: hand-overs whose outcome nobody knows, which wait for the provider's word or a person's."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from nicegui import ui

from schemas.enums import AttemptState, FailureClass
from services.auditing import Action
from services.console import columns, kit, listing
from services.console.actions import Deed, Refusal, act, ask_reason
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.progress import Word
from services.settling import News
from services.store import attempts
from services.store import console_lists as store

say = Words(
    {
        "lead": (
            "Se entregaron al proveedor y no se sabe si llegaron. Nunca se reenvían por sí solos y cuentan como "
            "contacto.",
            "They were handed to the provider and nobody knows whether they arrived. They are never sent again by "
            "themselves, and count as contacts.",
        ),
        "arrived": ("Sí llegó", "It arrived"),
        "lost": ("No llegó", "It did not"),
        "arrived_title": ("¿Consta que el mensaje llegó?", "Is it certain that the message arrived?"),
        "lost_title": ("¿Consta que el mensaje no llegó?", "Is it certain that the message did not arrive?"),
        "arrived_text": (
            "Quedará como entregado. Escriba de dónde consta.",
            "It will count as delivered. Write down how that is known.",
        ),
        "lost_text": (
            "Quedará como fallido; si la campaña prevé otro canal, podrá usarse. Escriba de dónde consta.",
            "It will count as failed; if the campaign has another channel, that may follow. Write down how that is "
            "known.",
        ),
        "decided": ("La decisión quedó registrada.", "The decision is on record."),
        "known": ("Ya se supo qué pasó con este mensaje.", "What became of this message is known by now."),
        "over": ("ya no se pregunta", "asked no more"),
    }
)


async def _read(visit: Visit, _filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    found: Sequence[Row] = await visit.reading(store.unknowns, before=after[0] if after else store.LAST, limit=limit)
    return found


UNKNOWNS = Listing(
    name="unknowns",
    right=Right.READ,
    columns=(
        columns.DEBTOR,
        Column("campaign", ("Mensaje", "Message"), lambda v, r: r["campaign"], link=lambda r: _message(r)),
        columns.CHANNEL,
        columns.PROVIDER,
        columns.plain("code", "Qué pasó", "What happened"),
        columns.contact("handed_at", "Entregado", "Handed over"),
        columns.number("looked_up", "Consultas", "Look-ups"),
        Column("look_up_at", ("Próxima", "Next"), lambda v, r: _next(v, r)),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("De todos los mensajes se sabe qué pasó.", "What became of every message is known."),
)


async def build(visit: Visit) -> None:
    """The page."""
    kit.text("p", visit.say(say, "lead"))
    may_decide = visit.may(Right.DECIDE)

    def buttons(row: Row) -> None:
        if may_decide:
            with ui.row():
                kit.button(visit.say(say, "arrived"), partial(decide, row, "arrived"), tone="quiet")
                kit.button(visit.say(say, "lost"), partial(decide, row, "lost"), tone="quiet")

    async def decide(row: Row, verdict: str) -> None:
        title, text = visit.say(say, f"{verdict}_title"), visit.say(say, f"{verdict}_text")
        reason = await ask_reason(visit, title, text)
        if reason is not None:
            await _decide(visit, row, verdict, reason)
            await table.again()

    table = await listing.table(visit, UNKNOWNS, {}, extra=buttons if may_decide else None)


async def _decide(visit: Visit, row: Row, verdict: str, reason: str) -> None:
    """Settle an attempt by a person's word."""
    arrived = Word(AttemptState.DELIVERED, code="console")
    lost = Word(AttemptState.FAILED, failure=FailureClass.TEMPORARY, code="console")
    news = News(row["id"], arrived if verdict == "arrived" else lost, closes=False)

    async def work(connection: Any) -> None:
        await visit.console.parts.settling.settle(connection, [news], visit.now())
        settled = (await attempts.by_id(connection, [row["id"]])).get(row["id"])
        if settled is None or settled.code != "console":
            raise Refusal(visit.say(say, "known"))

    details = {"verdict": verdict, "reason": reason, "message": str(row["message_id"])}
    deed = Deed(Right.DECIDE, Action.ATTEMPT_DECIDED, f"attempt/{row['id']}", details)
    await act(visit, deed, work, done=visit.say(say, "decided"))


def _message(row: Row) -> str:
    return f"/messages/{row['message_id']}"


def _next(visit: Visit, row: Row) -> str:
    return visit.formats.instant(row["look_up_at"]) if row["look_up_at"] else visit.say(say, "over")


PAGE = Page(
    "/unknowns",
    ("Sin respuesta conocida", "Outcome unknown"),
    Right.READ,
    build,
    section=Section.WORK,
    icon="help_center",
    listings=(UNKNOWNS,),
)
