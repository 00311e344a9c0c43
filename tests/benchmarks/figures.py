"""Figures over millions of messages: how fast upkeep counts them, and how fast each page, route and view answers.

    python -m tests.benchmarks.figures --messages 10000000 --days 365

Rows are made by the server, and counted by the product's own upkeep as in a deployment; the database is an embedded
one that is thrown away, or stays in `--folder` and is asked again by the next run. Not part of `make bench`.
"""

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from services import migrations
from services.counting import Counting
from services.database import Database
from services.embedded.postgres import EmbeddedPostgres
from tests.benchmarks.figures_questions import questions
from tests.benchmarks.figures_rows import fill

NOW = datetime(2027, 2, 20, 12, tzinfo=UTC)
WANTED_MS = 300
_TIMES = 7


async def measure(dsn: str, messages: int, days: int) -> None:
    """Fill the database and count, where that was not done before, and ask."""
    database = await Database.connect(dsn, size=2)
    async with database.reading() as connection:
        empty = not await connection.fetchval("select exists (select from message)")
    if empty:
        started = time.monotonic()
        await fill(database, messages=messages, days=days, now=NOW)
        print(f"{messages} messages made in {time.monotonic() - started:.0f} s", flush=True)
        await _count(database, messages)
        await _tidy(database)
    await ask(database)
    await database.close()


async def _tidy(database: Database) -> None:
    """What autovacuum does in time, and the sizes that came of it."""
    async with database.owning() as connection:
        await connection.execute("vacuum analyze", timeout=3600)
        for table in ("message", "attempt", "message_figure", "message_rollup", "portfolio_day"):
            print(f"{table}: {await connection.fetchval(f'select count(*) from {table}', timeout=600)} rows")
        print(await connection.fetchval("select pg_size_pretty(pg_database_size(current_database()))"), flush=True)


async def _count(database: Database, messages: int) -> None:
    """Everything that waits, as upkeep does it."""
    counting, more, start = Counting(), True, time.perf_counter()
    while more:
        async with database.transaction() as connection:
            more = await counting.turn(connection, NOW)
    seconds = time.perf_counter() - start
    ours = resource.getrusage(resource.RUSAGE_SELF)
    told = f"{seconds / messages * 1e6:.0f} µs a message, {ours.ru_utime:.0f} s of our CPU"
    print(f"counted by upkeep's own code in {seconds:.0f} s: {told}", flush=True)


async def ask(database: Database) -> None:
    """Each question several times; the first of them finds its rows wherever they are."""
    print(f"{'':<66}{'median':>8}{'worst':>8}  ms")
    slow = []
    async with database.reading() as connection:
        for name, question in questions(NOW):
            times = []
            for _ in range(_TIMES):
                start = time.perf_counter()
                await question(connection)
                times.append((time.perf_counter() - start) * 1000)
            median, worst = statistics.median(times), max(times)
            slow += [name] if median > WANTED_MS else []
            print(f"{name:<66}{median:>8.0f}{worst:>8.0f}{'  !' if median > WANTED_MS else ''}", flush=True)
    print(f"over {WANTED_MS} ms: {', '.join(slow) or 'none'}")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--folder", type=Path, help="where the database stays; default: thrown away")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="puntual-bench-") as folder:
        server = EmbeddedPostgres(given.folder or Path(folder) / "data")
        dsn = server.start()
        try:
            asyncio.run(migrations.upgrade(dsn))
            asyncio.run(measure(dsn, given.messages, given.days))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
