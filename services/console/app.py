"""The console as one application under `/console`: the login, the gate, and NiceGUI with our pages behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.console.door import Door
from services.console.entrance import Entrance
from services.console.export import export_route
from services.console.gate import PREFIX, Gate, Headed
from services.console.live import Feeds
from services.console.menu import PAGES
from services.console.page import register
from services.console.passwords import Passwords
from services.console.sessions import Sessions
from services.console.visit import Console
from services.wiring import Parts

ASSETS = Path(__file__).with_name("assets")
_RECONNECT_SECONDS = 10.0


def make_console(parts: Parts, *, passwords: Passwords | None = None) -> Console:
    """What the pages share."""
    sessions = Sessions(parts.database, parts.clock)
    checked = passwords or Passwords()
    entrance = Entrance(
        database=parts.database, clock=parts.clock, vault=parts.vault, sessions=sessions, passwords=checked
    )
    return Console(parts, sessions, entrance, checked, Feeds(parts.database, parts.clock))


def serve_under(app: FastAPI, parts: Parts) -> None:
    """Serve the console under `/console` of an application, for as long as that one runs."""
    mount(app, make_console(parts))


def mount(app: FastAPI, console: Console) -> None:
    """Serve this console under `/console` of an application."""
    app.mount(PREFIX, console_app(console))
    around = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(outer: FastAPI) -> AsyncIterator[Any]:
        shell = _shell()
        async with around(outer) as state, shell.router.lifespan_context(shell):
            yield state

    app.router.lifespan_context = lifespan


def console_app(console: Console) -> ASGIApp:
    """The console, to be mounted under `/console`."""
    listings = {listing.name: listing for page in PAGES for listing in page.listings}
    inside = Starlette(routes=[export_route(listings), Mount("/", _shell())])
    routes = [
        Mount("/assets", StaticFiles(directory=ASSETS)),
        *Door(console).routes(),
        Mount("/", Gate(inside, console)),
    ]
    return Headed(Starlette(routes=routes))


@cache
def _shell() -> FastAPI:
    """NiceGUI with our pages; there is one in a process, whoever it serves."""
    register(PAGES)
    nicegui_app.config.socket_io_js_transports = ["websocket"]
    shell = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    ui.run_with(
        shell,
        title="Puntual",
        favicon=(ASSETS / "icon.svg").read_text().strip(),
        dark=None,
        language="es",
        reconnect_timeout=_RECONNECT_SECONDS,
        binding_refresh_interval=None,
        tailwind=False,
        show_welcome_message=False,
    )
    return shell
