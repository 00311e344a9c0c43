"""Years of history in the database: the same people and many more were contacted before, all of it long settled."""

import json
import time

import asyncpg

from tests.benchmarks import portfolio, stages
from tests.benchmarks.grounds import Grounds

ROWS = 5_000_000
_A_MESSAGE = 5
"""Rows that one earlier message left: itself, its decision, attempt and receipt, and the event behind it."""
_EACH = 5
"""Earlier messages of one person."""
_BATCH = 50_000
_MONTHS = """
select make_month_partition(parent, month::date)
from unnest(array['decision', 'receipt']) as parent,
    generate_series(date_trunc('month', $1::timestamptz) - interval '8 months', $1, interval '1 month') as month
"""
_PEOPLE = """
with person as (select to_char(n, 'FM0000000') as number from generate_series($1::int, $2::int - 1) as n),
    known as (
        insert into debtor (debtor_ref, state, revision, segment, region, country, created_at, updated_at)
        select 'D-' || number, 'active', 1, 'B', 'MX-JAL', 'MX', $3, $3 from person),
    point as (
        insert into contact_point (debtor_ref, contact_point_ref, position, kind, blind, usable)
        select 'D-' || number, 'cp-' || number, 0, 'phone', sha256(number::bytea), true from person),
    visit as (
        insert into other_contact (debtor_ref, contact_ref, channel, at, outcome)
        select 'D-' || number, 'visit-' || number, 'visit', $3::timestamptz - interval '100 days', 'delivered'
        from person)
insert into loan (loan_ref, debtor_ref, creditor_ref, product, currency, total_outstanding, outstanding_at, updated_at)
select 'L-' || number, 'D-' || number, 'demo', 'consumo', 'MXN', 9800, $3, $3 from person
"""
_ROOM = """
create temporary table past (n int, debtor text, loan text, installment int, at timestamptz, message uuid, attempt uuid)
"""
_PAST = """
insert into past
select n, 'D-' || to_char(n % $3::int, 'FM0000000'), 'L-' || to_char(n % $3::int, 'FM0000000'),
    1 + n / $3::int, at, uuidv7(at - clock_timestamp()), uuidv7(at - clock_timestamp())
from (
    select n, $4::timestamptz
        - make_interval(days => 35 * ($5::int - n / $3::int) + n % 7, secs => 9 * (n % 3000)) as at
    from generate_series($1::int, $2::int - 1) as n) as instants
order by at
"""
_MESSAGES = """
insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, campaign, step, version_id, purpose,
    channel, state, outcome, earliest, due_at, expires_at, attempts, sequence, segment, region, country, created_at,
    updated_at)
select message, debtor, loan, installment, at::date, 'bench', 'hoy', 1, 'collections', 'sms', 'done', 'delivered', at,
    at, at + interval '5 hours', 1, 3, 'B', 'MX-JAL', 'MX', at, at from past
"""
_ATTEMPTS = """
insert into attempt (id, message_id, debtor_ref, loan_ref, campaign, number, channel, contact_point_ref, provider,
    sender, state, provider_ref, template, content_hash, parts, handed_at, valid_until, settled_at)
select attempt, message, debtor, loan, 'bench', 1, 'sms', 'cp', 'twilio-main', '+525550000000', 'delivered',
    'SM' || md5(n::text), '{"name": "vence_hoy", "language": "es"}', sha256(n::text::bytea), 1, at,
    at + interval '5 hours', at from past
"""
_DECISIONS = """
insert into decision (id, message_id, debtor_ref, stage, channel, verdict, at, not_before, reasons, packs, inputs)
select uuidv7(at - clock_timestamp()), message, debtor, 'claim', 'sms', 'allow', at, at, '[]',
    '{"MX": "2026.11.0"}', '{"timezone": "America/Mexico_City", "history": 4, "consents": 1, "purpose": "collections"}'
from past
"""
_RECEIPTS = """
insert into receipt (id, attempt_id, debtor_ref, provider, provider_ref, status, state, received_at, raw_hash)
select uuidv7(at - clock_timestamp()), attempt, debtor, 'twilio-main', 'SM' || md5(n::text), 'delivered', 'delivered',
    at, sha256(n::text::bytea) from past
"""
_INBOX = "insert into inbox (source, id, processed_at) select 'urn:core:bench', 'past/' || n, at from past"


async def age(on: Grounds, rows: int) -> None:
    """Make the aged stage of known debtors, with so many rows of what happened before; their messages are all over."""
    on.aged = False
    await stages.debtors(on)
    started = time.monotonic()
    async with on.deployment("debtors") as deployment:
        connection = await asyncpg.connect(deployment.dsn)
        # Foreign keys hold by construction; checking five million of them takes longer than writing the rows.
        await connection.execute("set session_replication_role = replica")
        await _fill(connection, on.count, rows // _A_MESSAGE)
        size = await connection.fetchval("select pg_size_pretty(pg_database_size(current_database()))")
        await connection.close()
        on.aged = True
        await on.keep("debtors", deployment)
    print(f"{rows:,} rows of history, {size}, in {time.monotonic() - started:.0f} s", flush=True)


async def _fill(connection: asyncpg.Connection, known: int, messages: int) -> None:
    people = max(messages // _EACH, known)
    instant = await connection.fetchval("select $1::text::timestamptz", portfolio.NOW)
    await connection.execute(_MONTHS, instant)
    await connection.execute(_PEOPLE, known, people, instant, timeout=600)
    await connection.execute(_ROOM)
    for first in range(0, messages, _BATCH):
        async with connection.transaction():
            last = min(first + _BATCH, messages)
            await connection.execute(_PAST, first, last, people, instant, _EACH, timeout=600)
            for statement in (_MESSAGES, _ATTEMPTS, _DECISIONS, _RECEIPTS, _INBOX):
                await connection.execute(statement, timeout=600)
            await connection.execute("truncate past")


def told(on: Grounds) -> str | None:
    """Which old tables were read from end to end, as one sentence."""
    return f"read from end to end: {json.dumps(dict(on.read_whole))}" if on.read_whole else None
