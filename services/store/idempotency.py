"""Answers kept by the caller's Idempotency-Key; the first writer's row makes every other wait for its commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_BEGIN = """
insert into idempotent_answer (api_key_id, idempotency_key, request_hash, created_at) values ($1, $2, $3, $4)
on conflict do nothing returning true
"""
_FINISH = "update idempotent_answer set status = $3, body = $4 where api_key_id = $1 and idempotency_key = $2"
_FIND = "select request_hash, status, body from idempotent_answer where api_key_id = $1 and idempotency_key = $2"
_PRUNE = """
delete from idempotent_answer where ctid = any(array(
    select ctid from idempotent_answer where created_at < $1 limit $2 for update skip locked))
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered to the request of this hash."""

    request_hash: bytes
    status: int
    body: str


async def begin(connection: Any, api_key_id: UUID, name: str, request_hash: bytes, now: datetime) -> bool:
    """Claim an Idempotency-Key for this transaction; False where it was answered before.

    Waits while another transaction holds the same key.
    """
    return bool(await connection.fetchval(_BEGIN, api_key_id, name, request_hash, now))


async def finish(connection: Any, api_key_id: UUID, name: str, *, status: int, body: str) -> None:
    """Keep the answer, in the transaction of its effect."""
    await connection.execute(_FINISH, api_key_id, name, status, body)


async def find(connection: Any, api_key_id: UUID, name: str) -> Kept:
    """The answer that was kept; it must be there."""
    return Kept(*tuple(await connection.fetchrow(_FIND, api_key_id, name)))


async def prune(connection: Any, *, before: datetime, limit: int) -> int:
    """Forget answers from before an instant, at most `limit` of them; gives how many."""
    status: str = await connection.execute(_PRUNE, before, limit)
    return int(status.rpartition(" ")[2])
