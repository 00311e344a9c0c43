"""What the console's pages read: bounded by their limits and the places where pages end, whatever the ledger holds.

Ids are ordered by time, so the latest rows of a table are the last of its primary key: nothing here counts a table.
"""

from datetime import datetime, timedelta
from typing import Any

_SAMPLE = 20_000
THROUGHPUT = f"""
select date_trunc('minute', handed_at) as minute, channel, count(*) as attempts
from (select handed_at, channel from attempt order by id desc limit {_SAMPLE}) latest
where handed_at >= $1 group by 1, 2 order by 1
"""
_OPEN_TASKS = "select count(*) from (select 1 from task where closed_at is null limit 10000) open"
_UNKNOWN = "select count(*) from (select 1 from attempt where state = 'unknown' limit 10000) unknown"
PROVIDERS = f"""
select provider, channel, sender, count(*) as attempts,
    count(*) filter (where state in ('accepted', 'sent', 'delivered', 'read')) as good,
    count(*) filter (where state in ('delivered', 'read')) as delivered,
    count(*) filter (where state in ('failed', 'undelivered', 'rejected')) as failed,
    count(*) filter (where state = 'unknown') as unknown,
    count(*) filter (where state = 'not_sent') as not_sent,
    count(*) filter (where state = 'sending') as sending,
    mode() within group (order by failure) filter (where failure is not null) as failure,
    max(handed_at) as last_at
from (select provider, channel, sender, state, failure, handed_at from attempt order by id desc limit {_SAMPLE}) latest
where handed_at >= $1 group by 1, 2, 3 order by 1, 2, 3
"""


async def throughput(connection: Any, now: datetime, *, minutes: int = 60) -> list[dict[str, Any]]:
    """Hand-overs by minute and channel, of the last `minutes` as far as 20,000 hand-overs reach."""
    return [dict(row) for row in await connection.fetch(THROUGHPUT, now - timedelta(minutes=minutes))]


async def providers(connection: Any, now: datetime, *, minutes: int = 60) -> list[dict[str, Any]]:
    """How hand-overs of the last `minutes` went by provider, channel and sender (of the latest 20,000)."""
    return [dict(row) for row in await connection.fetch(PROVIDERS, now - timedelta(minutes=minutes))]


async def waiting_for_people(connection: Any) -> tuple[int, int]:
    """Open tasks and attempts whose outcome nobody knows, at most 10,000 of each."""
    return await connection.fetchval(_OPEN_TASKS), await connection.fetchval(_UNKNOWN)
