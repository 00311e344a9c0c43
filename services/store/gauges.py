"""Counts for the gauges: cheap, bounded, and about nobody in particular."""

from datetime import datetime, timedelta
from typing import Any

_UNKNOWN = "select count(*) from attempt where state = 'unknown' and look_up_at is not null"
_WAITING = """
select count(*) from (
    select 1 from installment i join loan l using (loan_ref) left join debtor d using (debtor_ref)
    where (l.debtor_ref is null or d.state = 'awaited') and i.due_date >= $1 limit 100000) waiting
"""
_STOPS = "select count(*) from stop where lifted_at is null"
_RECENT = timedelta(days=60)


async def unknown(connection: Any) -> int:
    """Attempts whose outcome may still be found out."""
    count: int = await connection.fetchval(_UNKNOWN)
    return count


async def waiting_installments(connection: Any, now: datetime) -> int:
    """Installments that came before their debtor's snapshot (at most 100,000 are counted)."""
    count: int = await connection.fetchval(_WAITING, (now - _RECENT).date())
    return count


async def stops(connection: Any) -> int:
    """Kill switches in force."""
    count: int = await connection.fetchval(_STOPS)
    return count
