"""A write over HTTP: one transaction, repeated without a second effect under the caller's Idempotency-Key."""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header, Request, Response

from services.api.auth import Caller
from services.api.problems import Problem, unavailable
from services.clock import Clock
from services.database import Database
from services.ids import uuid7
from services.store import idempotency

_PATIENCE = 20.0
_USABLE = re.compile(r"[\x21-\x7e]{1,255}")

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Any text of up to 255 characters; a request sent again under it has no second effect.",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answers; no body where it is None."""

    status: int
    body: Any = None

    def response(self) -> Response:
        """The HTTP answer."""
        return _response(self.status, _text(self.body))


@dataclass(frozen=True, slots=True)
class Write:
    """A request to write: by whom, under which name, and the hash of what it asks for."""

    caller: Caller
    name: str | None
    request_hash: bytes

    @property
    def event_id(self) -> str:
        """The id of the fact that this request tells: its Idempotency-Key, or a new one."""
        return self.name or str(uuid7())


Work = Callable[[Any], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Writes:
    """Runs writes."""

    database: Database
    clock: Clock

    async def once(self, write: Write, work: Work) -> Response:
        """Do the work, once for each Idempotency-Key; a repeat gets the answer of the first."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.database.insist(lambda c: self._in(c, write, work), what="http")
        except TimeoutError:
            raise unavailable("the database did not answer in time") from None

    async def _in(self, connection: Any, write: Write, work: Work) -> Response:
        if write.name is None:
            return (await work(connection)).response()
        key_id, name = write.caller.id, write.name
        if await idempotency.begin(connection, key_id, name, write.request_hash, self.clock.now()):
            answer = await work(connection)
            text = _text(answer.body)
            await idempotency.finish(connection, key_id, name, status=answer.status, body=text)
            return _response(answer.status, text)
        kept = await idempotency.find(connection, key_id, name)
        if kept.request_hash != write.request_hash:
            raise Problem(422, "this Idempotency-Key was used for another request; choose a new one")
        return _response(kept.status, kept.body, {"Idempotent-Replayed": "true"})


def write_of(request: Request, caller: Caller, name: str | None, body: bytes = b"") -> Write:
    """The write that a request asks for."""
    if name is not None and not _USABLE.fullmatch(name):
        raise Problem(422, "Idempotency-Key must be 1 to 255 visible ASCII characters")
    path = request.scope.get("raw_path") or request.url.path.encode()
    parts = (request.method.encode(), path, request.headers.get("content-type", "").encode(), body)
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big") + part)
    return Write(caller, name, hashed.digest())


def _text(body: Any) -> str:
    return "" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _response(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    media_type = "application/json" if text else None
    return Response(text or None, status, headers, media_type=media_type)
