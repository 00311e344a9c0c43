"""Attempts: committed before the provider is called, settled once, moved only forward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.store.columns import copy_rows, write_kinds

_FIELDS = """a.id, a.message_id, a.debtor_ref, a.loan_ref, a.campaign, a.number, a.channel, a.contact_point_ref,
    a.provider, a.sender, a.state, a.superseded, a.provider_ref, a.template::text as template, a.content_hash,
    a.parts, a.handed_at, a.valid_until, a.settled_at, a.failure, a.code, a.looked_up, a.look_up_at"""
_COLUMNS = (
    *("id", "message_id", "debtor_ref", "loan_ref", "campaign", "number", "channel", "contact_point_ref", "provider"),
    *("sender", "state", "template", "content_hash", "parts", "handed_at", "valid_until"),
)
_LEASE = ("debtor_ref", "attempt_id", "lease_until")
_SUPERSEDE = "update attempt set superseded = true where message_id = any($1::uuid[]) and not superseded"
_UPDATE = """
update attempt a set state = k.state, provider_ref = coalesce(v.provider_ref, a.provider_ref),
    failure = k.failure, code = k.code, settled_at = coalesce(a.settled_at, $8), look_up_at = k.look_up_at
from unnest($1::uuid[], $2::text[], $3::int[]) as v (id, provider_ref, kind)
join unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[]) with ordinality
    as k (state, failure, code, look_up_at, kind) using (kind)
where a.id = v.id
"""
_own_change = attrgetter("id", "provider_ref")
_shared_change = attrgetter("state", "failure", "code", "look_up_at")
_BUSY = "select debtor_ref from open_attempt where debtor_ref = any($1::text[])"
_CLOSE = "delete from open_attempt where attempt_id = any($1::uuid[])"
_BY_ID = f"select {_FIELDS} from attempt a where a.id = any($1::uuid[])"
_OF_MESSAGE = f"select {_FIELDS} from attempt a where a.message_id = $1 order by a.number"
_DEBTORS = "select id, debtor_ref from attempt where id = any($1::uuid[])"
_LOCK_OWNERS = """
select a.id, d.debtor_ref from attempt a join debtor d using (debtor_ref)
where a.id = any($1::uuid[]) order by d.debtor_ref for update of d
"""
_LEASES_OUT = """
select o.attempt_id, o.debtor_ref from open_attempt o join debtor d using (debtor_ref)
where o.lease_until <= $1 order by o.lease_until limit $2 for update of d skip locked
"""
_TO_LOOK_UP = f"""
select {_FIELDS} from attempt a where a.state = 'unknown' and a.look_up_at <= $1 order by a.look_up_at limit $2
"""
_TO_ASK = f"""
select {_FIELDS} from attempt a
where a.state in ('accepted', 'sent') and a.look_up_at is not null and a.look_up_at <= $1 order by a.look_up_at limit $2
"""
_LOOKED_UP = """
update attempt a set looked_up = a.looked_up + 1, look_up_at = v.at
from unnest($1::uuid[], $2::timestamptz[]) as v (id, at)
where a.id = v.id and a.state in ('unknown', 'accepted', 'sent')
"""
_COUNTS = """
select count(*) filter (where state = 'unknown') as unknown,
       (select count(*) from open_attempt) as open from attempt where state = 'unknown'
"""


@dataclass(slots=True)
class AttemptRow:
    """One try at one provider for one message."""

    id: UUID
    message_id: UUID
    debtor_ref: str
    loan_ref: str | None
    campaign: str
    number: int
    channel: str
    contact_point_ref: str
    provider: str
    sender: str
    state: str
    superseded: bool
    provider_ref: str | None
    template: str
    content_hash: bytes
    parts: int
    handed_at: datetime
    valid_until: datetime
    settled_at: datetime | None = None
    failure: str | None = None
    code: str | None = None
    looked_up: int = 0
    look_up_at: datetime | None = None


async def open_new(connection: Any, rows: Sequence[AttemptRow], *, lease_until: datetime, now: datetime) -> None:
    """Write attempts in state sending and the lease of each; one open attempt a debtor, or it fails."""
    if not rows:
        return
    again = [row.message_id for row in rows if row.number > 1]
    if again:
        await connection.execute(_SUPERSEDE, again)
    await copy_rows(connection, "attempt", _COLUMNS, [_new_columns(row, now) for row in rows])
    leases = [(row.debtor_ref, row.id, lease_until) for row in rows]
    await copy_rows(connection, "open_attempt", _LEASE, leases)


async def update(connection: Any, rows: Sequence[AttemptRow], now: datetime) -> None:
    """Write the changed fields of attempts whose debtors are locked."""
    await write_kinds(connection, _UPDATE, rows, _own_change, _shared_change, now)


async def busy(connection: Any, debtor_refs: Sequence[str]) -> set[str]:
    """Of these locked debtors, those with an open attempt."""
    return {row["debtor_ref"] for row in await connection.fetch(_BUSY, debtor_refs)}


async def close(connection: Any, ids: Sequence[UUID]) -> None:
    """Free the debtors of attempts that have an answer, or never will."""
    await connection.execute(_CLOSE, ids)


async def by_id(connection: Any, ids: Sequence[UUID]) -> dict[UUID, AttemptRow]:
    """Attempts by id."""
    return {row["id"]: AttemptRow(*tuple(row)) for row in await connection.fetch(_BY_ID, ids)}


async def of_message(connection: Any, message_id: UUID) -> list[AttemptRow]:
    """All attempts of one message, first to last."""
    return [AttemptRow(*tuple(row)) for row in await connection.fetch(_OF_MESSAGE, message_id)]


async def debtors_of(connection: Any, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The debtor of each attempt that exists."""
    return {row["id"]: row["debtor_ref"] for row in await connection.fetch(_DEBTORS, ids)}


async def lock_owners(connection: Any, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Lock the debtors of attempts, in the order of their refs; gives the debtor of each attempt that exists."""
    return {row["id"]: row["debtor_ref"] for row in await connection.fetch(_LOCK_OWNERS, ids)}


async def lock_leases_out(connection: Any, *, now: datetime, limit: int) -> list[UUID]:
    """Attempts whose lease ran out without an answer; their debtors are locked."""
    return [row["attempt_id"] for row in await connection.fetch(_LEASES_OUT, now, limit)]


async def to_look_up(connection: Any, *, now: datetime, limit: int) -> list[AttemptRow]:
    """Unknown attempts whose turn it is to be looked up at their provider."""
    return [AttemptRow(*tuple(row)) for row in await connection.fetch(_TO_LOOK_UP, now, limit)]


async def to_ask(connection: Any, *, now: datetime, limit: int) -> list[AttemptRow]:
    """Attempts that were taken over and whose receipt is so late that it may be lost."""
    return [AttemptRow(*tuple(row)) for row in await connection.fetch(_TO_ASK, now, limit)]


async def looked_up(connection: Any, turns: Sequence[tuple[UUID, datetime | None]]) -> None:
    """Count a look-up that found nothing new, and say when the next one is due (None: no more)."""
    await connection.execute(_LOOKED_UP, [t[0] for t in turns], [t[1] for t in turns])


async def counts(connection: Any) -> tuple[int, int]:
    """How many attempts are unknown, and how many are open."""
    row = await connection.fetchrow(_COUNTS)
    return row["unknown"], row["open"]


def _new_columns(row: AttemptRow, now: datetime) -> tuple[Any, ...]:
    return (
        row.id,
        row.message_id,
        row.debtor_ref,
        row.loan_ref,
        row.campaign,
        row.number,
        row.channel,
        row.contact_point_ref,
        row.provider,
        row.sender,
        "sending",
        row.template,
        row.content_hash,
        row.parts,
        now,
        row.valid_until,
    )
