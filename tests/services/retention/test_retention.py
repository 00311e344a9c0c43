"""Retention: months and rows go when their time is over and not before, and what is left can still be proven."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from campaigns.pack_model import Kept
from services.database import Database
from services.evidence import Signer
from services.evidence_chain import check_chain
from services.retention import Retention
from services.sealing import Sealing
from tests.others import others_finished
from tests.services.migrations.rows import AT, insert, seed

SIGNER = Signer(b"secret of a test deployment")
NOW = datetime(2027, 3, 10, tzinfo=UTC)
PERIODS = {
    Kept.EVIDENCE: timedelta(days=90),
    Kept.RAW_CALLBACKS: timedelta(days=30),
    Kept.REPLY_TEXTS: timedelta(days=60),
}
OLD, RECENT = AT, datetime(2027, 2, 20, tzinfo=UTC)


def made(at: datetime, number: int = 0) -> UUID:
    """An id of ours, made at an instant."""
    return UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | number)


class Ledger:
    """A database with rows of November and February, and the chores that look after it in March."""

    def __init__(self, connection: asyncpg.Connection, database: Database) -> None:
        self.connection = connection
        self.database = database

    async def fill(self) -> None:
        """Ended messages with all that belongs to them, old and recent."""
        await seed(self.connection)
        for at, number in ((OLD, 10), (RECENT, 20)):
            message, attempt = made(at, number), made(at, number + 1)
            about: dict[str, Any] = {"earliest": at, "due_at": at, "expires_at": at + timedelta(hours=5)}
            about |= {"created_at": at, "updated_at": at, "state": "done", "outcome": "delivered"}
            await insert(self.connection, "message", id=message, step=f"s{number}", **about)
            await insert(self.connection, "attempt", id=attempt, message_id=message, state="delivered", handed_at=at)
            await insert(self.connection, "decision", id=made(at, number + 2), message_id=message)
            receipt = await insert(self.connection, "receipt", id=made(at, number + 3), attempt_id=attempt)
            await insert(self.connection, "callback", receipt_id=receipt["id"], raw=b"sealed")
            await insert(self.connection, "reply", id=made(at, number + 4), provider_ref=f"SM{number}", at=at)

    async def seal(self) -> None:
        """Seal everything."""
        await others_finished(self.connection)
        more = True
        while more:
            async with self.database.transaction() as connection:
                more = await Sealing(SIGNER).seal(connection, NOW)

    async def retain(self, periods: Mapping[Kept, timedelta] = PERIODS, *, now: datetime = NOW) -> None:
        """Let retention do all it would."""
        retention, more = Retention(periods, SIGNER, real_now=lambda: NOW), True
        while more:
            async with self.database.transaction() as connection:
                more = await retention.turn(connection, now)

    async def counts(self) -> dict[str, int]:
        """How many rows of each kind are left."""
        tables = ("message", "attempt", "decision", "receipt", "callback", "reply")
        return {table: await self.connection.fetchval(f"select count(*) from {table}") for table in tables}

    async def faults(self) -> list[str]:
        """What is wrong with the chain."""
        async with self.database.reading() as connection:
            return (await check_chain(connection, trusted_keys=[SIGNER.public_key])).faults


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    """A filled ledger."""
    connection, database = await asyncpg.connect(database_url), await Database.connect(database_url, size=2)
    made_ledger = Ledger(connection, database)
    await made_ledger.fill()
    yield made_ledger
    await connection.close()
    await database.close()


async def test_what_is_old_goes_and_the_rest_stays(ledger: Ledger) -> None:
    before = await ledger.counts()
    await ledger.seal()
    await ledger.retain()
    left = await ledger.counts()
    assert {name: before[name] - left[name] for name in left} == {
        "message": 1,
        "attempt": 1,
        "decision": 1,
        "receipt": 1,
        "callback": 1,
        "reply": 0,
    }
    texts = await ledger.connection.fetch("select sealed is null as gone, blind is null from reply order by id")
    assert [tuple(row) for row in texts] == [(True, True), (False, False)]
    months = await ledger.connection.fetch(
        "select relname from pg_class where relname ~ '^(decision|callback)_202611$'"
    )
    assert [row["relname"] for row in months] == []


async def test_the_chain_outlives_the_rows_that_retention_removed(ledger: Ledger) -> None:
    await ledger.seal()
    await ledger.retain()
    await ledger.seal()
    assert await ledger.faults() == []
    pruned = await ledger.connection.fetch("select source, rows from audit_seal where kind = 'pruned' order by source")
    assert [tuple(row) for row in pruned] == [("decision", 1), ("receipt", 1)]
    audited = await ledger.connection.fetch("select subject from audit order by id")
    assert {row["subject"] for row in audited} >= {"retention/decision/202611", "retention/messages"}


async def test_rows_removed_by_hand_are_not_taken_for_retention(ledger: Ledger) -> None:
    await ledger.seal()
    await ledger.connection.execute("drop table decision_202611")
    (fault,) = await ledger.faults()
    assert "1 rows were removed (202611)" in fault


async def test_a_month_that_is_not_sealed_yet_waits(ledger: Ledger) -> None:
    await ledger.retain()
    assert (await ledger.counts())["decision"] == 2
    await ledger.seal()
    await ledger.retain()
    assert (await ledger.counts())["decision"] == 1


async def test_nothing_goes_before_its_time(ledger: Ledger) -> None:
    before = await ledger.counts()
    await ledger.seal()
    await ledger.retain(dict.fromkeys(Kept, timedelta(days=1096)))
    assert await ledger.counts() == before


async def test_a_rehearsed_clock_ahead_of_the_real_one_removes_nothing_early(ledger: Ledger) -> None:
    before = await ledger.counts()
    await ledger.seal()
    await ledger.retain(dict.fromkeys(Kept, timedelta(days=1096)), now=NOW + timedelta(days=4000))
    assert await ledger.counts() == before


async def test_a_message_in_flight_is_never_removed(ledger: Ledger) -> None:
    """The seed's message is planned, and its attempt under way."""
    await ledger.connection.execute("update message set updated_at = $1, state = 'done'", OLD)
    await insert(ledger.connection, "open_attempt")
    await ledger.seal()
    await ledger.retain()
    assert await ledger.connection.fetchval("select count(*) from open_attempt") == 1


async def test_months_are_made_ahead(ledger: Ledger) -> None:
    await ledger.connection.execute("drop table decision_202706")
    await ledger.retain()
    assert await ledger.connection.fetchval("select to_regclass('decision_202706') is not null")


async def test_a_month_that_somebody_reads_is_dropped_another_time(ledger: Ledger) -> None:
    await ledger.seal()
    async with ledger.connection.transaction():
        await ledger.connection.execute("lock table decision in access share mode")
        await ledger.retain()
    assert (await ledger.counts())["decision"] == 2
    assert (await ledger.counts())["receipt"] == 1
