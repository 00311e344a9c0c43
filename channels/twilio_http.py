"""The Twilio SDK's requests over our own connections: one POST is one request, ever."""

import logging
import string
from base64 import b64encode
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from urllib.parse import urlencode, urlsplit

from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.errors import AnswerLost, TooManyRequests
from channels.http import HttpPool
from channels.http_connection import Reply

_KEPT = (string.ascii_letters + string.digits + "_.~-% ").encode()
_ESCAPES = [(bytes([byte]), b"%%%02X" % byte) for byte in range(256)]
_ALIKE = frozenset({"From", "MessagingServiceSid", "ValidityPeriod"})
"""Fields of a form that many messages share and that say nothing of a person."""
_SEVERAL = (list, tuple)

_logger = logging.getLogger(__name__)


class TwilioHttp(AsyncHttpClient):  # type: ignore[misc]  # the SDK ships no types
    """What the SDK calls to send."""

    def __init__(self, pool: HttpPool) -> None:
        super().__init__(_logger, True, None)
        self._pool = pool
        self._basic: tuple[tuple[str, str], str] | None = None
        self._heads: dict[str, bytes] = {}

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
        reply = await self._exchange(head, _form(data) if data else b"", timeout)
        return response_of(reply)

    def post(self, client: Client, uri: str, data: Mapping[str, object]) -> Awaitable[Reply]:
        """The POST that the SDK would make to create a record, with a head made once; raises as `request` does.

        The SDK's own way from layer to layer takes as long as the exchange itself.
        """
        head = self._heads.get(uri)
        if head is None:
            url = client.get_hostname(client.api.absolute_url(client.api.v2010.relative_uri(uri)))
            head = self._head("POST", _target(url, None), client.get_headers("POST", None), client.auth)
            self._heads[uri] = head
        return self._exchange(head, _form(data))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.close()

    async def _exchange(self, head: bytes, body: bytes, timeout: float | None = None) -> Reply:
        request = b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)
        reply = await self._pool.exchange(request, timeout=timeout)
        if reply.status == 429:
            raise TooManyRequests(_seconds(reply.headers.get("retry-after")))
        return reply

    def _head(self, method: str, target: str, headers: Mapping[str, str], auth: tuple[str, str] | None) -> bytes:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._pool.host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if auth is not None:
            lines.append(f"Authorization: {self._authorization(auth)}")
        lines.append("")
        head = "\r\n".join(lines)
        if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
            raise ValueError("a line break in a request's address or headers")
        return head.encode("latin-1")

    def _authorization(self, auth: tuple[str, str]) -> str:
        if self._basic is None or self._basic[0] != auth:
            token = b64encode(f"{auth[0]}:{auth[1]}".encode()).decode("ascii")
            self._basic = (auth, f"Basic {token}")
        return self._basic[1]


def _form(data: Mapping[str, object]) -> bytes:
    """As urlencode(doseq=True) would, at a quarter of its cost, which was the dearest part of a send; pure ASCII."""
    pairs = []
    for name, value in data.items():
        if name in _ALIKE:
            pairs.append(_known_pair(name, value))
            continue
        for each in value if isinstance(value, _SEVERAL) else (value,):
            pairs.append(_quoted_name(name) + b"=" + _quoted(str(each)))
    return b"&".join(pairs)


@lru_cache(maxsize=4096)
def _known_pair(name: str, value: object) -> bytes:
    return _quoted(name) + b"=" + _quoted(str(value))


@lru_cache(maxsize=256)
def _quoted_name(name: str) -> bytes:
    return _quoted(name)


def _quoted(text: str) -> bytes:
    """Each reserved byte that occurs is replaced all over, and first the percent sign, which is what replaces."""
    quoted = text.encode().replace(b"%", b"%25")
    for byte in set(quoted.translate(None, _KEPT)):
        quoted = quoted.replace(*_ESCAPES[byte])
    return quoted.replace(b" ", b"+")


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
