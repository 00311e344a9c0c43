"""The HTTP application: its routers, and the headers that every answer carries."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from services.api import openapi, problems
from services.api.direct import Application, DirectRoute, Headed
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
    app = Application(title="Puntual", version=version, docs_url=None, redoc_url=None, description=_DESCRIPTION)
    add_docs(app)
    for router in routers:
        app.include_router(router)
    problems.install(app)
    openapi.complete(app)

    given = {**_HEADERS, **(_HTTPS_ALONE if https else {})}
    headers = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    app.add_middleware(Headed, headers=headers)
    direct = [route for router in routers for route in router.routes if isinstance(route, DirectRoute)]
    app.answer_directly(direct, headers)
    return app
