"""Users of the console: made, given another role or password, kept out; for administrators."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from services import accounts
from services.accounts import CONSOLE_ROLES, AccountProblem
from services.console import columns, kit, listing, trail
from services.console.actions import Deed, Refusal, act
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.passwords import SHORTEST, PasswordProblem
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.keys import KeyRole
from services.store import users as store

say = Words(
    {
        "new": ("Nuevo usuario", "New user"),
        "name": ("Usuario", "User name"),
        "role": ("Rol", "Role"),
        "password": ("Contraseña (al menos {n} letras)", "Password (at least {n} characters)"),
        "make": ("Crear", "Create"),
        "made": ("El usuario puede entrar.", "The user may log in."),
        "disable": ("Deshabilitar", "Disable"),
        "enable": ("Habilitar", "Enable"),
        "changed": ("El usuario se cambió; sus sesiones terminaron.", "The user was changed; their sessions ended."),
        "yourself": ("No puede deshabilitarse a sí mismo.", "You can't disable yourself."),
        "bad_password": (
            "La contraseña debe tener {n} a 256 letras, y variadas.",
            "The password must have {n} to 256 characters, and various ones.",
        ),
        "bad_user": (
            "No se pudo: el nombre está en uso o no sirve (minúsculas, cifras, puntos).",
            "Not possible: the name is taken or can't be used (small letters, digits, dots).",
        ),
    }
)


async def _read(visit: Visit, _filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    """There are few users: one page."""
    if after is not None:
        return ()
    found = await visit.reading(store.every)
    return [
        {
            "name": row.name,
            "role": row.role,
            "state": "works" if row.disabled_at is None else "disabled",
            "created_at": row.created_at,
            "password_changed_at": row.password_changed_at,
        }
        for row in found
    ]


USERS = Listing(
    name="users",
    right=Right.USERS,
    columns=(
        columns.plain("name", "Usuario", "User"),
        Column("role", ("Rol", "Role"), lambda v, r: v.role(r["role"])),
        columns.state("state", "Estado", "State"),
        columns.instant("created_at", "Desde", "Since"),
        columns.instant("password_changed_at", "Contraseña de", "Password of"),
    ),
    read=_read,
    place=lambda row: (row["name"],),
    empty=("No hay usuarios.", "There are no users."),
)


async def build(visit: Visit) -> None:
    """The page."""
    with kit.card(visit.say(say, "new"), wide=True), kit.tag("div").classes("p-form"):
        name = ui.input(visit.say(say, "name")).props("autocomplete=off autocapitalize=none")
        role = ui.select(
            {each.value: visit.role(each.value) for each in CONSOLE_ROLES},
            value=KeyRole.VIEWER.value,
            label=visit.say(say, "role"),
        )
        password = ui.input(visit.say(say, "password", n=SHORTEST), password=True)
        password.props("autocomplete=new-password")
        kit.button(visit.say(say, "make"), lambda: make())

    async def make() -> None:
        given = await hashed(visit, str(password.value or ""))
        if given is None:
            return
        wanted = str(name.value or "").strip().lower()
        change = partial(accounts.create, name=wanted, role=KeyRole(role.value), password_hash=given)
        if await _change(visit, wanted, change, visit.say(say, "made")):
            name.value, password.value = "", ""
            await table.again()

    async def toggle(row: Row) -> None:
        if row["name"] == visit.visitor.name:
            ui.notify(visit.say(say, "yourself"), type="warning")
            return
        change = accounts.disable if row["state"] == "works" else accounts.enable
        await _change(visit, row["name"], partial(change, name=row["name"]), visit.say(say, "changed"))
        await table.again()

    def buttons(row: Row) -> None:
        label = visit.say(say, "disable" if row["state"] == "works" else "enable")
        kit.button(label, partial(toggle, row), tone="quiet")

    table = await listing.table(visit, USERS, {}, extra=buttons)


async def hashed(visit: Visit, password: str) -> str | None:
    """The hash of a new password; None where it can't be taken, which is said."""
    try:
        return await visit.console.passwords.hashed(password)
    except PasswordProblem:
        ui.notify(visit.say(say, "bad_password", n=SHORTEST), type="negative")
        return None


async def _change(visit: Visit, name: str, change: Callable[..., Awaitable[None]], done: str) -> bool:
    async def work(connection: Any) -> bool:
        try:
            await change(connection, by=trail.actor(visit.visitor.name), now=visit.now())
        except AccountProblem:
            raise Refusal(visit.say(say, "bad_user")) from None
        return True

    changed = await act(visit, Deed(Right.USERS, None, f"user/{name}"), work, done=done)
    visit.console.sessions.forget()
    return bool(changed)


PAGE = Page(
    "/users",
    ("Usuarios", "Users"),
    Right.USERS,
    build,
    section=Section.SYSTEM,
    icon="group",
    listings=(USERS,),
)
