"""Keeps figures up to date: takes the feed of changes and moves what changed from the figure it was counted in.

Each message and installment is counted in exactly one figure, remembered in `message_counted` and `debt_counted`.
What retention removes from the ledger stays counted.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

_TURN = "select pg_try_advisory_xact_lock(hashtextextended('figures', 0))"
_TAKE = """
delete from figure_change where id = any(array(select id from figure_change order by id limit $1))
returning messages, loans, debtors
"""
PAIRS = """
    ('campaign', campaign, 'channel', channel), ('campaign', campaign, 'segment', segment),
    ('campaign', campaign, 'region', region), ('channel', channel, 'segment', segment),
    ('channel', channel, 'region', region), ('segment', segment, 'region', region),
    ('campaign', campaign, 'rule', rule), ('channel', channel, 'rule', rule), ('segment', segment, 'rule', rule),
    ('region', region, 'rule', rule)
"""
"""Every two keys that messages are summed by together."""

_KEYS = """
select distinct (m.earliest at time zone 'UTC')::date, m.campaign, coalesce(m.channel, ''), coalesce(m.segment, ''),
    coalesce(m.region, ''), coalesce(m.outcome, m.state),
    case when coalesce(m.outcome, m.state) = 'suppressed' then coalesce(m.rule, m.reason, 'unknown') else '' end
from message m where m.id = any($1::uuid[])
"""
_NEW_FIGURES = f"""
insert into message_figure (day, campaign, channel, segment, region, state, rule) {_KEYS} on conflict do nothing
"""
_COUNT_MESSAGES = f"""
with now as materialized (
    select m.id, f.id as figure_id, coalesce(a.handed_over, 0)::smallint as handed_over,
        coalesce(a.parts, 0)::int as parts, r.replies::int as replies, r.promises::int as promises
    from message m
    join message_figure f on (f.day, f.campaign, f.channel, f.segment, f.region, f.state, f.rule) = (
        (m.earliest at time zone 'UTC')::date, m.campaign, coalesce(m.channel, ''), coalesce(m.segment, ''),
        coalesce(m.region, ''), coalesce(m.outcome, m.state),
        case when coalesce(m.outcome, m.state) = 'suppressed' then coalesce(m.rule, m.reason, 'unknown') else '' end)
    left join lateral (
        select max((state not in ('not_sent', 'rejected'))::int) as handed_over,
            sum(parts) filter (where state <> 'not_sent') as parts
        from attempt where attempt.message_id = m.id
    ) a on true
    left join lateral (
        select count(*) as replies, count(*) filter (where intent = 'promise') as promises
        from reply where reply.message_id = m.id
    ) r on true
    where m.id = any($1::uuid[])
), before as materialized (
    select c.* from message_counted c join now on now.id = c.message_id
), counted as (
    insert into message_counted (message_id, figure_id, handed_over, parts, replies, promises)
    select id, figure_id, handed_over, parts, replies, promises from now
    on conflict (message_id) do update set figure_id = excluded.figure_id, handed_over = excluded.handed_over,
        parts = excluded.parts, replies = excluded.replies, promises = excluded.promises
    where (message_counted.figure_id, message_counted.handed_over, message_counted.parts, message_counted.replies,
        message_counted.promises) is distinct from (excluded.figure_id, excluded.handed_over, excluded.parts,
        excluded.replies, excluded.promises)
), change as (
    select figure_id, sum(messages) as messages, sum(handed_over) as handed_over, sum(parts) as parts,
        sum(replies) as replies, sum(promises) as promises
    from (
        select figure_id, 1 as messages, handed_over, parts, replies, promises from now
        union all select figure_id, -1, -handed_over, -parts, -replies, -promises from before
    ) as each group by figure_id
), moved as (
    update message_figure f set messages = f.messages + c.messages, handed_over = f.handed_over + c.handed_over,
        parts = f.parts + c.parts, replies = f.replies + c.replies, promises = f.promises + c.promises
    from change c where f.id = c.figure_id
        and (c.messages, c.handed_over, c.parts, c.replies, c.promises) is distinct from (0, 0, 0, 0, 0)
    returning f.day, f.campaign, f.channel, f.segment, f.region, f.state, f.rule, c.messages as more, c.handed_over as
        more_handed_over, c.parts as more_parts, c.replies as more_replies, c.promises as more_promises
), singles as (
    insert into message_rollup as r (day, by, key, state, messages, handed_over, parts, replies, promises)
    select day, way, key, state, sum(more), sum(more_handed_over), sum(more_parts), sum(more_replies),
        sum(more_promises)
    from moved cross join lateral (values ('campaign', campaign), ('channel', channel), ('segment', segment),
        ('region', region), ('rule', rule)) as k (way, key)
    where way <> 'rule' or state = 'suppressed' group by 1, 2, 3, 4
    on conflict (by, day, key, state) do update set messages = r.messages + excluded.messages,
        handed_over = r.handed_over + excluded.handed_over, parts = r.parts + excluded.parts,
        replies = r.replies + excluded.replies, promises = r.promises + excluded.promises
)
insert into message_pair as r (by, other, key, day, other_key, state, messages, handed_over, parts, replies, promises)
select p.by, p.other, p.key, day, p.other_key, state, sum(more), sum(more_handed_over), sum(more_parts),
    sum(more_replies), sum(more_promises)
from moved cross join lateral (values {PAIRS}) as p (by, key, other, other_key)
where p.other <> 'rule' or state = 'suppressed' group by 1, 2, 3, 4, 5, 6
on conflict (by, other, key, day, other_key, state) do update set messages = r.messages + excluded.messages,
    handed_over = r.handed_over + excluded.handed_over, parts = r.parts + excluded.parts,
    replies = r.replies + excluded.replies, promises = r.promises + excluded.promises
"""
_LOANS = """
select loan_ref from unnest($1::text[]) as given (loan_ref)
union select loan_ref from loan where debtor_ref = any($2::text[])
"""
_DEBTS = """
select i.loan_ref, i.number, i.open, case when i.open then i.due_date else coalesce(i.paid_on, '-infinity') end as day,
    i.currency, coalesce(i.creditor_ref, '') as creditor, coalesce(i.product, '') as product,
    coalesce(i.segment, '') as segment, coalesce(i.region, '') as region, i.amount,
    case when i.open then 0 else coalesce(greatest(i.paid_on - i.due_date, 0), 0) end as days
from figures_installment i where i.loan_ref = any($1::text[])
"""
_COUNT_DEBTS = f"""
with debts as materialized ({_DEBTS}), keys as (
    insert into debt_figure (open, day, currency, creditor, product, segment, region)
    select distinct open, day, currency, creditor, product, segment, region from debts d
    where not exists (select from debt_figure f where (f.open, f.day, f.currency, f.creditor, f.product, f.segment,
        f.region) = (d.open, d.day, d.currency, d.creditor, d.product, d.segment, d.region))
    on conflict do nothing
    returning id, open, day, currency, creditor, product, segment, region
), figures as (
    select * from keys union all
    select f.id, f.open, f.day, f.currency, f.creditor, f.product, f.segment, f.region
    from debt_figure f join (
        select distinct open, day, currency, creditor, product, segment, region from debts
    ) d using (open, day, currency, creditor, product, segment, region)
), now as materialized (
    select d.loan_ref, d.number, f.id as figure_id, d.amount, d.days from debts d
    join figures f using (open, day, currency, creditor, product, segment, region)
), before as materialized (
    select c.* from debt_counted c join now using (loan_ref, number)
), counted as (
    insert into debt_counted (loan_ref, number, figure_id, amount, days) select * from now
    on conflict (loan_ref, number) do update set figure_id = excluded.figure_id, amount = excluded.amount,
        days = excluded.days
    where (debt_counted.figure_id, debt_counted.amount, debt_counted.days)
        is distinct from (excluded.figure_id, excluded.amount, excluded.days)
)
select figure_id, sum(installments) as installments, sum(amount) as amount, sum(days) as days from (
    select figure_id, 1 as installments, amount, days from now
    union all select figure_id, -1, -amount, -days from before
) as each group by figure_id
having (sum(installments), sum(amount), sum(days)) is distinct from (0, 0, 0)
"""
_MOVE_DEBTS = """
with moved as (
    update debt_figure f set installments = f.installments + c.installments, amount = f.amount + c.amount,
        days = f.days + c.days
    from unnest($1::bigint[], $2::bigint[], $3::numeric[], $4::bigint[]) as c (id, installments, amount, days)
    where f.id = c.id
    returning f.open, f.day, f.currency, c.installments as more, c.amount as more_amount, c.days as more_days
)
insert into debt_rollup as r (open, day, currency, installments, amount, days)
select open, day, currency, sum(more), sum(more_amount), sum(more_days) from moved group by 1, 2, 3
on conflict (open, day, currency) do update set installments = r.installments + excluded.installments,
    amount = r.amount + excluded.amount, days = r.days + excluded.days
"""
_PORTFOLIO_DAY = """
with now as (
    select $1::date as day, currency, creditor, product, segment, region, sum(installments) as open_installments,
        sum(amount) as outstanding, coalesce(sum(amount) filter (where day < $1), 0) as overdue
    from debt_figure where open and installments <> 0 group by 2, 3, 4, 5, 6
), gone as (
    delete from portfolio_day p where day = $1 and not exists (select from now where (now.currency, now.creditor,
        now.product, now.segment, now.region) = (p.currency, p.creditor, p.product, p.segment, p.region))
)
insert into portfolio_day (day, currency, creditor, product, segment, region, open_installments, outstanding, overdue)
select * from now
on conflict (day, currency, creditor, product, segment, region) do update set
    open_installments = excluded.open_installments, outstanding = excluded.outstanding, overdue = excluded.overdue
"""
_SUMS_OF = """
    select day, state, sum(messages) as messages, sum(handed_over) as handed_over, sum(parts) as parts,
        sum(replies) as replies, sum(promises) as promises
"""
_UNEVEN = f"""
select distinct day from (
    ({_SUMS_OF} from message_rollup where by = 'campaign' group by 1, 2 having sum(messages) <> 0
    except {_SUMS_OF} from message_pair where by = 'campaign' and other = 'channel' group by 1, 2)
    union all
    ({_SUMS_OF} from message_pair where by = 'campaign' and other = 'channel' group by 1, 2 having sum(messages) <> 0
    except {_SUMS_OF} from message_rollup where by = 'campaign' group by 1, 2)
) as uneven order by 1 desc limit $1
"""
_DROP_PAIRS = "delete from message_pair where day = any($1::date[])"
_PAIRS_ANEW = f"""
insert into message_pair (by, other, key, day, other_key, state, messages, handed_over, parts, replies, promises)
select p.by, p.other, p.key, day, p.other_key, state, sum(messages), sum(handed_over), sum(parts), sum(replies),
    sum(promises)
from message_figure cross join lateral (values {PAIRS}) as p (by, key, other, other_key)
where day = any($1::date[]) and messages <> 0 and (p.other <> 'rule' or state = 'suppressed')
group by 1, 2, 3, 4, 5, 6
"""
_WAITING = "select count(*) from (select from figure_change limit $1) as few"


async def take_turn(connection: Any) -> bool:
    """Whether this transaction alone counts, until it ends."""
    return bool(await connection.fetchval(_TURN))


async def take(connection: Any, limit: int) -> tuple[int, list[UUID], list[str]]:
    """Take up to `limit` changes off the feed: how many there were, and the messages and loans they name."""
    rows = await connection.fetch(_TAKE, limit)
    messages = {message for row in rows for message in row["messages"]}
    loans = {loan for row in rows for loan in row["loans"]}
    debtors = {debtor for row in rows for debtor in row["debtors"]}
    if debtors:
        loans |= {row["loan_ref"] for row in await connection.fetch(_LOANS, list(loans), list(debtors))}
    return len(rows), sorted(messages), sorted(loans)


async def count_messages(connection: Any, ids: Sequence[UUID]) -> None:
    """Count messages as they are now; the caller has its turn."""
    if ids:
        await connection.execute(_NEW_FIGURES, ids)
        await connection.execute(_COUNT_MESSAGES, ids)


async def count_debts(connection: Any, loans: Sequence[str]) -> None:
    """Count the installments of loans as they are now; the caller has its turn."""
    if not loans:
        return
    moved = await connection.fetch(_COUNT_DEBTS, loans)
    columns = ([row[name] for row in moved] for name in ("figure_id", "installments", "amount", "days"))
    await connection.execute(_MOVE_DEBTS, *columns)


async def keep_day(connection: Any, today: date) -> None:
    """Keep the portfolio of a day as it is now."""
    await connection.execute(_PORTFOLIO_DAY, today)


async def mend_pairs(connection: Any, most_days: int) -> None:
    """Sum anew by two keys the latest days whose sums do not agree, so many at most; the caller has its turn.

    They do not where a process of a version that knew no such sums counted beside this one.
    """
    days = [row["day"] for row in await connection.fetch(_UNEVEN, most_days)]
    if days:
        await connection.execute(_DROP_PAIRS, days)
        await connection.execute(_PAIRS_ANEW, days)


async def waiting(connection: Any, most: int) -> int:
    """How many changes wait to be counted, `most` where there are more."""
    count: int = await connection.fetchval(_WAITING, most)
    return count
