"""The outbox: what we publish is written with the change that made it, and goes out in order per debtor.

Columns are those of Debezium's outbox router, so a connector may take the relay's place.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.values import value
from services.store.columns import copy_rows

_COLUMNS = ("id", "aggregatetype", "aggregateid", "type", "subject", "payload", "headers", "created_at")
_NEXT = """
select seq, id, aggregatetype as topic, aggregateid as key, type, subject, payload::text as payload,
       headers::text as headers, created_at
from outbox where ($2 = 1 or abs(hashtext(aggregateid)::bigint) % $2 = any($3::int[])) order by seq limit $1
"""
_DELETE = "delete from outbox where seq = any($1::bigint[])"
_LAG = (
    "select count(*) as rows, min(created_at) as oldest from (select created_at from outbox order by seq limit 10000) o"
)
_LANE_KEY = 7268401300
_SEAT_KEY = _LANE_KEY + 1000
_LOCK = "select pg_try_advisory_lock($1::bigint)"
_UNLOCK = "select pg_advisory_unlock($1::bigint)"
_SEATS_TAKEN = """
select count(*) from pg_locks
where locktype = 'advisory' and granted and objsubid = 1 and classid::bigint = $1::bigint >> 32
  and database = (select oid from pg_database where datname = current_database())
  and objid::bigint >= $1::bigint & 4294967295 and objid::bigint < ($1::bigint & 4294967295) + $2
"""


@value
class OutboxRow:
    """One event to publish: topic and key, its data (`payload`) and its attributes (`headers`) as JSON texts."""

    id: UUID
    topic: str
    key: str
    type: str
    subject: str
    payload: str
    headers: str


async def append(connection: Any, rows: Sequence[OutboxRow], now: datetime) -> None:
    """Add rows in their order; the debtors they are about must be locked, so that order is that of commits."""
    values = [(row.id, row.topic, row.key, row.type, row.subject, row.payload, row.headers, now) for row in rows]
    await copy_rows(connection, "outbox", _COLUMNS, values)


async def next_rows(connection: Any, *, limit: int, lanes: Sequence[int], of: int) -> list[Any]:
    """The oldest rows of these lanes (a debtor is always in one lane out of `of`)."""
    rows: list[Any] = await connection.fetch(_NEXT, limit, of, list(lanes))
    return rows


async def delete(connection: Any, seqs: Sequence[int]) -> None:
    """Forget rows that Kafka has confirmed."""
    await connection.execute(_DELETE, seqs)


async def lag(connection: Any) -> tuple[int, datetime | None]:
    """How many rows wait (at most 10,000 are counted) and since when."""
    row = await connection.fetchrow(_LAG)
    return row["rows"], row["oldest"]


async def take_lane(connection: Any, lane: int) -> bool:
    """Make this session the only publisher of a lane, for as long as it lives."""
    return bool(await connection.fetchval(_LOCK, _LANE_KEY + lane))


async def leave_lane(connection: Any, lane: int) -> None:
    """Let another session publish a lane; nothing of it may be under way."""
    await connection.execute(_UNLOCK, _LANE_KEY + lane)


async def take_seat(connection: Any, seats: int) -> bool:
    """Be counted among the relays, for as long as this session lives; False where every seat is taken."""
    for seat in range(seats):
        if await connection.fetchval(_LOCK, _SEAT_KEY + seat):
            return True
    return False


async def seats_taken(connection: Any, seats: int) -> int:
    """How many relays there are."""
    count: int = await connection.fetchval(_SEATS_TAKEN, _SEAT_KEY, seats)
    return count
