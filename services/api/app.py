"""The HTTP application: its routers, and the headers that every answer carries."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, FastAPI
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import openapi, problems
from services.api.docs_page import add_docs

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=63072000"}
_DESCRIPTION = """Lawful reminders for lenders, each sent once, each explained.

Routes under `/v1` take an API key as `Authorization: Bearer <key>` (`puntual keys create`). What goes wrong is an
`application/problem+json` document. Writes take an `Idempotency-Key`: sent again under it, a request has no second
effect and the same answer. Lists are paged by the `next` cursor of the page before.
"""


def make_app(routers: Sequence[APIRouter], version: str, *, https: bool = False) -> FastAPI:
    """The application with these routers; `https` where the world reaches it by that alone."""
    app = FastAPI(title="Puntual", version=version, docs_url=None, redoc_url=None, description=_DESCRIPTION)
    add_docs(app)
    for router in routers:
        app.include_router(router)
    problems.install(app)
    openapi.complete(app)

    direct = [route for router in routers for route in router.routes if isinstance(route, DirectRoute)]
    app.add_middleware(_Directly, routes=direct)
    app.add_middleware(_Headers, headers={**_HEADERS, **(_HTTPS_ALONE if https else {})})
    return app


class DirectRoute(Route):
    """A route that is answered before the layers for parameters, problems and the search for a route.

    For what comes thousands of times a second; it reads its request and makes its answer by itself.
    """

    @property
    def prefix(self) -> str:
        """The part of its path before the first parameter."""
        return self.path.partition("{")[0]


class _Directly:
    """Hands requests for direct routes straight to them."""

    def __init__(self, app: ASGIApp, routes: Sequence[DirectRoute]) -> None:
        self._app = app
        self._routes = [(route.prefix, route) for route in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for prefix, route in self._routes:
                if scope["path"].startswith(prefix):
                    match, found = route.matches(scope)
                    if match is Match.FULL:
                        scope.update(found)
                        await route.handle(scope, receive, send)
                        return
        await self._app(scope, receive, send)


class _Headers:
    """Adds our headers to every answer; as plain ASGI, since Starlette's own base costs a callback half its time."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._given = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in self._given if each[0] not in own)]
            await send(message)

        await self._app(scope, receive, add)
