"""Login and logout: plain forms, taken from our own pages alone."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.console.entrance import Entered
from services.console.gate import COOKIE, PREFIX, language_of, same_origin, visitor_of
from services.console.login_page import login_page, say
from services.console.visit import Console
from services.database import UNAVAILABLE

log = structlog.get_logger(__name__)
_LONGEST_FORM = 4096


class Door:
    """The routes that need no session."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._public = console.parts.settings.public_url

    def routes(self) -> Sequence[Route]:
        """The routes under `/console`."""
        return (
            Route("/login", self._show, methods=["GET"]),
            Route("/login", self._enter, methods=["POST"]),
            Route("/logout", self._leave, methods=["POST"]),
        )

    async def _show(self, request: Request) -> Response:
        try:
            inside = await visitor_of(self._console, request) is not None
        except UNAVAILABLE:
            return _page(request, "away", status=503)
        return RedirectResponse(f"{PREFIX}/", status_code=303) if inside else _page(request)

    async def _enter(self, request: Request) -> Response:
        if not same_origin(request, self._public):
            return _page(request, "foreign", status=403)
        if int(request.headers.get("content-length") or _LONGEST_FORM + 1) > _LONGEST_FORM:
            return PlainTextResponse("too long", status_code=413)
        async with request.form(max_files=0, max_fields=8) as form:
            name, password, zone = (str(form.get(key) or "") for key in ("name", "password", "zone"))
        address = request.client.host if request.client is not None else ""
        try:
            answer = await self._console.entrance.enter(name, password, address=address, zone=zone)
        except UNAVAILABLE as error:
            log.warning("login_unavailable", error=type(error).__name__)
            return _page(request, "away", status=503)
        if isinstance(answer, Entered):
            return self._with_cookie(answer.token)
        if answer.wait is not None:
            return _page(request, "locked", status=429, minutes=_minutes(answer.wait))
        return _page(request, "wrong", status=401, name=name)

    async def _leave(self, request: Request) -> Response:
        if not same_origin(request, self._public):
            return PlainTextResponse("not from this page", status_code=403)
        visitor = await visitor_of(self._console, request)
        if visitor is not None:
            await self._console.entrance.leave(visitor.session, visitor.name)
        answer = RedirectResponse(f"{PREFIX}/login", status_code=303)
        answer.delete_cookie(COOKIE, path=PREFIX)
        return answer

    def _with_cookie(self, token: str) -> Response:
        answer = RedirectResponse(f"{PREFIX}/", status_code=303)
        secure = self._public.startswith("https:")
        answer.set_cookie(COOKIE, token, path=PREFIX, httponly=True, samesite="strict", secure=secure)
        return answer


def _page(request: Request, problem: str = "", *, status: int = 200, name: str = "", **values: Any) -> Response:
    language = language_of(request)
    told = say(language, problem, **values) if problem else ""
    return HTMLResponse(login_page(language, problem=told, name=name), status_code=status)


def _minutes(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds() / 60))
