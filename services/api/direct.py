"""Routes for what comes thousands of times a second: answered by a status, before every layer of the framework."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api import problems

Answer = Callable[[Scope, Receive], Awaitable[int]]
_EMPTY: Message = {"type": "http.response.body", "body": b""}


class DirectRoute(Route):
    """A route for POST; `answer` reads the request by itself, with the texts in its path as `path_params`."""

    def __init__(self, path: str, answer: Answer) -> None:
        super().__init__(path, answer, methods=["POST"])
        self.answer = answer
        self.prefix = path.partition("{")[0]


class Application(FastAPI):
    """FastAPI behind direct routes; its other routes know nothing of them."""

    _direct: Sequence[DirectRoute] = ()
    _headers: Sequence[tuple[bytes, bytes]] = ()

    def answer_directly(self, routes: Sequence[DirectRoute], headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Answer these routes before anything else, with these headers."""
        self._direct = routes
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self._direct:
                found = route.path_regex.match(scope["path"]) if scope["path"].startswith(route.prefix) else None
                if found is not None and scope["method"] == "POST":
                    scope["path_params"] = found.groupdict()
                    await self._answer(route, scope, receive, send)
                    return
        await super().__call__(scope, receive, send)

    async def _answer(self, route: DirectRoute, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status = await route.answer(scope, receive)
        except Exception:
            await Headed(problems.internal_fault(), self._headers)(scope, receive, send)
            raise
        length = () if status == 204 else ((b"content-length", b"0"),)
        await send({"type": "http.response.start", "status": status, "headers": [*length, *self._headers]})
        await send(_EMPTY)


class Headed:
    """Adds headers to every answer; as plain ASGI, since Starlette's own base costs more than many an answer."""

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(each for each in self._headers if each[0] not in own)]
            await send(message)

        await self._app(scope, receive, add)


async def body_of(receive: Receive, most: int) -> bytes | None:
    """The body of a request; None where it is longer than `most` bytes, or its sender went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return body
