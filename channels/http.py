"""A pool of HTTP/1.1 connections to one host: no redirects, no retries, and word of whether a byte left."""

import asyncio
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from channels.errors import ConnectFailed
from channels.http_connection import Connection, Reply

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect (or to wait for a free connection), for a whole call, and to keep one idle.

    A call is given up at most a tenth of a second late.
    """

    connect: float = 3.0
    call: float = 15.0
    idle: float = 30.0


class HttpPool:
    """At most `size` connections to the host of `base_url`, kept alive between calls."""

    def __init__(
        self,
        base_url: str,
        *,
        size: int = 100,
        timeouts: Timeouts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or size < 1:
            raise ValueError("a pool needs an http or https URL with a host and at least one connection")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._timeouts = timeouts or Timeouts()
        self._size = size
        self._in_use = 0
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._watched = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False
        self.host_header = parts.netloc.rpartition("@")[2]

    def available(self) -> int:
        """How many calls could start at once without waiting."""
        return 0 if self._closed else max(0, self._size - self._in_use - len(self._waiting))

    async def exchange(self, request: bytes, *, timeout: float | None = None) -> Reply:
        """Write `request` (head and body) once and read its reply; `timeout` in seconds for the whole call.

        Raises ConnectFailed where no byte was written, AnswerLost where the reply is missing or unreadable.
        """
        deadline = time.monotonic() + (timeout or self._timeouts.call)
        if self._closed or self._in_use >= self._size:
            await self._await_slot()
        else:
            self._in_use += 1
        connection: Connection | None = None
        try:
            connection = self._reuse(time.monotonic()) or await self._connect()
            self._busy.add(connection)
            if not self._watched:
                self._watch()
            return await connection.exchange(request, deadline=deadline)
        finally:
            self._give_slot(connection)

    async def close(self) -> None:
        """Close every idle connection; calls under way end on their own, new ones are refused."""
        self._closed = True
        for connection in self._idle:
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)

    def _watch(self) -> None:
        """Look at the calls under way, by one timer for all, which costs a call a tenth of one of its own."""
        self._watched = True
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._watched = False
        now = time.monotonic()
        for connection in tuple(self._busy):
            connection.give_up(now)
        if self._busy:
            self._watch()

    async def _await_slot(self) -> None:
        if self._closed:
            raise ConnectFailed("closed")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._await_turn(turn)
        except TimeoutError:
            raise ConnectFailed("no_free_connection") from None

    async def _await_turn(self, turn: asyncio.Future[None]) -> None:
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on_slot()
            raise

    def _give_slot(self, connection: Connection | None) -> None:
        if connection is not None:
            self._busy.discard(connection)
            if connection.reusable and not self._closed:
                connection.idle_since = time.monotonic()
                self._idle.append(connection)
            else:
                connection.abort()
        self._hand_on_slot()

    def _hand_on_slot(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._in_use -= 1

    def _reuse(self, now: float) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if now - connection.idle_since <= self._timeouts.idle and connection.is_quiet():
                return connection
            connection.abort()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeouts.connect):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as error:
            raise ConnectFailed(_reason(error)) from error
        return connection


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, TimeoutError):
        return "connect_timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionError):
        return "connect_reset"
    return "dns" if isinstance(error, socket.gaierror) else "unreachable"
