"""Calls and their turns: one row a turn, with the answer it got, so that a repeated webhook is answered alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_FIELDS = """c.id, c.attempt_id, c.inbound, c.provider, c.provider_ref, c.debtor_ref, c.message_id, c.loan_ref,
    c.language, c.voice, c.script, c.ends_at"""
_INSERT = """
insert into call (id, attempt_id, inbound, provider, provider_ref, debtor_ref, message_id, loan_ref, language, voice,
    script, ends_at, created_at)
select *, $13 from unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::uuid[],
    $8::text[], $9::text[], $10::text[], $11::bytea[], $12::timestamptz[])
on conflict do nothing
"""
_LOCK = f"select {_FIELDS} from call c where c.id = $1 for update"
_BY_REF = f"select {_FIELDS} from call c where c.provider = $1 and c.provider_ref = $2 for update"
_OF_ATTEMPT = f"select {_FIELDS} from call c where c.attempt_id = $1 and not c.inbound"
_NAME = "update call set provider_ref = $2 where id = $1 and provider_ref is null"
_CONCLUDE = "update call set outcome = $2 where id = $1"
_STEPS = "select seq, step, digits, answer, at from call_step where call_id = $1 order by seq"
_KEEP = "insert into call_step (call_id, seq, step, digits, answer, at) values ($1, $2, $3, $4, $5, $6)"
_REPLY = "select id from reply where provider = $1 and provider_ref = $2"
_LAST_TO = """
select a.id from contact_point p join attempt a using (debtor_ref, contact_point_ref)
where p.blind = $1 and a.state not in ('not_sent', 'rejected')
  and not exists (select from contact_point_fault f
                  where f.debtor_ref = p.debtor_ref and f.blind = p.blind and f.channel is null)
order by a.handed_at desc limit 1
"""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call; ours has its attempt's id."""

    id: UUID
    attempt_id: UUID
    inbound: bool
    provider: str
    provider_ref: str | None
    debtor_ref: str
    message_id: UUID
    loan_ref: str | None
    language: str
    voice: str | None
    script: bytes | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One turn: what had been asked, the keys that came, and the sealed answer."""

    seq: int
    step: str
    digits: str
    answer: bytes
    at: datetime


async def open_new(connection: Any, rows: Sequence[CallRow], now: datetime) -> None:
    """Write calls that are not there yet."""
    if not rows:
        return
    columns = [
        [row.id for row in rows],
        [row.attempt_id for row in rows],
        [row.inbound for row in rows],
        [row.provider for row in rows],
        [row.provider_ref for row in rows],
        [row.debtor_ref for row in rows],
        [row.message_id for row in rows],
        [row.loan_ref for row in rows],
        [row.language for row in rows],
        [row.voice for row in rows],
        [row.script for row in rows],
        [row.ends_at for row in rows],
    ]
    await connection.execute(_INSERT, *columns, now)


async def lock(connection: Any, call_id: UUID) -> CallRow | None:
    """A call, locked: its turns come one after another."""
    row = await connection.fetchrow(_LOCK, call_id)
    return None if row is None else CallRow(*tuple(row))


async def lock_named(connection: Any, provider: str, provider_ref: str) -> CallRow | None:
    """The call that a provider knows by this name, locked."""
    row = await connection.fetchrow(_BY_REF, provider, provider_ref)
    return None if row is None else CallRow(*tuple(row))


async def of_attempt(connection: Any, attempt_id: UUID) -> CallRow | None:
    """The call that an attempt made, with its words."""
    row = await connection.fetchrow(_OF_ATTEMPT, attempt_id)
    return None if row is None else CallRow(*tuple(row))


async def name(connection: Any, call_id: UUID, provider_ref: str) -> None:
    """Keep the provider's name for a locked call."""
    await connection.execute(_NAME, call_id, provider_ref)


async def steps(connection: Any, call_id: UUID) -> list[StepRow]:
    """The turns of a locked call, first to last."""
    return [StepRow(*tuple(row)) for row in await connection.fetch(_STEPS, call_id)]


async def keep_step(connection: Any, call_id: UUID, row: StepRow) -> None:
    """Write the next turn of a locked call."""
    await connection.execute(_KEEP, call_id, row.seq, row.step, row.digits, row.answer, row.at)


async def conclude(connection: Any, call_id: UUID, outcome: str) -> None:
    """Keep what a locked call came to so far."""
    await connection.execute(_CONCLUDE, call_id, outcome)


async def last_attempt_to(connection: Any, blind: bytes) -> UUID | None:
    """The last attempt by any channel that went to a number; None where nothing did to whom it still is known to be."""
    found: UUID | None = await connection.fetchval(_LAST_TO, blind)
    return found


async def reply_of(connection: Any, provider: str, provider_ref: str) -> UUID | None:
    """The reply that keys of a call were kept as."""
    found: UUID | None = await connection.fetchval(_REPLY, provider, provider_ref)
    return found
