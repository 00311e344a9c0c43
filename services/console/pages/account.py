"""My account: language and theme, and another password."""

from typing import Any

from nicegui import ui

from services import accounts
from services.console import kit, trail
from services.console.actions import Deed, act
from services.console.page import Page
from services.console.pages.users import hashed
from services.console.passwords import SHORTEST
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.explanation_words import Language
from services.store import users

say = Words(
    {
        "who": ("{name}, rol de {role}", "{name}, role {role}"),
        "look": ("Cómo se ve la consola", "How the console looks"),
        "language": ("Idioma", "Language"),
        "theme": ("Colores", "Colours"),
        "browser": ("como el navegador", "as the browser"),
        "light": ("claros", "light"),
        "dark": ("oscuros", "dark"),
        "save": ("Guardar", "Save"),
        "saved": ("Guardado.", "Saved."),
        "zone": (
            "Las horas se muestran en {zone}, la zona de su navegador al entrar.",
            "Times are shown in {zone}, your browser's zone when you logged in.",
        ),
        "change": ("Cambiar la contraseña", "Change the password"),
        "old": ("Contraseña actual", "Present password"),
        "new": ("Contraseña nueva (al menos {n} letras)", "New password (at least {n} characters)"),
        "again": ("La nueva, otra vez", "The new one, again"),
        "wrong": ("La contraseña actual no es correcta.", "The present password is not right."),
        "differ": ("Las dos contraseñas nuevas no son iguales.", "The two new passwords are not the same."),
        "changed": (
            "La contraseña se cambió; sus demás sesiones terminaron.",
            "The password was changed; your other sessions ended.",
        ),
    }
)
_LANGUAGES = {"es": "Español", "en": "English"}


async def build(visit: Visit) -> None:
    """The page."""
    visitor = visit.visitor
    kit.text("p", visit.say(say, "who", name=visitor.name, role=visit.role(visitor.role.value)))
    kit.text("p", visit.say(say, "zone", zone=visitor.zone.key)).classes("p-hint")
    with kit.card(visit.say(say, "look"), wide=True):
        _look(visit)
    with kit.card(visit.say(say, "change"), wide=True):
        _password(visit)


def _look(visit: Visit) -> None:
    browser = {"": visit.say(say, "browser")}
    with kit.tag("div").classes("p-form"):
        language = ui.select(
            {**browser, **_LANGUAGES}, value=visit.visitor.language or "", label=visit.say(say, "language")
        )
        themes = {**browser, "light": visit.say(say, "light"), "dark": visit.say(say, "dark")}
        theme = ui.select(themes, value=visit.visitor.theme or "", label=visit.say(say, "theme"))
        kit.button(visit.say(say, "save"), lambda: save())

    async def save() -> None:
        chosen = Language(language.value).value if language.value else None

        async def work(connection: Any) -> bool:
            await users.choose(connection, visit.visitor.user_id, language=chosen, theme=theme.value or None)
            return True

        deed = Deed(Right.READ, None, f"user/{visit.visitor.name}")
        if await act(visit, deed, work, done=visit.say(say, "saved")):
            visit.console.sessions.forget()
            ui.navigate.reload()


def _password(visit: Visit) -> None:
    with kit.tag("div").classes("p-form"):
        old = ui.input(visit.say(say, "old"), password=True).props("autocomplete=current-password")
        new = ui.input(visit.say(say, "new", n=SHORTEST), password=True).props("autocomplete=new-password")
        again = ui.input(visit.say(say, "again"), password=True).props("autocomplete=new-password")
        kit.button(visit.say(say, "save"), lambda: save())

    async def save() -> None:
        if new.value != again.value:
            ui.notify(visit.say(say, "differ"), type="negative")
            return
        user = await visit.reading(users.by_id, visit.visitor.user_id)
        right = await visit.console.passwords.check(user.password_hash if user else None, str(old.value or ""))
        if not right:
            ui.notify(visit.say(say, "wrong"), type="negative")
            return
        made = await hashed(visit, str(new.value or ""))
        if made is not None and await _change(visit, made):
            old.value = new.value = again.value = ""

    async def _change(visit: Visit, password_hash: str) -> bool:
        name, keep = visit.visitor.name, visit.visitor.session

        async def work(connection: Any) -> bool:
            by = trail.actor(name)
            await accounts.set_password(connection, name, password_hash, by=by, now=visit.now(), keep=keep)
            return True

        deed = Deed(Right.READ, None, f"user/{name}")
        return bool(await act(visit, deed, work, done=visit.say(say, "changed")))


PAGE = Page("/account", ("Mi cuenta", "My account"), Right.READ, build)
