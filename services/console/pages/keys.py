"""API keys: made, shown once, and revoked; for administrators."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from nicegui import ui

from services import access
from services.accounts import NAME
from services.console import columns, kit, listing, trail
from services.console.actions import Deed, act
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.keys import KeyRole, new_key, works
from services.store import keys as store

say = Words(
    {
        "new": ("Nueva llave", "New key"),
        "name": ("Quién la usa", "Who uses it"),
        "role": ("Rol", "Role"),
        "lasts": ("Vigencia", "Valid for"),
        "make": ("Crear", "Create"),
        "made": ("La llave se creó.", "The key was made."),
        "once": (
            "Copie la llave ahora: no se vuelve a mostrar.",
            "Copy the key now: it is not shown again.",
        ),
        "revoke": ("Revocar", "Revoke"),
        "revoked": ("La llave dejó de servir.", "The key works no more."),
        "bad_name": (
            "El nombre lleva minúsculas, cifras, puntos o guiones.",
            "A name has small letters, digits, dots or hyphens.",
        ),
        "days_90": ("90 días", "90 days"),
        "days_365": ("un año", "a year"),
        "days_0": ("sin fin", "no end"),
        "close": ("Cerrar", "Close"),
    }
)
_LASTING = (90, 365, 0)


async def _read(visit: Visit, _filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    """There are few keys: one page."""
    if after is not None:
        return ()
    now = visit.now()
    return [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "state": "revoked" if row.revoked_at else "works" if works(row, now) else "expired",
            "created_at": row.created_at,
            "expires_at": row.expires_at,
        }
        for row in await visit.reading(store.every)
    ]


KEYS = Listing(
    name="keys",
    right=Right.USERS,
    columns=(
        columns.plain("name", "Quién la usa", "Who uses it"),
        Column("role", ("Rol", "Role"), lambda v, r: v.role(r["role"])),
        columns.state("state", "Estado", "State"),
        columns.instant("created_at", "Desde", "Since"),
        columns.instant("expires_at", "Hasta", "Until"),
    ),
    read=_read,
    place=lambda row: (row["created_at"], row["id"]),
    empty=("No hay llaves.", "There are no keys."),
)


async def build(visit: Visit) -> None:
    """The page."""
    with kit.card(visit.say(say, "new"), wide=True), kit.tag("div").classes("p-form"):
        name = ui.input(visit.say(say, "name"))
        roles = {each.value: visit.role(each.value) for each in KeyRole}
        role = ui.select(roles, value=KeyRole.VIEWER.value, label=visit.say(say, "role"))
        spans = {days: visit.say(say, f"days_{days}") for days in _LASTING}
        lasts = ui.select(spans, value=90, label=visit.say(say, "lasts"))
        kit.button(visit.say(say, "make"), lambda: make())

    async def make() -> None:
        wanted = str(name.value or "").strip()
        if not NAME.fullmatch(wanted):
            ui.notify(visit.say(say, "bad_name"), type="negative")
            return
        span = timedelta(days=lasts.value) if lasts.value else None
        made = new_key(wanted, KeyRole(role.value), now=visit.now(), expires_in=span)
        work = partial(_add, visit, made.row)
        if await act(visit, Deed(Right.USERS, None, f"key/{made.row.id}"), work, done=visit.say(say, "made")):
            name.value = ""
            await table.again()
            await _show_once(visit, made.token)

    async def revoke(row: Row) -> None:
        deed = Deed(Right.USERS, None, f"key/{row['id']}")
        await act(visit, deed, partial(_revoke, visit, row), done=visit.say(say, "revoked"))
        await table.again()

    def buttons(row: Row) -> None:
        if row["state"] == "works":
            kit.button(visit.say(say, "revoke"), partial(revoke, row), tone="quiet")

    table = await listing.table(visit, KEYS, {}, extra=buttons)


async def _add(visit: Visit, row: store.KeyRow, connection: Any) -> bool:
    await access.add_key(connection, row, by=trail.actor(visit.visitor.name), now=visit.now())
    return True


async def _revoke(visit: Visit, row: Row, connection: Any) -> bool:
    return await access.revoke_key(connection, row["id"], by=trail.actor(visit.visitor.name), now=visit.now())


async def _show_once(visit: Visit, token: str) -> None:
    with ui.dialog().props("persistent") as dialog, ui.card().classes("p-dialog"):
        kit.text("h2", visit.say(say, "once"))
        kit.text("pre", token, tabindex="0").classes("p-pre")
        with kit.tag("div").classes("p-controls"):
            kit.button(visit.say(say, "close"), dialog.close)
    await dialog
    dialog.delete()


PAGE = Page(
    "/keys",
    ("Llaves de la API", "API keys"),
    Right.USERS,
    build,
    section=Section.SYSTEM,
    icon="key",
    listings=(KEYS,),
)
