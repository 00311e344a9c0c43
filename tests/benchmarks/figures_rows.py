"""A ledger of any size that the server makes by itself: messages with attempts and their feed, debts, agents."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from services.database import Database
from services.store import campaigns
from services.store.campaigns import ContentRow, Manifest

DEBTORS = 400_000
CAMPAIGNS = 12
BATCH = 100_000
_AGENTS_CONTACTS = 400_000
_DEBTOR_ROWS = """
insert into debtor (debtor_ref, state, segment, region, country, created_at, updated_at)
select 'D-' || n, 'active', chr((65 + n % 4)::int), 'MX-' || (n % 32), 'MX', $1, $1
from generate_series(1, $2::int) as n
"""
_DEFINITION = """
campaign: {name}
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {{}}
steps:
  - {{id: s, at: due_date, channels: [sms, whatsapp, email], template: vence_hoy}}
"""
_MESSAGES = """
with made as (
    insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, campaign, step, version_id, purpose,
        channel, state, outcome, rule, earliest, due_at, expires_at, attempts, segment, region, country, created_at,
        updated_at)
    select uuidv7(at - clock_timestamp()), 'D-' || (1 + n % $5::int), 'L-' || n, n % 12, at::date,
        'campaign-' || campaign, 's', (select min(id) from campaign_version) + campaign, 'collections',
        (array['sms', 'whatsapp', 'email'])[1 + floor(3 * b)], 'done', outcome,
        case when outcome = 'suppressed' then (array['mx-policy-one-a-day', 'mx-hours', 'consent'])[1 + n % 3] end,
        at, at, at + interval '5 hours', (outcome <> 'suppressed')::int, chr((65 + n % 4)::int),
        'MX-' || (n % $5::int + 1) % 32, 'MX', at, at
    from (
        select n, floor($4::int * random())::int as campaign, random() as b,
            case when o < 0.55 then 'delivered' when o < 0.75 then 'read' when o < 0.83 then 'failed'
                when o < 0.831 then 'unknown' when o < 0.95 then 'suppressed' else 'expired' end as outcome,
            $1::timestamptz - make_interval(secs => ($2::int - n)::float8 * $3::float8 / $2::int) as at
        from (select n, random() as o from generate_series($6::bigint, $7::bigint) as n) as numbered
    ) as rows
    returning id, debtor_ref, campaign, channel, outcome, earliest
), tried as (
    insert into attempt (id, message_id, debtor_ref, campaign, number, channel, contact_point_ref, provider, sender,
        state, template, content_hash, parts, handed_at, valid_until, failure)
    select uuidv7(earliest - clock_timestamp()), id, debtor_ref, campaign, 1, channel, 'cp', 'p', 's' || channel,
        case outcome when 'expired' then 'undelivered' else outcome end, '{}', '\\x00', 1, earliest, earliest,
        case outcome when 'failed' then 'unreachable' end
    from made where outcome <> 'suppressed'
)
insert into figure_change (messages)
select array_agg(id) from (select id, row_number() over () / 500 as batch from made) as m group by batch
"""
_REPLIES = """
insert into reply (id, provider, provider_ref, debtor_ref, message_id, channel, intent, at)
select uuidv7(), 'p', id::text, debtor_ref, id, channel, (array['promise', 'question'])[1 + floor(2 * random())], due_at
from message tablesample bernoulli (1)
"""
_DEBTS = """
insert into debt_figure (open, day, currency, creditor, product, segment, region, installments, amount, days)
select n % 2 = 0, $1::date - (n % 365)::int, 'MXN', 'demo', 'p' || (n % 3), chr((65 + n % 4)::int),
    'MX-' || (n % 32), 10, 1000, 20 from generate_series(1, 200000) as n on conflict do nothing
"""
_DEBT_SUMS = """
insert into debt_rollup (open, day, currency, installments, amount, days)
select open, day, currency, sum(installments), sum(amount), sum(days) from debt_figure group by 1, 2, 3
"""
_PORTFOLIO = """
insert into portfolio_day (day, currency, creditor, product, segment, region, open_installments, outstanding, overdue)
select $1::date - day, 'MXN', 'demo', 'p' || product, chr(65 + segment), 'MX-' || region, 10, 10000, 3000
from generate_series(0, 400) as day, generate_series(0, 2) as product, generate_series(0, 3) as segment,
    generate_series(0, 31) as region
"""
_CONTACTS = """
insert into other_contact (debtor_ref, contact_ref, channel, at, outcome, agent_ref)
select 'D-' || (1 + n % $3::int), 'c-' || n, 'call', $1::timestamptz - make_interval(secs => 31536000.0 * random()),
    (array['answered', 'right_party', 'no_answer'])[1 + n % 3], 'agent-' || n % 200
from generate_series(1, $2::int) as n
"""


async def fill(database: Database, *, messages: int, days: int, now: datetime) -> None:
    """Messages evenly over the days before `now`, each with what the product writes beside it; nothing is counted."""
    debtors = min(DEBTORS, messages)
    async with database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(_DEBTOR_ROWS, now, debtors, timeout=None)
        for number in range(CAMPAIGNS):
            await _activate(connection, f"campaign-{number}", now)
    for first in range(1, messages + 1, BATCH):
        async with database.transaction() as connection:
            await connection.execute("set local session_replication_role = replica")
            last, seconds = min(first + BATCH - 1, messages), float(days * 86_400)
            given = (now, messages, seconds, CAMPAIGNS, debtors, first, last)
            await connection.execute(_MESSAGES, *given, timeout=600)
    async with database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(_REPLIES, timeout=3600)
        await connection.execute(_DEBTS, now.date(), timeout=600)
        await connection.execute(_DEBT_SUMS, timeout=600)
        await connection.execute(_PORTFOLIO, now.date(), timeout=600)
        await connection.execute(_CONTACTS, now, min(_AGENTS_CONTACTS, messages), debtors, timeout=600)


async def _activate(connection: Any, name: str, now: datetime) -> None:
    text = _DEFINITION.format(name=name)
    digest = sha256(text.encode()).digest()
    manifest = Manifest(digest, None, {})
    await campaigns.activate(
        connection,
        campaign=name,
        version=1,
        manifest=manifest,
        fingerprint=manifest.fingerprint,
        contents=[ContentRow(digest, "definition", f"{name}.yaml", text)],
        now=now,
    )
