"""Messages: found by message, debtor, loan or contact, or the latest by campaign, state and channel."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from schemas.enums import Channel
from services.console import columns, kit, listing
from services.console.columns import debtor_path
from services.console.finding import Found, find
from services.console.listing import Column, Filters, Listing, Place, Row, Table
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import console_lists as store
from services.store import stops

say = Words(
    {
        "search": ("Buscar", "Search"),
        "hint": (
            "Mensaje, deudor, crédito, teléfono o correo",
            "Message, debtor, loan, phone or mailbox",
        ),
        "hint_refs": ("Mensaje, deudor o crédito", "Message, debtor or loan"),
        "campaign": ("Campaña", "Campaign"),
        "state": ("Estado", "State"),
        "channel": ("Canal", "Channel"),
        "any": ("todas", "any"),
        "any_state": ("todos", "any"),
        "nobody": ("No se encontró nada con esa referencia.", "Nothing was found under that reference."),
        "not_allowed": (
            "Su rol no permite buscar por teléfono o correo.",
            "Your role may not search by phone or mailbox.",
        ),
        "several": ("Varias personas lo comparten:", "Several people share it:"),
        "lead": (
            "Sin búsqueda se muestran los más recientes; los filtros miran los últimos veinte mil.",
            "Without a search the latest are shown; filters look through the last twenty thousand.",
        ),
    }
)
_STATES = ("planned", "delivered", "read", "accepted", "failed", "unknown", "suppressed", "cancelled", "expired")


async def _read(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    debtor = filters.get("debtor")
    found: Sequence[Row] = await visit.reading(
        store.messages,
        before=after[0] if after else store.LAST,
        limit=limit,
        campaign=filters.get("campaign") or None,
        state=filters.get("state") or None,
        channel=filters.get("channel") or None,
        debtors=[debtor] if debtor else None,
    )
    return found


def _path(row: Row) -> str:
    return f"/messages/{row['id']}"


MESSAGES = Listing(
    name="messages",
    right=Right.READ,
    columns=(
        Column("campaign", ("Mensaje", "Message"), lambda v, r: f"{r['campaign']} · {r['step']}", link=_path),
        columns.DEBTOR,
        columns.CHANNEL,
        columns.state("shown", "Estado", "State"),
        columns.plain("rule", "Regla", "Rule"),
        columns.contact("due_at", "Programado", "Scheduled"),
        columns.instant("updated_at", "Último cambio", "Last change"),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("No hay mensajes.", "There are no messages."),
)


async def build(visit: Visit) -> None:
    """The page."""
    filters = {name: visit.query.get(name, "") for name in ("campaign", "state", "channel", "debtor")}
    with kit.tag("form", role="search").classes("p-form") as form:
        hint = visit.say(say, "hint" if visit.may(Right.FIND) else "hint_refs")
        typed = ui.input(hint).props("clearable").classes("p-search")
        kit.button(visit.say(say, "search"), lambda: search(), icon="search").props("type=submit")
    form.on("submit", js_handler="(event) => event.preventDefault()")
    answer = ui.element("div")
    kit.text("p", visit.say(say, "lead")).classes("p-hint")
    shown: list[Table] = []
    await _filters(visit, filters, lambda: shown[0].filter(filters))
    shown.append(await listing.table(visit, MESSAGES, filters))

    async def search() -> None:
        text = str(typed.value or "").strip()
        if not text:
            return
        found = await find(visit, text)
        answer.clear()
        with answer:
            _answer(visit, found)


async def _filters(visit: Visit, filters: dict[str, str], again: Any) -> None:
    """The choices; each changes `filters` and shows the list anew."""
    names = await visit.reading(stops.campaigns)
    choices = {
        "campaign": {"": visit.say(say, "any"), **{name: name for name in sorted(names)}},
        "state": {"": visit.say(say, "any_state"), **{name: visit.state(name) for name in _STATES}},
        "channel": {"": visit.say(say, "any_state"), **{each.value: visit.channel(each.value) for each in Channel}},
    }
    with kit.tag("div").classes("p-form"):
        for name, options in choices.items():

            async def chosen(event: Any, name: str = name) -> None:
                filters[name] = event.value or ""
                await again()

            value = filters[name] if filters[name] in options else ""
            ui.select(options, value=value, label=visit.say(say, name), on_change=chosen)


def _answer(visit: Visit, found: Found) -> None:
    """Go where one thing was found; say so where none was, and which where several were."""
    if found.message is not None:
        ui.navigate.to(f"/messages/{found.message}")
    elif len(found.debtors) == 1:
        ui.navigate.to(debtor_path(found.debtors[0]))
    elif found.debtors:
        kit.text("p", visit.say(say, "several"))
        with kit.tag("ul"):
            for ref in found.debtors:
                with kit.tag("li"):
                    kit.link(ref, debtor_path(ref))
    else:
        kit.notice(visit.say(say, "not_allowed" if found.forbidden else "nobody"), tone="doubt")


PAGE = Page(
    "/messages",
    ("Mensajes", "Messages"),
    Right.READ,
    build,
    section=Section.PEOPLE,
    icon="sms",
    listings=(MESSAGES,),
)
