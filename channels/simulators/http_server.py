"""A small HTTP/1.1 server whose answers may come late, never, or as a broken line; for simulators alone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Self, assert_never, cast
from urllib.parse import parse_qsl, urlsplit

import httptools

REASONS = {status.value: status.phrase for status in HTTPStatus}


class Fate(StrEnum):
    """What becomes of a request's answer."""

    REPLY = "reply"
    DROP = "drop"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request; names of headers are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The body as a form, empty values kept, those of a field given more than once joined by spaces."""
        form: dict[str, str] = {}
        for name, value in parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True):
            form[name] = f"{form[name]} {value}" if name in form else value
        return form


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, `after` how many seconds, and whether at all."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0
    fate: Fate = Fate.REPLY


Handler = Callable[[Request], Answer]


class HttpServer:
    """Serves `handler` on a loopback port while the context is open; port 0 takes a free one."""

    def __init__(self, handler: Handler, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._handler = handler
        self._host = host
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[_ServerConnection] = set()

    @property
    def url(self) -> str:
        """The address it listens at; raises RuntimeError before it does."""
        if self._server is None:
            raise RuntimeError("the server is not started; use it in `async with`")
        return f"http://{self._host}:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _ServerConnection(self._handler, self._open), self._host, self._port, backlog=4096
        )
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        server, self._server = self._server, None
        for connection in list(self._open):
            connection.drop()
        if server is not None:
            server.close()
            await server.wait_closed()
        await asyncio.sleep(0)


class _ServerConnection(asyncio.Protocol):
    def __init__(self, handler: Handler, peers: set["_ServerConnection"]) -> None:
        self._handler = handler
        self._peers = peers
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._peers.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._peers.discard(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._write(Answer(400))
            self.drop()

    def on_message_begin(self) -> None:
        self._target, self._headers, self._body = b"", {}, []

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        target = urlsplit(self._target.decode("latin-1"))
        query = dict(parse_qsl(target.query, keep_blank_values=True)) if target.query else {}
        method = self._parser.get_method().decode("ascii")
        answer = self._handler(Request(method, target.path, query, self._headers, b"".join(self._body)))
        if answer.after > 0:
            asyncio.get_running_loop().call_later(answer.after, self._end, answer)
        else:
            self._end(answer)

    def _end(self, answer: Answer) -> None:
        match answer.fate:
            case Fate.REPLY:
                self._write(answer)
            case Fate.DROP:
                self.drop()
            case Fate.HANG:
                pass
            case _:
                assert_never(answer.fate)

    def _write(self, answer: Answer) -> None:
        if self._transport is None:
            return
        head = f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}\r\n"
        for name, value in answer.headers:
            head += f"{name}: {value}\r\n"
        head += f"Content-Length: {len(answer.body)}\r\n\r\n"
        self._transport.write(head.encode("latin-1") + answer.body)
