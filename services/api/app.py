"""The HTTP application: its routers, and the headers that every answer carries."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter, FastAPI, Request, Response

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

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app
