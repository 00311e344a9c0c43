"""The HTTP application: its routers, and the headers that every answer carries."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import openapi, problems

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_DESCRIPTION = """Lawful reminders for lenders, each sent once, each explained.

Routes under `/v1` take an API key as `Authorization: Bearer <key>` (`puntual keys create`). What goes wrong is an
`application/problem+json` document. Writes take an `Idempotency-Key`: sent again under it, a request has no second
effect and the same answer. Lists are paged by the `next` cursor of the page before.
"""


def make_app(routers: Sequence[APIRouter], version: str) -> FastAPI:
    """The application with these routers."""
    app = FastAPI(title="Puntual", version=version, redoc_url=None, description=_DESCRIPTION)
    for router in routers:
        app.include_router(router)
    problems.install(app)
    openapi.complete(app)

    app.add_middleware(_Headers)
    return app


class _Headers:
    """Adds our headers to every answer; as plain ASGI, since Starlette's own base costs a callback half its time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, add)
