"""Figures kept up to date from a feed of changes, and raw callbacks apart, so that each may be kept as long as it may.

What a transaction changed is named in one row of `figure_change`; upkeep takes those rows and moves each message, and
each installment, from the figure that counted it to the one that counts it now (services/store/figures.py).
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CUT = "\n\n"
ENDED = "'closed', 'overpaid', 'written_off', 'charged_off', 'transferred', 'rejected', 'withdrawn'"
MESSAGES = """
alter table message add column segment text, add column region text, add column country text;

update message m set segment = d.segment, region = d.region, country = d.country from debtor d
where d.debtor_ref = m.debtor_ref;

alter table api_key add column scopes text[] not null default '{}';

create table figure_change (
    id bigint generated always as identity primary key,
    messages uuid[] not null default '{}',
    loans text[] not null default '{}',
    debtors text[] not null default '{}'
);

create table message_figure (
    id bigint generated always as identity primary key,
    day date not null,
    campaign text not null,
    channel text not null,
    segment text not null,
    region text not null,
    state text not null,
    rule text not null,
    messages bigint not null default 0,
    handed_over bigint not null default 0,
    parts bigint not null default 0,
    replies bigint not null default 0,
    promises bigint not null default 0,
    unique (day, campaign, channel, segment, region, state, rule)
) with (fillfactor = 70);

create table message_rollup (
    day date not null,
    by text not null check (by in ('campaign', 'channel', 'segment', 'region', 'rule')),
    key text not null,
    state text not null,
    messages bigint not null default 0,
    handed_over bigint not null default 0,
    parts bigint not null default 0,
    replies bigint not null default 0,
    promises bigint not null default 0,
    primary key (by, day, key, state)
) with (fillfactor = 70);

create table message_counted (
    message_id uuid primary key,
    figure_id bigint not null,
    handed_over smallint not null,
    parts integer not null,
    replies integer not null,
    promises integer not null
) with (fillfactor = 80);
"""
DEBTS = """
create table debt_figure (
    id bigint generated always as identity primary key,
    open boolean not null,
    day date not null,
    currency text not null,
    creditor text not null,
    product text not null,
    segment text not null,
    region text not null,
    installments bigint not null default 0,
    amount numeric(28, 8) not null default 0,
    days bigint not null default 0,
    unique (open, day, currency, creditor, product, segment, region)
) with (fillfactor = 70);

create table debt_rollup (
    open boolean not null,
    day date not null,
    currency text not null,
    installments bigint not null default 0,
    amount numeric(28, 8) not null default 0,
    days bigint not null default 0,
    primary key (open, day, currency)
) with (fillfactor = 70);

create table debt_counted (
    loan_ref text not null,
    number integer not null,
    figure_id bigint not null,
    amount numeric(28, 8) not null,
    days integer not null,
    primary key (loan_ref, number)
) with (fillfactor = 80);

create table portfolio_day (
    day date not null,
    currency text not null,
    creditor text not null,
    product text not null,
    segment text not null,
    region text not null,
    open_installments bigint not null,
    outstanding numeric(28, 8) not null,
    overdue numeric(28, 8) not null,
    primary key (day, currency, creditor, product, segment, region)
);

insert into figure_change (messages)
select array_agg(id) from (select id, row_number() over (order by id) / 500 as batch from message) m group by batch;

insert into figure_change (loans)
select array_agg(loan_ref) from (select loan_ref, row_number() over (order by loan_ref) / 500 as batch from loan) l
group by batch;

create index reply_message on reply (message_id) where message_id is not null;

create index reply_sealed on reply (id) where sealed is not null;

create index other_contact_at on other_contact (at);

create index task_closed on task (closed_at) where closed_at is not null;
"""
VIEWS = f"""
drop view figures_message;

drop view figures_installment;

create view figures_message as
select m.id as message_ref, m.debtor_ref, m.loan_ref, m.campaign, m.step, m.purpose, m.channel, m.occurrence,
    (m.earliest at time zone 'UTC')::date as day, m.segment, m.region, m.country,
    coalesce(m.outcome, m.state) as state, m.reason, m.rule, m.attempts, m.created_at, m.updated_at,
    coalesce(a.handed_over, false) as handed_over, a.parts, r.replies, r.promises
from message m
left join lateral (
    select bool_or(state not in ('not_sent', 'rejected')) as handed_over,
        sum(parts) filter (where state <> 'not_sent') as parts
    from attempt where attempt.message_id = m.id
) a on true
left join lateral (
    select count(*) as replies, count(*) filter (where intent = 'promise') as promises
    from reply where reply.message_id = m.id
) r on true;

create view figures_installment as
select i.loan_ref, i.number, l.debtor_ref, l.creditor_ref, l.product, i.due_date, i.amount, i.currency,
    not coalesce(i.paid_at >= i.amount_at, false)
        and coalesce(p.paid, 0) < i.amount
        and l.status not in ({ENDED})
        as open,
    (coalesce(case when i.paid_at >= i.amount_at then i.paid_at end, p.last_paid, l.status_at) at time zone 'UTC')::date
        as paid_on,
    d.segment, d.region
from installment i
join loan l using (loan_ref)
left join debtor d using (debtor_ref)
left join lateral (
    select sum(amount) as paid, max(at) as last_paid from payment
    where payment.loan_ref = i.loan_ref and payment.reversed_at is null and payment.at >= i.amount_at
        and payment.currency = i.currency
) p on true;

create view figures_message_daily as
select day, campaign, nullif(channel, '') as channel, nullif(segment, '') as segment, nullif(region, '') as region,
    state, nullif(rule, '') as rule, messages, handed_over, parts, replies, promises
from message_figure where messages <> 0;

create view figures_debt as
select open, case when open then day end as due_date, case when not open and isfinite(day) then day end as paid_on,
    currency, nullif(creditor, '') as creditor_ref, nullif(product, '') as product, nullif(segment, '') as segment,
    nullif(region, '') as region, installments, amount, days as days_to_collect
from debt_figure where installments <> 0;

create view figures_portfolio_daily as
select day, currency, nullif(creditor, '') as creditor_ref, nullif(product, '') as product,
    nullif(segment, '') as segment, nullif(region, '') as region, open_installments, outstanding, overdue
from portfolio_day;

create view figures_agent_daily as
select (at at time zone 'UTC')::date as day, agent_ref, channel, count(*) as contacts,
    count(*) filter (where outcome in ('answered', 'right_party')) as answered,
    count(*) filter (where outcome = 'right_party') as right_party, 0::bigint as tasks_closed
from other_contact where agent_ref is not null group by 1, 2, 3
union all
select (closed_at at time zone 'UTC')::date, agent_ref, null, 0, 0, 0, count(*)
from task where closed_at is not null and agent_ref is not null group by 1, 2;
"""
OLD_VIEWS = f"""
drop view figures_agent_daily;

drop view figures_portfolio_daily;

drop view figures_debt;

drop view figures_message_daily;

drop view figures_message;

drop view figures_installment;

create view figures_message as
select m.id as message_ref, m.debtor_ref, m.loan_ref, m.campaign, m.step, m.purpose, m.channel, m.occurrence,
    (m.earliest at time zone 'UTC')::date as day, d.segment, d.region, d.country,
    coalesce(m.outcome, m.state) as state, m.reason, m.rule, m.attempts, m.created_at, m.updated_at,
    exists (select from attempt a where a.message_id = m.id and a.state not in ('not_sent', 'rejected')) as handed_over,
    (select sum(a.parts) from attempt a where a.message_id = m.id and a.state <> 'not_sent') as parts,
    (select count(*) from reply r where r.message_id = m.id) as replies,
    (select count(*) from reply r where r.message_id = m.id and r.intent = 'promise') as promises
from message m join debtor d using (debtor_ref);

create view figures_installment as
select i.loan_ref, i.number, l.debtor_ref, l.creditor_ref, l.product, i.due_date, i.amount, i.currency,
    not coalesce(i.paid_at >= i.amount_at, false)
        and coalesce(p.paid, 0) < i.amount
        and l.status not in ({ENDED})
        as open,
    (coalesce(case when i.paid_at >= i.amount_at then i.paid_at end, p.last_paid, l.status_at) at time zone 'UTC')::date
        as paid_on
from installment i
join loan l using (loan_ref)
left join lateral (
    select sum(amount) as paid, max(at) as last_paid from payment
    where payment.loan_ref = i.loan_ref and payment.reversed_at is null and payment.at >= i.amount_at
        and payment.currency = i.currency
) p on true;
"""
CALLBACKS = """
create table callback (
    receipt_id uuid not null,
    raw bytea not null,
    primary key (receipt_id)
) partition by range (receipt_id);

do $$
begin
    for offset_months in 0..26 loop
        perform make_month_partition('callback', (date '2026-11-01' + make_interval(months => offset_months))::date);
    end loop;
end $$;

create table callback_other partition of callback default;

insert into callback (receipt_id, raw) select id, raw from receipt;

alter table receipt add column raw_hash bytea;

alter table receipt disable trigger user;

update receipt set raw_hash = sha256(raw);

alter table receipt enable trigger user;

alter table receipt alter column raw_hash set not null, drop column raw;

alter table reply alter column blind drop not null, alter column sealed drop not null;
"""
OLD_CALLBACKS = """
delete from reply where sealed is null or blind is null;

alter table reply alter column blind set not null, alter column sealed set not null;

alter table receipt add column raw bytea not null default '';

alter table receipt disable trigger user;

update receipt r set raw = c.raw from callback c where c.receipt_id = r.id;

alter table receipt enable trigger user;

alter table receipt alter column raw drop default, drop column raw_hash;

drop table callback;
"""
OLD_TABLES = """
drop index task_closed;

drop index other_contact_at;

drop index reply_sealed;

drop index reply_message;

drop table portfolio_day;

drop table debt_counted;

drop table debt_rollup;

drop table debt_figure;

drop table message_counted;

drop table message_rollup;

drop table message_figure;

drop table figure_change;

alter table api_key drop column scopes;

alter table message drop column country, drop column region, drop column segment;
"""


def upgrade() -> None:
    """Create figures, their feed and views; move raw callbacks."""
    op.execute("set local lock_timeout = '5s'")
    for statements in (MESSAGES, DEBTS, VIEWS, CALLBACKS):
        _run(statements)


def downgrade() -> None:
    """Go back to views over the ledger; raw callbacks that were not kept are empty."""
    op.execute("set local lock_timeout = '5s'")
    for statements in (OLD_CALLBACKS, OLD_VIEWS, OLD_TABLES):
        _run(statements)


def _run(statements: str) -> None:
    """One after another, cut at the empty lines between them: the driver takes one at a time."""
    for statement in statements.strip().split(CUT):
        op.execute(statement)
