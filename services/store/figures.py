"""The figures of the console and of `/v1/kpis`, from the documented views; formulas are in deploy/figures.md."""

from dataclasses import dataclass
from datetime import date
from typing import Any

BY = {
    "campaign": "campaign",
    "channel": "coalesce(channel, 'task')",
    "segment": "coalesce(segment, '')",
    "region": "coalesce(region, '')",
    "day": "day::text",
}
_COUNTS = """
    count(*) as planned,
    count(*) filter (where handed_over) as sent,
    count(*) filter (where state = 'delivered' or state = 'read') as delivered,
    count(*) filter (where state = 'read') as read,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state = 'unknown') as unknown,
    count(*) filter (where state = 'suppressed') as suppressed,
    count(*) filter (where state = 'cancelled') as cancelled,
    count(*) filter (where state = 'expired') as expired,
    coalesce(sum(parts), 0)::bigint as parts,
    coalesce(sum(replies), 0)::bigint as replied,
    coalesce(sum(promises), 0)::bigint as promised
"""
_ROWS = "select {key} as key, {counts} from figures_message where day >= $1 and day < $2 group by 1 order by 1"
_BLOCKED = """
select coalesce(rule, reason, 'unknown') as rule, count(*) as messages from figures_message
where day >= $1 and day < $2 and state = 'suppressed' group by 1 order by 2 desc, 1 limit 50
"""
_PORTFOLIO = """
select currency, count(*) filter (where open) as open_installments,
    coalesce(sum(amount) filter (where open), 0) as outstanding,
    coalesce(sum(amount) filter (where open and due_date < $3), 0) as overdue,
    coalesce(sum(amount) filter (where not open and paid_on >= $1 and paid_on < $2), 0) as recovered,
    avg(greatest(paid_on - due_date, 0)) filter (where not open and paid_on >= $1 and paid_on < $2) as days_to_collect
from figures_installment group by currency order by currency
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by key, the rules that blocked most, and the portfolio by currency."""

    rows: list[dict[str, Any]]
    blocked: list[dict[str, Any]]
    portfolio: list[dict[str, Any]]


async def read(connection: Any, *, since: date, until: date, by: str, today: date) -> Figures:
    """The figures from `since` (inclusive) until `until` (exclusive), UTC days; `by` is a key of BY."""
    sql = _ROWS.format(key=BY[by], counts=_COUNTS)
    return Figures(
        rows=[dict(row) for row in await connection.fetch(sql, since, until)],
        blocked=[dict(row) for row in await connection.fetch(_BLOCKED, since, until)],
        portfolio=[dict(row) for row in await connection.fetch(_PORTFOLIO, since, until, today)],
    )
