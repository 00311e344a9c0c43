"""Figures over millions of messages: how fast upkeep counts them, and how fast a page of figures answers.

    python -m tests.benchmarks.figures --messages 1000000 --days 90

Rows are made by the server; the database is an embedded one that is thrown away. Not part of `make bench`.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.figures import By
from services import migrations
from services.counting import Counting
from services.database import Database
from services.embedded.postgres import EmbeddedPostgres
from services.figures import kpis
from services.store.figures import Only

NOW = datetime(2027, 2, 20, 12, tzinfo=UTC)
_DEBTORS = 200_000
_DEBTOR_ROWS = """
insert into debtor (debtor_ref, state, segment, region, country, created_at, updated_at)
select 'D-' || n, 'active', chr((65 + n % 4)::int), 'MX-' || (n % 32), 'MX', $1, $1
from generate_series(1, $2::int) as n
"""
_VERSION = """
with text as (insert into content (hash, kind, name, body, created_at)
    values (sha256('x'), 'definition', 'x', 'x', $1) returning hash)
insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at)
select 'c', 1, hash, '{}', hash, 'active', $1 from text returning id
"""
_MESSAGES = """
insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, campaign, step, version_id, purpose,
    channel, state, outcome, rule, earliest, due_at, expires_at, attempts, segment, region, country, created_at,
    updated_at)
select gen_random_uuid(), 'D-' || (1 + n % $5::int), 'L-' || n, n % 12, at::date, 'campaign-' || floor(5 * a), 's',
    $4::bigint, 'collections', (array['sms', 'whatsapp'])[1 + floor(2 * b)], 'done', outcome,
    case when outcome = 'suppressed' then 'mx-policy-one-a-day' end, at, at, at + interval '5 hours', 1,
    chr((65 + floor(4 * c))::int), 'MX-' || floor(32 * d), 'MX', at, at
from (
    select n, random() as a, random() as b, random() as c, random() as d,
        (array['delivered', 'delivered', 'read', 'failed', 'unknown', 'suppressed'])[1 + floor(6 * random())]
            as outcome,
        $1::timestamptz - make_interval(secs => n::float8 * $3::float8 / $2::int) as at
    from generate_series($6::bigint, $7::bigint) as n
) as rows
"""
_ATTEMPTS = """
insert into attempt (id, message_id, debtor_ref, campaign, number, channel, contact_point_ref, provider, sender, state,
    template, content_hash, parts, handed_at, valid_until)
select gen_random_uuid(), id, debtor_ref, campaign, 1, channel, 'cp', 'p', 's', 'delivered', '{}', '\\x00', 1, earliest,
    earliest from message where outcome <> 'suppressed'
"""
_FEED = """
insert into figure_change (messages)
select array_agg(id) from (select id, row_number() over () / 500 as batch from message) as m group by batch
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


async def measure(dsn: str, messages: int, days: int) -> None:
    """Fill the database, count, and ask for pages."""
    database = await Database.connect(dsn, size=2)
    await _fill(database, messages, days)
    await _count(database, messages)
    async with database.reading() as connection:
        print("figures kept:", await connection.fetchval("select count(*) from message_figure"))
        only = Only(segment="A")
        for label, back in (("30 days", 30), ("90 days", 90), ("400 days", 400)):
            for by, of in ((By.CAMPAIGN, None), (By.REGION, None), (By.DAY, None), (By.CAMPAIGN, only)):
                period = {"since": NOW.date() - timedelta(days=back), "until": NOW.date() + timedelta(days=1)}
                times = []
                for _ in range(5):
                    start = time.perf_counter()
                    answer = await kpis(connection, by=by, today=NOW.date(), only=of, **period)
                    times.append(time.perf_counter() - start)
                of_whom = "of a segment" if of else "of all"
                told = f"{min(times) * 1000:.0f} ms at best, {max(times) * 1000:.0f} ms at worst"
                print(f"page of {label} by {by} {of_whom}: {told}, {sum(row.planned for row in answer.rows)} messages")
    await database.close()


async def _fill(database: Database, messages: int, days: int) -> None:
    start = time.perf_counter()
    async with database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(_DEBTOR_ROWS, NOW, _DEBTORS, timeout=None)
        version = await connection.fetchval(_VERSION, NOW)
    for first in range(1, messages + 1, 100_000):
        async with database.transaction() as connection:
            await connection.execute("set local session_replication_role = replica")
            last = min(first + 99_999, messages)
            seconds = float(days * 86_400)
            await connection.execute(_MESSAGES, NOW, messages, seconds, version, _DEBTORS, first, last, timeout=600)
    async with database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")
        await connection.execute(_ATTEMPTS, timeout=3600)
        await connection.execute(_FEED, timeout=3600)
        await connection.execute(_DEBTS, NOW.date(), timeout=600)
        await connection.execute(_DEBT_SUMS, timeout=600)
    async with database.owning() as connection:
        await connection.execute("vacuum analyze", timeout=3600)
    print(f"{messages} messages made in {time.perf_counter() - start:.0f} s")


async def _count(database: Database, messages: int) -> None:
    counting, more, start = Counting(), True, time.perf_counter()
    while more:
        async with database.transaction() as connection:
            more = await counting.turn(connection, NOW)
    seconds = time.perf_counter() - start
    ours = resource.getrusage(resource.RUSAGE_SELF)
    print(f"counted in {seconds:.0f} s: {seconds / messages * 1e6:.0f} µs a message, {ours.ru_utime:.0f} s of our CPU")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=90)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puntual-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        dsn = server.start()
        try:
            asyncio.run(migrations.upgrade(dsn))
            asyncio.run(measure(dsn, given.messages, given.days))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
