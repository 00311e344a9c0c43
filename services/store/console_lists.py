"""The lists of the console, a page at a time: each starts after a place and reads no more than it shows.

Where no index serves a filter, only the latest twenty thousand messages before the place are looked through.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

LAST = UUID(int=(1 << 128) - 1)
"""Comes after every id: where the first page of a list, the newest first, begins."""

_WINDOW = 20_000
_MOST_UNKNOWN = 10_000
_FIELDS = """m.id, m.debtor_ref, m.loan_ref, nullif(m.installment_number, -1) as installment_number, m.occurrence,
    m.campaign, m.step, m.purpose, m.channel, m.state, m.outcome, coalesce(m.outcome, m.state) as shown, m.reason,
    m.rule, m.due_at, m.updated_at, m.created_at"""
_FILTERS = """
    and ($2::text is null or m.campaign = $2) and ($3::text is null or coalesce(m.outcome, m.state) = $3)
    and ($4::text is null or m.channel = $4)
"""
LATEST = f"""
select {_FIELDS}, d.timezone
from (select * from message where id < $1 order by id desc limit {_WINDOW}) m join debtor d using (debtor_ref)
where true {_FILTERS} order by m.id desc limit $5
"""
OF_DEBTORS = f"""
select {_FIELDS}, d.timezone from message m join debtor d using (debtor_ref)
where m.debtor_ref = any($6::text[]) and m.id < $1 {_FILTERS} order by m.id desc limit $5
"""
OPEN_TASKS = """
select id, debtor_ref, loan_ref, message_id, type, queue, reason, due_at, created_at, closed_at, outcome, agent_ref
from task where closed_at is null and (created_at, id) > ($1, $2) order by created_at, id limit $3
"""
_CLOSED_TASKS = f"""
select id, debtor_ref, loan_ref, message_id, type, queue, reason, due_at, created_at, closed_at, outcome, agent_ref
from (select * from task where id < $1 order by id desc limit {_WINDOW}) latest
where closed_at is not null order by id desc limit $2
"""
UNKNOWN = f"""
select u.id, u.message_id, u.debtor_ref, u.campaign, u.channel, u.provider, u.number, u.code, u.handed_at, u.looked_up,
    u.look_up_at, d.timezone
from (
    select * from (select * from attempt where state = 'unknown' limit {_MOST_UNKNOWN}) found
    where id < $1 order by id desc limit $2
) u join debtor d using (debtor_ref) order by u.id desc
"""
_MESSAGE_OF_ATTEMPT = "select message_id from attempt where id = $1"
_MESSAGE = "select id from message where id = $1"
_DEBTORS_OF = """
select debtor_ref from debtor where debtor_ref = $1
union select debtor_ref from loan where loan_ref = $1 and debtor_ref is not null
"""
_OWNERS = "select distinct debtor_ref from contact_point where blind = $1 order by 1 limit 50"


async def messages(
    connection: Any,
    *,
    before: UUID,
    limit: int,
    campaign: str | None,
    state: str | None,
    channel: str | None,
    debtors: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Messages before a place, newest first; of these debtors alone where any are named."""
    arguments = (before, campaign, state, channel, limit)
    if debtors is None:
        return _rows(await connection.fetch(LATEST, *arguments))
    return _rows(await connection.fetch(OF_DEBTORS, *arguments, list(debtors)))


async def open_tasks(connection: Any, *, after: tuple[datetime, UUID], limit: int) -> list[dict[str, Any]]:
    """Open tasks after a place, oldest first."""
    return _rows(await connection.fetch(OPEN_TASKS, *after, limit))


async def closed_tasks(connection: Any, *, before: UUID, limit: int) -> list[dict[str, Any]]:
    """Closed tasks before a place, newest first."""
    return _rows(await connection.fetch(_CLOSED_TASKS, before, limit))


async def unknowns(connection: Any, *, before: UUID, limit: int) -> list[dict[str, Any]]:
    """Attempts whose outcome nobody knows, before a place, newest first."""
    return _rows(await connection.fetch(UNKNOWN, before, limit))


async def message_named(connection: Any, ref: UUID) -> UUID | None:
    """The message of an id, which may be that of one of its attempts."""
    found: UUID | None = await connection.fetchval(_MESSAGE, ref)
    return found or await connection.fetchval(_MESSAGE_OF_ATTEMPT, ref)


async def debtors_named(connection: Any, ref: str) -> list[str]:
    """The debtor of a reference, which may be that of one of their loans."""
    return [row["debtor_ref"] for row in await connection.fetch(_DEBTORS_OF, ref)]


async def owners(connection: Any, blind: bytes) -> list[str]:
    """The debtors who have a contact point of this index, fifty at most."""
    return [row["debtor_ref"] for row in await connection.fetch(_OWNERS, blind)]


def _rows(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in found]
