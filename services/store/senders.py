"""Who sends, and what carriers said of each sender's messages: a row a process, a row a sender, no row a message."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from channels.carriers import CarrierWord

_BEAT = """
insert into dispatcher (id, beat, told_at, senders) values ($1, $2, $3, $4::jsonb)
on conflict (id) do update set beat = excluded.beat, told_at = excluded.told_at, senders = excluded.senders
"""
_TOLD = "select senders::text from dispatcher where told_at >= $1 order by id"
_BEATS = "select id, beat from dispatcher"
_LEAVE = "delete from dispatcher where id = $1"
_BURY = "delete from dispatcher where id = $1 and beat = $2"
_ADD = """
insert into carrier_word as c (provider, sender, good, refused, misconfigured)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) as v (p, s, g, r, m)
order by p, s
on conflict (provider, sender) do update set good = c.good + excluded.good, refused = c.refused + excluded.refused,
    misconfigured = c.misconfigured + excluded.misconfigured
"""
_WORDS = "select provider, sender, good, refused, misconfigured from carrier_word"

SenderKey = tuple[str, str]
"""Provider and sender."""


@dataclass(frozen=True, slots=True)
class SenderHealth:
    """What one process makes of one sender: the state of its breaker, why, and seconds until it is tried again."""

    provider: str
    channel: str
    sender: str
    state: str
    cause: str | None
    seconds: float


async def beat(connection: Any, process: UUID, number: int, told: Sequence[SenderHealth], now: datetime) -> None:
    """Say that a process still sends, and what it makes of its senders."""
    await connection.execute(_BEAT, process, number, now, json.dumps([asdict(each) for each in told]))


async def told(connection: Any, since: datetime) -> list[list[SenderHealth]]:
    """What each process that beat since then makes of its senders."""
    rows = await connection.fetch(_TOLD, since)
    return [[SenderHealth(**each) for each in json.loads(row["senders"])] for row in rows]


async def beats(connection: Any) -> dict[UUID, int]:
    """Every process that sends or did so lately, with its last beat."""
    return {row["id"]: row["beat"] for row in await connection.fetch(_BEATS)}


async def leave(connection: Any, process: UUID) -> None:
    """Say that a process sends no more."""
    await connection.execute(_LEAVE, process)


async def bury(connection: Any, process: UUID, number: int) -> None:
    """Forget a process that died, unless it has beaten since."""
    await connection.execute(_BURY, process, number)


async def add_words(connection: Any, words: Mapping[SenderKey, CarrierWord]) -> None:
    """Add to what carriers said."""
    columns = [
        [provider for provider, _ in words],
        [sender for _, sender in words],
        [word.good for word in words.values()],
        [word.refused for word in words.values()],
        [word.misconfigured for word in words.values()],
    ]
    await connection.execute(_ADD, *columns)


async def words(connection: Any) -> dict[SenderKey, CarrierWord]:
    """All that carriers ever said, by sender."""
    rows = await connection.fetch(_WORDS)
    return {(row[0], row[1]): CarrierWord(row[2], row[3], row[4]) for row in rows}
