"""Payment links over HTTP: people are sent on to the lender's page, machines that look at links see nothing."""

import asyncio
from typing import assert_never

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.api.link_page import LinkView, link_page
from services.api.unsubscribe_page import HEADERS
from services.links import Followed, Links, Looked, Nowhere, Onward
from services.visits import Scanner, Visit

_PATIENCE = 10.0
_NOT_FOR_ROBOTS = {"X-Robots-Tag": HEADERS["X-Robots-Tag"]}


def links_router(links: Links) -> APIRouter:
    """`GET /l/{token}`: the address comes from the lender's own files and events alone, never from the request."""
    router = APIRouter(tags=["links"])

    @router.api_route("/l/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False)
    async def follow(token: str, request: Request) -> Response:
        """On to the payment page, or a page that says nothing."""
        client = request.client.host if request.client else ""
        visit = Visit.of(request.method, request.headers, client)
        try:
            followed = await asyncio.wait_for(links.follow(token, visit), _PATIENCE)
        except TimeoutError:
            return _page(request, LinkView.LATER, 503, None)
        return _answer(request, followed)

    return router


def _answer(request: Request, followed: Followed) -> Response:
    match followed:
        case Onward():
            return RedirectResponse(
                followed.address, status_code=302, headers={"X-Robots-Tag": HEADERS["X-Robots-Tag"]}
            )
        case Nowhere():
            return _page(request, LinkView.NOWHERE, 404, followed.phone)
        case Looked():
            # A browser that fetched it ahead must ask again when somebody really goes there.
            status = 503 if followed.how is Scanner.PREFETCH else 200
            return _page(request, LinkView.LOOKED, status, followed.phone)
        case _:
            assert_never(followed)


def _page(request: Request, view: LinkView, status: int, phone: str | None) -> Response:
    text = link_page(view, request.headers.get("accept-language", ""), phone)
    return HTMLResponse(text, status_code=status, headers=dict(HEADERS))
