"""The console's lists read the ends of indexes, however long the ledger is."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.database import Database
from services.store import console, console_lists

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
ROWS = 40_000
_FILL = (
    "insert into debtor (debtor_ref, created_at, updated_at) select 'D-' || i, $1, $1 from generate_series(0, 999) i",
    "insert into content values (sha256('x'), 'definition', 'c', 'x', $1)",
    "insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at)"
    " values ('c', 1, sha256('x'), '{}', sha256('x'), 'superseded', $1)",
    "insert into message (id, debtor_ref, loan_ref, installment_number, occurrence, campaign, step, version_id,"
    " purpose, channel, state, earliest, due_at, expires_at, created_at, updated_at)"
    " select lpad(to_hex(i), 32, '0')::uuid, 'D-' || i % 1000, 'L-' || i, 1, date '2026-11-24', 'c', 's', v.id,"
    f" 'collections', 'sms', 'done', $1, $1, $1 + interval '1 day', $1, $1"
    f" from generate_series(1, {ROWS}) i, (select max(id) as id from campaign_version) v where $1 is not null",
    "insert into attempt (id, message_id, debtor_ref, campaign, number, channel, contact_point_ref, provider, sender,"
    " state, template, content_hash, parts, handed_at, valid_until)"
    " select id, id, debtor_ref, 'c', 1, 'sms', 'cp', 'p', 's', 'delivered', '{}', '', 1, $1, $1 from message"
    " where $1 is not null",
)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Any]:
    """A database with a long history."""
    database = await Database.connect(database_url, size=2)
    async with database.reading() as opened:
        for statement in _FILL:
            await opened.execute(statement.replace("$1", f"timestamptz '{NOW.isoformat()}'"))
        await opened.execute("analyze")
        yield opened
    await database.close()


async def read_rows(connection: Any, sql: str, *arguments: Any) -> int:
    """The most rows that any part of a plan reads."""
    (told,) = json.loads(await connection.fetchval(f"explain (analyze, format json) {sql}", *arguments))
    return max(_rows(told["Plan"]))


def _rows(node: dict[str, Any]) -> list[int]:
    here = int(node["Actual Rows"] * node["Actual Loops"])
    return [here, *(rows for child in node.get("Plans", ()) for rows in _rows(child))]


async def test_no_list_reads_more_than_its_window(connection: Any) -> None:
    last, window = console_lists.LAST, 20_000
    assert await read_rows(connection, console_lists.LATEST, last, None, None, None, 51) <= window
    assert await read_rows(connection, console_lists.LATEST, last, "c", "failed", "sms", 51) <= window
    assert await read_rows(connection, console_lists.OF_DEBTORS, last, None, None, None, 51, ["D-1"]) <= 100
    assert await read_rows(connection, console_lists.UNKNOWN, last, 51) <= 100
    assert await read_rows(connection, console_lists.OPEN_TASKS, NOW, UUID(int=0), 51) == 0
    assert await read_rows(connection, console.THROUGHPUT, NOW) <= window
    assert await read_rows(connection, console.PROVIDERS, NOW) <= window
