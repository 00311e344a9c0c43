"""What is no longer kept: months of append-only tables dropped whole, the rest deleted or emptied in batches."""

from datetime import date, datetime
from typing import Any

_MONTHS = """
select right(c.relname, 6) as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = $1::text::regclass and c.relname ~ '_[0-9]{6}$' order by 1
"""
_EXISTS = "select to_regclass($1) is not null"
_MAKE = "select make_month_partition($1, $2::date)"
_SEALED_ROWS = """
select coalesce(sum((parts -> $2 ->> 0)::bigint), 0)::bigint from audit_seal where source = $1 and kind = 'sealed'
"""
_SEALED_UP_TO = "select coalesce(max(until_xact), 0) from audit_seal where source = $1 and kind = 'sealed'"
_MESSAGES = """
with old as materialized (
    select id from message
    where id < month_floor_uuid7($1) and updated_at < $1 and expires_at < $1
        and state in ('done', 'cancelled', 'denied', 'expired')
        and not exists (
            select from attempt a join open_attempt o on o.attempt_id = a.id where a.message_id = message.id)
    order by id limit $2 for update skip locked
), counted as (delete from message_counted where message_id in (select id from old)
), attempts as (delete from attempt where message_id in (select id from old)
)
delete from message where id in (select id from old)
"""
_REPLIES = """
update reply set sealed = null, blind = null where id = any(array(
    select id from reply where id < month_floor_uuid7($1) and sealed is not null order by id limit $2))
"""
_CALLS = """
delete from call where id = any(array(
    select id from call where attempt_id < month_floor_uuid7($1) order by attempt_id limit $2 for update skip locked))
"""
_CONTACTS = """
delete from other_contact where ctid = any(array(
    select ctid from other_contact where at < $1 order by at limit $2 for update skip locked))
"""
_TASKS = """
delete from task where id = any(array(
    select id from task where closed_at < $1 order by closed_at limit $2 for update skip locked))
"""
BATCHES = {
    "messages": _MESSAGES,
    "reply_texts": _REPLIES,
    "calls": _CALLS,
    "other_contacts": _CONTACTS,
    "closed_tasks": _TASKS,
}
"""What goes row by row: each statement takes the instant before which, and how many at most."""

MONTHLY = ("audit", "decision", "receipt", "callback")
"""Tables in monthly partitions."""


async def months(connection: Any, table: str) -> list[str]:
    """The months (YYYYMM) that have a partition, oldest first."""
    return [row["month"] for row in await connection.fetch(_MONTHS, table)]


async def make_month(connection: Any, table: str, month: date) -> None:
    """Make a month's partition where it is missing; nothing may lie in the place for the rest that belongs there."""
    if not await connection.fetchval(_EXISTS, f"{table}_{month:%Y%m}"):
        await connection.execute(_MAKE, table, month)


async def sealed_rows(connection: Any, table: str, month: str) -> int | None:
    """How many rows of a month were sealed; None where some are not sealed yet."""
    up_to = await connection.fetchval(_SEALED_UP_TO, table)
    if await connection.fetchval(f"select exists (select from {_partition(table, month)} where xact >= $1)", up_to):
        return None
    rows: int = await connection.fetchval(_SEALED_ROWS, table, month)
    return rows


async def drop_month(connection: Any, table: str, month: str) -> None:
    """Remove a month whole; raises LockNotAvailableError where others hold the table for long."""
    await connection.execute("set local lock_timeout = '2s'")
    await connection.execute(f"drop table {_partition(table, month)}")


async def remove(connection: Any, what: str, *, before: datetime, limit: int) -> int:
    """Remove up to `limit` rows of a kind of BATCHES that ended before an instant; gives how many."""
    status: str = await connection.execute(BATCHES[what], before, limit)
    return int(status.rpartition(" ")[2])


def _partition(table: str, month: str) -> str:
    if table not in MONTHLY or len(month) != 6 or not month.isdecimal():
        raise ValueError(f"{table}_{month} is no monthly partition")
    return f"{table}_{month}"
