"""The exit of a message: looking changes nothing, since scanners open every link; posting does it (RFC 8058)."""

import asyncio
import re
from collections.abc import Awaitable
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services import tokens
from services.api.unsubscribe_page import HEADERS, View, page
from services.optouts import OptOuts
from services.words import UNSUBSCRIBE

_TOKEN = re.compile(r"([0-9a-f]{32})\.([A-Za-z0-9_-]{22})")
_PATIENCE = 10.0
_STATUS = {View.ASK: 200, View.DONE: 200, View.GONE: 404, View.LATER: 503}


def unsubscribe_router(*, optouts: OptOuts, secret: bytes) -> APIRouter:
    """`GET /u/{token}` asks, `POST /u/{token}` does it, whatever its body; a token that is not ours leads nowhere."""
    router = APIRouter(tags=["unsubscribe"])

    @router.api_route("/u/{token}", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False)
    async def ask(token: str, request: Request) -> Response:
        """A page with one button."""
        message_id = _message(secret, token)
        view = View.GONE if message_id is None else await _view(optouts.knows(message_id), View.ASK)
        return _answer(request, view)

    @router.post("/u/{token}", response_class=HTMLResponse)
    async def leave(token: str, request: Request) -> Response:
        """No more messages by this one's channel; a mailbox provider posts here for its user, or the page does."""
        message_id = _message(secret, token)
        view = View.GONE if message_id is None else await _view(optouts.by_link(message_id), View.DONE)
        return _answer(request, view)

    return router


def _message(secret: bytes, token: str) -> UUID | None:
    found = _TOKEN.fullmatch(token)
    if found is None or not tokens.verify(secret, found[2], UNSUBSCRIBE, found[1]):
        return None
    return UUID(hex=found[1])


async def _view(found: Awaitable[bool], good: View) -> View:
    """What to show: 503 asks a mailbox provider to come again."""
    try:
        return good if await asyncio.wait_for(found, _PATIENCE) else View.GONE
    except TimeoutError:
        return View.LATER


def _answer(request: Request, view: View) -> Response:
    text = page(view, request.headers.get("accept-language", ""))
    return HTMLResponse(text, status_code=_STATUS[view], headers=dict(HEADERS))
