"""What is around every page: header, menu, environment, the banner of a stop, and the visitor's own corner."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from nicegui import ui

from services.console import kit
from services.console.visit import Visit
from services.console.words import Pair, Words
from services.database import UNAVAILABLE
from services.store import stops

say = Words(
    {
        "skip": ("Ir al contenido", "Skip to content"),
        "menu": ("Menú", "Menu"),
        "account": ("Mi cuenta", "My account"),
        "leave": ("Salir", "Log out"),
        "development": ("desarrollo", "development"),
        "rehearsal": ("ensayo", "rehearsal"),
        "production": ("producción", "production"),
        "stopped_all": ("Todo envío está detenido: {reason}", "All sending is stopped: {reason}"),
        "stopped": ("Envíos detenidos: {what}", "Sending is stopped: {what}"),
        "now": ("Ahora", "Now"),
        "people": ("Personas", "People"),
        "campaigns": ("Campañas", "Campaigns"),
        "work": ("Trabajo", "Work"),
        "system": ("Sistema", "System"),
        "navigation": ("Secciones", "Sections"),
    }
)
Entry = tuple[str, str, str, Pair]
"""Section, path, icon and title of a page in the menu."""
_ORDER = ("now", "people", "campaigns", "work", "system")
_STOPS_SECONDS = 5.0


async def around(visit: Visit, title: Pair, menu: Sequence[Entry], *, here: str) -> Any:
    """The frame; gives the element that the page goes into, as a context."""
    ui.add_head_html('<link rel="stylesheet" href="/console/assets/console.css">')
    ui.colors(primary="#0b5d5a", secondary="#3c4a56", accent="#8a4b08", positive="#1c6b3c", negative="#a4262c")
    drawer = ui.left_drawer(bordered=True).props("width=232 breakpoint=1023").classes("p-drawer")
    with drawer, kit.tag("nav", aria_label=visit.say(say, "navigation")):
        _menu(visit, menu, here)
    _header(visit, drawer)
    main = kit.tag("main", tabindex="-1").classes("p-page")
    ui.skip_link(visit.say(say, "skip"), target=main)
    with main:
        await _banner(visit)
        kit.text("h1", visit.pick(title))
    return main


def _header(visit: Visit, drawer: ui.left_drawer) -> None:
    settings = visit.console.parts.settings
    with ui.header(wrap=False).classes("p-header"):
        button = ui.button(icon="menu", on_click=drawer.toggle).props("flat round dense color=white")
        button.props["aria-label"] = visit.say(say, "menu")
        kit.link("Puntual", "/").classes("p-brand")
        kind = "rehearsal" if settings.now is not None else settings.env
        kit.text("span", visit.say(say, kind)).classes(f"p-env p-env-{settings.env}")
        ui.space()
        kit.link(visit.visitor.name, "/account").classes("p-who").props["aria-label"] = (
            f"{visit.say(say, 'account')}: {visit.visitor.name}"
        )
        with kit.tag("form", method="post", action="/console/logout").classes("p-leave"):
            kit.text("button", visit.say(say, "leave"), type="submit")


def _menu(visit: Visit, menu: Sequence[Entry], here: str) -> None:
    entries = sorted(menu, key=lambda entry: _ORDER.index(entry[0]))
    for section, pages in groupby(entries, key=lambda entry: entry[0]):
        kit.text("h2", visit.say(say, section))
        with kit.tag("ul"):
            for _, path, icon, title in pages:
                with kit.tag("li"):
                    shown = kit.link("", path)
                    if path == here:
                        shown.props["aria-current"] = "page"
                    with shown:
                        ui.icon(icon).props("aria-hidden=true")
                        kit.text("span", visit.pick(title))


async def _banner(visit: Visit) -> None:
    """What is stopped now, for as long as the page is open, or that the database does not tell."""
    place = kit.tag("div", role="status")

    async def show() -> None:
        found, _ = await visit.console.feeds.latest("stops", _STOPS_SECONDS, _standing)
        place.clear()
        if found:
            with place:
                kit.notice(_stopped(visit, found), tone="bad", path="/stops")

    async def again() -> None:
        try:
            await show()
        except UNAVAILABLE:
            place.clear()
            with place:
                kit.notice(visit.common("stale"), tone="bad")
            raise

    await show()
    kit.every(_STOPS_SECONDS, again)


async def _standing(connection: Any, _now: Any) -> list[dict[str, Any]]:
    return await stops.every(connection)


def _stopped(visit: Visit, found: Sequence[dict[str, Any]]) -> str:
    everything = next((stop for stop in found if stop["scope"] == "all"), None)
    if everything is not None:
        return visit.say(say, "stopped_all", reason=everything["reason"])
    return visit.say(say, "stopped", what=", ".join(f"{stop['scope']} {stop['name']}" for stop in found[:5]))
