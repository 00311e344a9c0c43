"""What stands before every page: the session, the origin of whoever acts, and the headers of the console.

NiceGUI acts over a websocket once a page is there. Its handshake is let through only for the session that opened that
page and from our own origin, and every message that comes in later only for as long as the session stands.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from nicegui import Client, __version__
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.away_page import AGAIN_SECONDS, away_page
from services.console.sessions import Visitor
from services.console.visit import SCOPE, Console, Visit
from services.console.words import COMMON
from services.database import UNAVAILABLE
from services.explanation_words import Language

log = structlog.get_logger(__name__)

COOKIE = "puntual_console"
PREFIX = "/console"
_POLICY_VIOLATION = 1008
_EVENT, _BINARY_EVENT = "42", "45"
_FOR_EVER = "public, max-age=31536000, immutable"
_STRICT = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_LOGIN_POLICY = f"{_STRICT}; form-action 'self'"
# Pages are templates that Vue compiles in the browser, with inline code: allowed here and nowhere else.
_PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the other end of a connection; a page asks for its Visit here."""

    console: Console
    visitor: Visitor

    def of(self, request: Request) -> Visit:
        """The visit of a page."""
        return Visit(
            console=self.console,
            visitor=self.visitor,
            language=self.visitor.language or language_of(request),
            path=request.url.path.removeprefix(PREFIX) or "/",
            params={name: str(value) for name, value in request.path_params.items()},
            query=dict(request.query_params),
        )


class Gate:
    """Lets those in who are logged in, and nobody else."""

    def __init__(self, inside: ASGIApp, console: Console) -> None:
        self._inside = inside
        self._console = console
        self._public = console.parts.settings.public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        try:
            used = scope["type"] == "http" and "/_nicegui/" not in scope["path"]
            visitor = await visitor_of(self._console, connection, used=used)
        except UNAVAILABLE as error:
            log.warning("console_unavailable", error=type(error).__name__)
            await _away(connection)(scope, receive, send)
            return
        if visitor is None:
            await _refuse(connection)(scope, receive, send)
            return
        page_id = parse_qs(scope["query_string"].decode("latin-1")).get("client_id", [""])[0]
        if scope["type"] == "websocket" and not self._may_act(connection, page_id, visitor):
            await _closed(scope, receive, send)
            return
        if scope["type"] == "http" and "/_nicegui_ws/" in scope["path"]:
            await PlainTextResponse("websockets only", 403)(scope, receive, send)
            return
        scope[SCOPE] = Caller(self._console, visitor)
        watched = receive if scope["type"] == "http" else self._watched(receive, page_id, visitor)
        await self._inside(scope, watched, send)

    def _may_act(self, connection: HTTPConnection, page_id: str, visitor: Visitor) -> bool:
        """Whether a handshake comes from our own pages and for a page that this very session opened.

        A page that this process no longer knows is let through: NiceGUI then tells the browser to load it anew.
        """
        if not page_id or not same_origin(connection, self._public):
            return False
        client = Client.instances.get(page_id)
        return client is None or client.request.scope[SCOPE].visitor.session == visitor.session

    def _watched(self, receive: Receive, page_id: str, visitor: Visitor) -> Receive:
        """Messages about the page of the handshake, for as long as the session stands; deeds count as being there.

        While nobody can tell whether it stands, deeds are dropped and the page stays open, to say what is the matter.
        """

        async def watched() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                name, named = _read(message)
                used = name == "event"
                try:
                    standing = await self._console.sessions.standing(visitor.session, used=used)
                except UNAVAILABLE:
                    if used:
                        continue
                    standing = visitor
                fits = standing is not None and named in (None, page_id)
                return message if fits else {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

        return watched


class Headed:
    """Puts the console's headers on every answer."""

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        kept = f"/_nicegui/{__version__}/" in path and "/dynamic_resources/" not in path

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get("x-nicegui-content") == "page"
                headers["Content-Security-Policy"] = _PAGE_POLICY if own else _LOGIN_POLICY
                headers["Cache-Control"] = _FOR_EVER if kept else "no-store"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Referrer-Policy"] = "same-origin"  # with none at all, forms would not say their origin
            await send(message)

        await self._inside(scope, receive, headed if scope["type"] == "http" else send)


def _read(message: Message) -> tuple[str, str | None]:
    """What a message of socket.io is called and which page it names; for one that can't be read, no page of ours."""
    text = message.get("text") or ""
    if not text.startswith(_EVENT):
        return "", None if message.get("bytes") is None and not text.startswith(_BINARY_EVENT) else ""
    try:
        name, *arguments = json.loads(text[text.index("[") :])
    except ValueError:
        return "", ""
    given = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
    return str(name), given.get("client_id")


async def visitor_of(console: Console, connection: HTTPConnection, *, used: bool = False) -> Visitor | None:
    """Who the cookie of a connection stands for; `used` where it shows that somebody is there."""
    token = connection.cookies.get(COOKIE)
    return await console.sessions.find(token, used=used) if token else None


def same_origin(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a request says that it comes from a page of ours; one that says nothing does not."""
    origin = urlsplit(connection.headers.get("origin", ""))
    if origin.scheme not in ("http", "https") or not origin.netloc:
        return False
    public = urlsplit(public_url)
    return origin.netloc == connection.headers.get("host") or (origin.scheme, origin.netloc) == (
        public.scheme,
        public.netloc,
    )


def language_of(connection: HTTPConnection) -> Language:
    """The first language of a browser that we have, else Spanish."""
    return _first_known(connection.headers)


def _first_known(headers: Headers) -> Language:
    for entry in headers.get("accept-language", "").split(","):
        for language in Language:
            if entry.strip().lower().startswith(language.value):
                return language
    return Language.ES


def _refuse(connection: HTTPConnection) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """A page leads to the login, anything else is refused."""
    if connection.scope["type"] == "websocket":
        return _closed
    if _wants_page(connection):
        return RedirectResponse(f"{PREFIX}/login", status_code=303)
    return PlainTextResponse("log in first", status_code=401)


def _wants_page(connection: HTTPConnection) -> bool:
    return "text/html" in connection.headers.get("accept", "") and connection.scope["method"] == "GET"


def _away(connection: HTTPConnection) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    if connection.scope["type"] == "websocket":
        return _closed
    language, again = language_of(connection), {"Retry-After": str(AGAIN_SECONDS)}
    if _wants_page(connection):
        return HTMLResponse(away_page(language), status_code=503, headers=again)
    return PlainTextResponse(COMMON(language, "away"), status_code=503, headers=again)


async def _closed(_scope: Any, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
