"""One HTTP/1.1 connection: writes one request at a time and reads its reply, never sends twice."""

import asyncio
import select
from typing import cast

import httptools

from channels.errors import AnswerLost, ConnectFailed
from schemas.values import value

MAX_REPLY_BYTES = 4 * 1024 * 1024
MAX_HEADERS = 200


@value
class Reply:
    """A whole reply; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """A connection of the pool; reusable only after a whole reply with nothing behind it."""

    __slots__ = (
        "_answer",
        "_body",
        "_complete",
        "_deadline",
        "_headers",
        "_loop",
        "_parser",
        "_poll",
        "_received",
        "_transport",
        "idle_since",
        "reusable",
        "used",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Reply] | None = None
        self._poll: select.poll | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._received = 0
        self._complete = False
        self._deadline = 0.0
        self.reusable = True
        self.used = False
        self.idle_since = 0.0

    async def exchange(self, request: bytes, *, deadline: float) -> Reply:
        """The reply to `request`, written once; `deadline` in monotonic seconds, for `give_up`.

        Raises ConnectFailed where it was closed before a byte was written, AnswerLost for everything but a
        whole reply; the connection is closed then.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            raise ConnectFailed("connect_reset")
        self.used = True
        self._received, self._complete = 0, False
        self._deadline = deadline
        self._answer = answer = self._loop.create_future()
        try:
            transport.write(request)
            reply: Reply = await answer
        except BaseException:
            self.abort()
            raise
        finally:
            self._answer = None
        if transport.get_write_buffer_size():
            self.reusable = False
        return reply

    def give_up(self, now: float) -> None:
        """Fail the call under way where its time is over."""
        if now >= self._deadline:
            self._fail("no_answer", None)

    def is_quiet(self) -> bool:
        """Whether the peer neither closed nor sent anything since the last reply."""
        if not self.reusable or self._transport is None or self._transport.is_closing():
            return False
        return self._poll is None or not self._poll.poll(0)

    def abort(self) -> None:
        """Close at once, whatever is still to be read or written."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("socket")
        if peer is not None:
            self._poll = select.poll()
            self._poll.register(peer.fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.abort()
            return
        self._received += len(data)
        if self._received > MAX_REPLY_BYTES:
            self._fail("no_answer", "oversized_reply")
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("no_answer", "unreadable_reply")

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("disconnected", None)
        self._transport = None
        self._poll = None

    def on_message_begin(self) -> None:
        if self._complete:
            self.reusable = False
        self._headers, self._body = {}, []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")
        if len(self._headers) > MAX_HEADERS:
            self._fail("no_answer", "oversized_reply")

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        framed = "content-length" in self._headers or "transfer-encoding" in self._headers
        if not framed and status >= 200 and status not in (204, 304):
            self._fail("no_answer", "reply_without_length")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        if self._complete or self._answer is None or self._answer.done():
            self.reusable = False
            return
        self._complete = True
        if not self._parser.should_keep_alive():
            self.reusable = False
        self._answer.set_result(Reply(status, self._headers, b"".join(self._body)))

    def _fail(self, reason: str, code: str | None) -> None:
        self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(AnswerLost(reason, code))
        if self._transport is not None:
            self._transport.abort()
