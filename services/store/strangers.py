"""Stops of addresses that were nobody's when they came, by blind index, in the order of their coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_LOCK = 7268401216
_ALONE = f"select pg_advisory_xact_lock({_LOCK})"
_AMONG_OTHERS = f"select pg_advisory_xact_lock_shared({_LOCK})"
_ADD = "insert into stranger_stop (id, blind, channel, kind, reply_id, at) values ($1, $2, $3, $4, $5, $6)"
_OF = """
select id, blind, channel, kind, reply_id, at from stranger_stop where blind = any($1::bytea[]) order by id
"""


@dataclass(frozen=True, slots=True)
class StrangerStopRow:
    """A stop (kind suppress) or its end (kind lift); without a channel it is about every one."""

    id: UUID
    blind: bytes
    channel: str | None
    kind: str
    reply_id: UUID
    at: datetime


async def shut_snapshots_out(connection: Any) -> None:
    """Until this transaction ends no snapshot is taken in: an address that is nobody's now stays so meanwhile."""
    await connection.fetchval(_ALONE)


async def among_snapshots(connection: Any) -> None:
    """Wait for a stop under way before reading stops; to be called before any debtor is locked."""
    await connection.fetchval(_AMONG_OTHERS)


async def add(connection: Any, row: StrangerStopRow) -> None:
    """Remember a stop or its end."""
    await connection.execute(_ADD, row.id, row.blind, row.channel, row.kind, row.reply_id, row.at)


async def of(connection: Any, blinds: Sequence[bytes]) -> list[StrangerStopRow]:
    """Everything remembered of these addresses, oldest first."""
    return [StrangerStopRow(*tuple(row)) for row in await connection.fetch(_OF, blinds)]
