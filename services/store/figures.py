"""The figures of the console and of `/v1/kpis`, from what upkeep counted; formulas are in deploy/figures.md."""

from dataclasses import dataclass
from datetime import date
from typing import Any

BY = {
    "campaign": "campaign",
    "channel": "case when channel = '' then 'task' else channel end",
    "segment": "segment",
    "region": "region",
    "day": "day::text",
}
_COUNTS = """
    sum(messages)::bigint as planned,
    sum(handed_over)::bigint as sent,
    coalesce(sum(messages) filter (where state = 'delivered' or state = 'read'), 0)::bigint as delivered,
    coalesce(sum(messages) filter (where state = 'read'), 0)::bigint as read,
    coalesce(sum(messages) filter (where state = 'failed'), 0)::bigint as failed,
    coalesce(sum(messages) filter (where state = 'unknown'), 0)::bigint as unknown,
    coalesce(sum(messages) filter (where state = 'suppressed'), 0)::bigint as suppressed,
    coalesce(sum(messages) filter (where state = 'cancelled'), 0)::bigint as cancelled,
    coalesce(sum(messages) filter (where state = 'expired'), 0)::bigint as expired,
    sum(parts)::bigint as parts, sum(replies)::bigint as replied, sum(promises)::bigint as promised
"""
_WANTED = """
    day >= $1 and day < $2 and ($3::text is null or campaign = $3) and ($4::text is null or channel = $4)
    and ($5::text is null or segment = $5) and ($6::text is null or region = $6)
"""
_ROWS = """
select {key} as key, {counts} from message_figure where {wanted} group by 1 having sum(messages) <> 0 order by 1
"""
_BLOCKED = f"""
select rule, sum(messages)::bigint as messages from message_figure
where {_WANTED} and state = 'suppressed' group by 1 having sum(messages) <> 0 order by 2 desc, 1 limit 50
"""
_SUMS = """
select {key} as key, {counts} from message_rollup where by = '{by}' and day >= $1 and day < $2
group by 1 having sum(messages) <> 0 order by 1
"""
_ITSELF = """
select {shown} as key, {counts} from message_rollup
where by = '{name}' and key = $3 and day >= $1 and day < $2 group by 1 having sum(messages) <> 0 order by 1
"""
_PAIRS = """
select {shown} as key, {counts} from message_pair
where by = '{by}' and other = '{other}' and {held} = $3 and day >= $1 and day < $2
group by 1 having sum(messages) <> 0 order by 1
"""
_BLOCKED_OF_ONE = """
select other_key as rule, sum(messages)::bigint as messages from message_pair
where by = '{name}' and other = 'rule' and key = $3 and day >= $1 and day < $2
group by 1 having sum(messages) <> 0 order by 2 desc, 1 limit 50
"""
_NAMES = ("campaign", "channel", "segment", "region")
_BLOCKED_SUMS = """
select key as rule, sum(messages)::bigint as messages from message_rollup
where by = 'rule' and day >= $1 and day < $2 group by 1 having sum(messages) <> 0 order by 2 desc, 1 limit 50
"""
_OF_DEBTS = "($4::text is null or segment = $4) and ($5::text is null or region = $5)"
_PORTFOLIO = f"""
select currency, coalesce(sum(installments) filter (where open), 0)::bigint as open_installments,
    coalesce(sum(amount) filter (where open), 0) as outstanding,
    coalesce(sum(amount) filter (where open and day < $3), 0) as overdue,
    coalesce(sum(amount) filter (where not open), 0) as recovered,
    sum(days) filter (where not open) / nullif(sum(installments) filter (where not open), 0) as days_to_collect
from (
    select * from debt_figure where open and installments <> 0
    union all
    select * from debt_figure where not open and day >= $1 and day < $2 and installments <> 0
) as f where {_OF_DEBTS} group by currency order by currency
"""
_PORTFOLIO_SUMS = """
select currency, coalesce(sum(installments) filter (where open), 0)::bigint as open_installments,
    coalesce(sum(amount) filter (where open), 0) as outstanding,
    coalesce(sum(amount) filter (where open and day < $3), 0) as overdue,
    coalesce(sum(amount) filter (where not open), 0) as recovered,
    sum(days) filter (where not open) / nullif(sum(installments) filter (where not open), 0) as days_to_collect
from debt_rollup where installments <> 0 and (open or (day >= $1 and day < $2)) group by currency order by currency
"""
_TREND = """
select day, currency, sum(open_installments)::bigint as open_installments, sum(outstanding) as outstanding,
    sum(overdue) as overdue
from portfolio_day
where day >= $1 and day < $2 and ($3::text is null or segment = $3) and ($4::text is null or region = $4)
group by day, currency order by day, currency
"""
_AGENTS = """
select agent_ref as key, sum(contacts)::bigint as contacts, sum(answered)::bigint as answered,
    sum(right_party)::bigint as right_party, sum(tasks_closed)::bigint as tasks_closed
from (
    select agent_ref, 1 as contacts, (outcome in ('answered', 'right_party'))::int as answered,
        (outcome = 'right_party')::int as right_party, 0 as tasks_closed
    from other_contact where agent_ref is not null
        and at >= $1::date::timestamp at time zone 'UTC' and at < $2::date::timestamp at time zone 'UTC'
    union all
    select agent_ref, 0, 0, 0, 1 from task where agent_ref is not null
        and closed_at >= $1::date::timestamp at time zone 'UTC' and closed_at < $2::date::timestamp at time zone 'UTC'
) as each group by 1 order by 2 desc, 1 limit 500
"""


@dataclass(frozen=True, slots=True)
class Only:
    """Which messages to count; None takes any, an empty text those without."""

    campaign: str | None = None
    channel: str | None = None
    segment: str | None = None
    region: str | None = None

    @property
    def single(self) -> tuple[str, str] | None:
        """The one name and value that messages are narrowed by; None for none, and for several."""
        given = [(name, value) for name in _NAMES if (value := getattr(self, name)) is not None]
        return given[0] if len(given) == 1 else None

    @property
    def everyone(self) -> bool:
        """Whether debtors of every segment and region count."""
        return self.segment is None and self.region is None


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by key, the rules that blocked most, the portfolio by currency and its trend, and agents' work."""

    rows: list[dict[str, Any]]
    blocked: list[dict[str, Any]]
    portfolio: list[dict[str, Any]]
    trend: list[dict[str, Any]]
    agents: list[dict[str, Any]]


async def read(connection: Any, *, since: date, until: date, by: str, today: date, only: Only | None = None) -> Figures:
    """The figures from `since` (inclusive) until `until` (exclusive), UTC days; `by` is a key of BY, or `agent`."""
    of = only or Only()
    wanted = (since, until, of.campaign, of.channel, of.segment, of.region)
    rows = [] if by not in BY else await _rows(connection, by, of, wanted)
    blocked: tuple[Any, ...] = (_BLOCKED_SUMS, since, until) if of == Only() else (_BLOCKED, *wanted)
    if of.single is not None:
        blocked = (_BLOCKED_OF_ONE.format(name=of.single[0]), since, until, of.single[1])
    debts = (since, until, today)
    portfolio = (_PORTFOLIO_SUMS, *debts) if of.everyone else (_PORTFOLIO, *debts, of.segment, of.region)
    return Figures(
        rows=rows,
        blocked=await _all(connection, *blocked),
        portfolio=await _all(connection, *portfolio),
        trend=await _all(connection, _TREND, since, until, of.segment, of.region) if by == "day" else [],
        agents=[] if by in BY else await _all(connection, _AGENTS, since, until),
    )


async def _rows(connection: Any, by: str, of: Only, wanted: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Counts by key: from the sums where one name at most narrows them, else from the figures themselves."""
    if of.single is not None:
        name, value = of.single
        return await _all(connection, _of_one(by, name), *wanted[:2], value)
    if of != Only():
        return await _all(connection, _ROWS.format(key=BY[by], counts=_COUNTS, wanted=_WANTED), *wanted)
    key = {"day": "day::text", "channel": "case when key = '' then 'task' else key end"}.get(by, "key")
    sums = _SUMS.format(key=key, counts=_COUNTS, by="campaign" if by == "day" else by)
    return await _all(connection, sums, *wanted[:2])


def _of_one(by: str, name: str) -> str:
    """The statement for counts by one key of what has another; $3 is that other's value."""
    if by in ("day", name):
        return _ITSELF.format(name=name, counts=_COUNTS, shown="day::text" if by == "day" else _shown(by, "key"))
    first, second = sorted((by, name), key=_NAMES.index)
    grouped, held = ("key", "other_key") if by == first else ("other_key", "key")
    return _PAIRS.format(by=first, other=second, held=held, counts=_COUNTS, shown=_shown(by, grouped))


def _shown(by: str, column: str) -> str:
    return f"case when {column} = '' then 'task' else {column} end" if by == "channel" else column


async def _all(connection: Any, sql: str, *values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(sql, *values)]
