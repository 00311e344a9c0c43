"""The Twilio SDK's requests over our own connections: one POST is one request, ever."""

import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.errors import AnswerLost, TooManyRequests
from channels.http import HttpPool
from channels.http_connection import Reply

_RESERVED = re.compile("[^0-9A-Za-z_.~ -]")

_logger = logging.getLogger(__name__)


class TwilioHttp(AsyncHttpClient):  # type: ignore[misc]  # the SDK ships no types
    """What the SDK calls to send; `concurrent_requests` is the account's own last count of open requests."""

    def __init__(self, pool: HttpPool) -> None:
        super().__init__(_logger, True, None)
        self._pool = pool
        self._basic: tuple[tuple[str, str], str] | None = None
        self._heads: dict[str, str] = {}
        self.concurrent_requests: int | None = None

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One exchange; raises ConnectFailed, AnswerLost, or TooManyRequests for a 429."""
        head = self._head(method, _target(url, params), headers or {}, auth)
        reply = await self._exchange(head, _form(data) if data else "", timeout)
        return response_of(reply)

    async def post(self, client: Client, uri: str, data: Mapping[str, object]) -> Reply:
        """The POST that the SDK would make to create a record, with a head made once; raises as `request` does.

        The SDK's own way from layer to layer takes as long as the exchange itself.
        """
        head = self._heads.get(uri)
        if head is None:
            url = client.get_hostname(client.api.absolute_url(client.api.v2010.relative_uri(uri)))
            head = self._head("POST", _target(url, None), client.get_headers("POST", None), client.auth)
            self._heads[uri] = head
        return await self._exchange(head, _form(data))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.close()

    async def _exchange(self, head: str, body: str, timeout: float | None = None) -> Reply:
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("latin-1")
        reply = await self._pool.exchange(request, timeout=timeout)
        self._note(reply)
        if reply.status == 429:
            raise TooManyRequests(_seconds(reply.headers.get("retry-after")))
        return reply

    def _head(self, method: str, target: str, headers: Mapping[str, str], auth: tuple[str, str] | None) -> str:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._pool.host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if auth is not None:
            lines.append(f"Authorization: {self._authorization(auth)}")
        lines.append("")
        head = "\r\n".join(lines)
        if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
            raise ValueError("a line break in a request's address or headers")
        return head

    def _authorization(self, auth: tuple[str, str]) -> str:
        if self._basic is None or self._basic[0] != auth:
            token = b64encode(f"{auth[0]}:{auth[1]}".encode()).decode("ascii")
            self._basic = (auth, f"Basic {token}")
        return self._basic[1]

    def _note(self, reply: Reply) -> None:
        count = reply.headers.get("twilio-concurrent-requests", "")
        if count.isdecimal():
            self.concurrent_requests = int(count)


def _form(data: Mapping[str, object]) -> str:
    """As urlencode(doseq=True) would, at a third of its cost, which was the dearest part of a send; pure ASCII."""
    pairs = []
    for name, value in data.items():
        for each in value if isinstance(value, list | tuple) else (value,):
            pairs.append(f"{_quoted_name(name)}={_quoted(str(each))}")
    return "&".join(pairs)


@lru_cache(maxsize=256)
def _quoted_name(name: str) -> str:
    return _quoted(name)


def _quoted(text: str) -> str:
    return _RESERVED.sub(_escape, text).replace(" ", "+")


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


@lru_cache(maxsize=1024)
def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _target(url: str, params: Mapping[str, object] | None) -> str:
    parts = urlsplit(url)
    query = "&".join(piece for piece in (parts.query, urlencode(params or {}, doseq=True)) if piece)
    return f"{parts.path or '/'}?{query}" if query else parts.path or "/"


def response_of(reply: Reply) -> Response:
    """A reply as the SDK reads it; raises AnswerLost where it is no text."""
    try:
        return Response(reply.status, reply.body.decode("utf-8"), reply.headers)
    except UnicodeDecodeError:
        raise AnswerLost("no_answer", "unreadable_reply") from None


def _seconds(retry_after: str | None) -> float | None:
    """Whole seconds only; a date would need a clock, and says no more than our own back-off."""
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
