"""Claims stay on their small partial index, however much is planned for later or lies in history."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from services.database import Database
from services.store import messages, people

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
_FILL = """
insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, campaign, step, version_id, purpose,
    channel, state, earliest, due_at, expires_at, created_at, updated_at)
select gen_random_uuid(), 'D-' || i % 2000, 'L-' || i, 1, date '2026-11-24', 'c', 's', $1, 'collections', 'sms', $2,
    $3::timestamptz, $3, $3 + interval '1 day', $3, $3 from generate_series(1, $4::int) i
"""


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Any]:
    """A database with 30,000 rows of history, 10,000 planned for later, and 500 that are due."""
    database = await Database.connect(database_url, size=2)
    async with database.reading() as opened:
        await fill(opened)
        yield opened
    await database.close()


async def fill(connection: asyncpg.Connection, *, analyze: bool = True) -> None:
    later, past = datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    await connection.execute(
        "insert into debtor (debtor_ref, created_at, updated_at) "
        "select 'D-' || i, $1, $1 from generate_series(0, 1999) i",
        NOW,
    )
    await connection.execute("insert into content values (sha256('x'), 'definition', 'c', 'x', $1)", NOW)
    version = await connection.fetchval(
        "insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at) "
        "values ('c', 1, sha256('x'), '{}', sha256('x'), 'superseded', $1) returning id",
        NOW,
    )
    for state, at, rows in (("done", past, 30_000), ("planned", later, 10_000), ("planned", NOW, 500)):
        await connection.execute(_FILL.replace("'c', 's'", f"'c', 's-{state}-{at:%m}'"), version, state, at, rows)
    if analyze:
        await connection.execute("analyze")


async def plan(connection: Any, sql: str, *arguments: Any) -> str:
    return json.dumps(json.loads(await connection.fetchval(f"explain (format json) {sql}", *arguments)))


async def test_a_claim_reads_the_index_of_what_is_due(connection: Any) -> None:
    found = await plan(connection, messages.CANDIDATES, NOW, 200)
    assert '"Index Name": "message_due"' in found
    assert '"Seq Scan"' not in found
    assert len(await messages.lock_due(connection, now=NOW, limit=200)) == 200


async def test_a_claim_looks_open_attempts_up_one_by_one_though_there_were_none_when_they_were_counted(
    connection: Any,
) -> None:
    await connection.execute("vacuum analyze open_attempt")
    await connection.execute("set plan_cache_mode = force_generic_plan")
    await connection.execute(f"prepare claim (timestamptz, bigint) as {messages.CANDIDATES}")
    found = await plan(connection, "execute claim ('2026-11-24T16:00:00Z', 200)")
    assert found.count('"Index Name": "open_attempt_pkey"') == 2
    assert '"Materialize"' not in found
    assert '"Hash' not in found


class Recording:
    """A connection that remembers what it was asked."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    async def fetch(self, sql: str, *arguments: Any) -> Any:
        self.asked.append((sql, arguments))
        return await self._connection.fetch(sql, *arguments)


async def must_use_indexes(connection: Any, refs: list[str], loans: list[str]) -> None:
    recording = Recording(connection)
    await people.lock_debtors(recording, refs)
    await people.load(recording, debtor_refs=refs, loan_refs=loans, now=NOW, history_from=NOW - timedelta(days=40))
    assert len(recording.asked) >= 8
    for sql, arguments in recording.asked:
        assert '"Seq Scan"' not in await plan(connection, sql, *arguments), sql


async def test_loading_people_reads_no_table_whole(connection: Any) -> None:
    await must_use_indexes(connection, [f"D-{n}" for n in range(200)], [f"L-{n}" for n in range(200)])


async def test_statements_prepared_on_empty_tables_use_indexes_too(database_url: str) -> None:
    database = await Database.connect(database_url, size=2)
    async with database.reading() as connection:
        await must_use_indexes(connection, ["D-1"], ["L-1"])
    await database.close()


async def test_what_is_planned_is_found_by_debtor_though_the_table_was_young_when_it_was_first_asked(
    database_url: str,
) -> None:
    database = await Database.connect(database_url, size=2)
    async with database.reading() as connection:
        await connection.execute("vacuum analyze message")
        await fill(connection, analyze=False)
        await connection.execute("set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare planned (text[]) as {messages.PLANNED_OF}")
        found = await plan(connection, "execute planned ('{D-1,D-2}')")
    await database.close()
    assert '"Index Name": "message_planned"' in found


async def test_what_is_planned_is_found_by_debtor_though_nothing_was_planned_when_it_was_first_asked(
    connection: Any,
) -> None:
    await connection.execute("delete from message where state = 'planned'")
    await connection.execute("vacuum analyze message")
    assert '"Index Name": "message_planned"' in await plan(connection, messages.PLANNED_OF, ["D-1", "D-2"])
