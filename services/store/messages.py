"""Messages: planned once per semantic key, claimed under their debtor's lock, ended with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.store.columns import by_kind, write_kinds

URGENT, BULK = 0, 1
"""The lanes: what somebody waits for is claimed before whatever a campaign has piled up."""

_FIELDS = """m.id, m.debtor_ref, m.loan_ref, m.installment_number, m.occurrence, m.campaign, m.step, m.version_id,
    m.purpose, m.channel, m.state, m.outcome, m.reason, m.rule, m.earliest, m.due_at, m.expires_at, m.priority,
    m.attempts, m.tried, m.sequence, m.trigger_id, m.trigger_type, m.lane"""
_INSERT = """
with changed as (insert into figure_change (messages) values ($1::uuid[]))
insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, earliest, due_at, expires_at, priority,
    trigger_id, campaign, step, version_id, purpose, channel, state, outcome, reason, rule, sequence, trigger_type,
    lane, created_at, updated_at, segment, region, country)
select v.id, v.debtor_ref, v.loan_ref, v.installment, v.occurrence, v.earliest, v.due_at, v.expires_at, v.priority,
    v.trigger_id, k.campaign, k.step, k.version, k.purpose, k.channel, k.state, k.outcome, k.reason, k.rule, k.sequence,
    k.trigger_type, k.lane, $24, $24, d.segment, d.region, d.country
from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::date[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[], $9::float8[], $10::text[], $11::int[])
    as v (id, debtor_ref, loan_ref, installment, occurrence, earliest, due_at, expires_at, priority, trigger_id, kind)
join unnest($12::text[], $13::text[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
        $20::text[], $21::int[], $22::text[], $23::smallint[]) with ordinality
    as k (campaign, step, version, purpose, channel, state, outcome, reason, rule, sequence, trigger_type, lane, kind)
    using (kind)
left join debtor d on d.debtor_ref = v.debtor_ref
on conflict do nothing returning id
"""
_own = attrgetter(
    *("id", "debtor_ref", "loan_ref", "installment_number", "occurrence", "earliest", "due_at", "expires_at"),
    *("priority", "trigger_id"),
)
_shared = attrgetter(
    *("campaign", "step", "version_id", "purpose", "channel", "state", "outcome", "reason", "rule", "sequence"),
    *("trigger_type", "lane"),
)
_UPDATE = """
with changed as (insert into figure_change (messages) values ($1::uuid[]))
update message m set state = k.state, channel = k.channel, outcome = k.outcome, reason = k.reason, rule = k.rule,
    due_at = v.due_at, attempts = k.attempts, tried = string_to_array(k.tried, ','), sequence = k.sequence,
    updated_at = $12
from unnest($1::uuid[], $2::timestamptz[], $3::int[]) as v (id, due_at, kind)
join unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::int[], $11::text[])
    with ordinality as k (state, outcome, reason, rule, attempts, tried, sequence, channel, kind) using (kind)
where m.id = v.id
"""
_own_change = attrgetter("id", "due_at")
# One look-up a debtor, whatever the planner believes of a young table: with `= any` it may read all that is planned.
PLANNED_OF = f"""
select {_FIELDS} from unnest($1::text[]) as given (debtor_ref) cross join lateral (
    select * from message where debtor_ref = given.debtor_ref and state = 'planned' offset 0
) m
"""
_BY_ID = f"select {_FIELDS} from message m where m.id = any($1::uuid[])"
# From '-infinity' on, as the indexes by time ask; and between two instants the planner expects few rows and keeps one
# plan, where it else plans anew for each claim (0.5 ms). Open attempts are looked up one by one: as `not exists` a plan
# compares every due message with all of them, since their table is near empty whenever it is analysed.
_CANDIDATES = """
select m.id, m.debtor_ref from message m join debtor d using (debtor_ref)
where m.state = 'planned' and m.due_at between '-infinity' and $1 {lane}
  and (select o.attempt_id from open_attempt o where o.debtor_ref = m.debtor_ref) is null
order by m.due_at, {order} limit $2
for update of d skip locked
"""
CANDIDATES = f"""
with urgent as ({_CANDIDATES.format(lane="and m.lane = 0", order="m.id")}),
     bulk as ({_CANDIDATES.format(lane="and m.lane = 1", order="m.priority desc, m.id")})
select * from urgent union all select * from bulk
"""
_BACKLOG = """
select count(*) as due, min(due_at) as oldest
from (
    select due_at from message where state = 'planned' and due_at between '-infinity' and $1
    order by due_at limit 100000
) m
"""


@dataclass(slots=True)
class MessageRow:
    """One intention: this step, for this debtor, for this due date."""

    id: UUID
    debtor_ref: str
    loan_ref: str
    installment_number: int
    occurrence: date
    campaign: str
    step: str
    version_id: int
    purpose: str
    channel: str | None
    state: str
    outcome: str | None
    reason: str | None
    rule: str | None
    earliest: datetime
    due_at: datetime
    expires_at: datetime
    priority: float = 0.0
    attempts: int = 0
    tried: list[str] = field(default_factory=list)
    sequence: int = 0
    trigger_id: str | None = None
    trigger_type: str | None = None
    lane: int = BULK

    def next_sequence(self) -> int:
        """The number of this message's next event; consumers drop what comes late by it."""
        self.sequence += 1
        return self.sequence


async def insert(connection: Any, rows: Sequence[MessageRow], now: datetime) -> set[UUID]:
    """Plan messages; those whose semantic key exists already are passed over. Gives the ids that are new."""
    if not rows:
        return set()
    columns = by_kind(rows, _own, _shared)
    inserted = await connection.fetch(_INSERT, *columns, now)
    return {row["id"] for row in inserted}


async def update(connection: Any, rows: Sequence[MessageRow], now: datetime) -> None:
    """Write the changed fields of messages whose debtors are locked."""
    await write_kinds(connection, _UPDATE, rows, _own_change, _shared_change, now)


async def planned_of(connection: Any, debtor_refs: Sequence[str]) -> list[MessageRow]:
    """Every planned message of these debtors."""
    return [MessageRow(*tuple(row)) for row in await connection.fetch(PLANNED_OF, debtor_refs)]


async def by_id(connection: Any, ids: Sequence[UUID]) -> dict[UUID, MessageRow]:
    """Messages by id, in whatever state."""
    return {row["id"]: MessageRow(*tuple(row)) for row in await connection.fetch(_BY_ID, ids)}


async def lock_due(connection: Any, *, now: datetime, limit: int) -> list[tuple[UUID, str]]:
    """Lock the debtors of the messages that are due, passing over debtors that others hold or that are in contact.

    Gives (message, debtor), the urgent first, then the oldest due; the messages must be read again, since only debtors
    are locked.
    """
    rows = await connection.fetch(CANDIDATES, now, limit)
    return [(row["id"], row["debtor_ref"]) for row in rows[:limit]]


async def backlog(connection: Any, now: datetime) -> tuple[int, datetime | None]:
    """How many messages are due (at most 100,000 are counted) and since when the oldest is."""
    row = await connection.fetchrow(_BACKLOG, now)
    return row["due"], row["oldest"]


def _shared_change(row: MessageRow) -> tuple[Any, ...]:
    tried = ",".join(row.tried)
    return row.state, row.outcome, row.reason, row.rule, row.attempts, tried, row.sequence, row.channel
