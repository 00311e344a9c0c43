"""The chain of seals: what is sealed is whole, and whoever gets round the triggers is found out, block by block."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.enums import SealKind
from services.auditing import Action, record
from services.database import Database
from services.evidence import Signer
from services.evidence_chain import Anchor, ChainChecked, check_chain
from services.sealing import Sealing, append, carry_on
from services.store import audit, seals
from tests.others import others_finished
from tests.services.migrations.rows import insert, seed

T0 = datetime(2026, 11, 24, 15, tzinfo=UTC)
SIGNER = Signer(b"secret of a test deployment")
BLOCK = 3


class Ledger:
    """A database with seals, its rightful users, and an intruder with a superuser's connection."""

    def __init__(self, url: str, database: Database, intruder: asyncpg.Connection) -> None:
        self.url = url
        self.database = database
        self.intruder = intruder
        self.now = T0

    async def write(self, count: int, *, first: int = 0) -> None:
        """Write audit rows, each in a transaction of its own."""
        for number in range(first, first + count):
            async with self.database.transaction() as connection:
                subject = f"stop/{number}"
                await record(connection, actor="cli:ana", action=Action.STOP_MADE, subject=subject, now=self.now)

    async def quiet(self) -> None:
        """Wait until no transaction of another test keeps rows from being sealed."""
        async with self.database.reading() as connection:
            await others_finished(connection)

    async def seal(self, signer: Signer | None = SIGNER) -> None:
        """Seal everything that can be."""
        await self.quiet()
        sealing = Sealing(signer, most_rows=BLOCK)
        more = True
        while more:
            async with self.database.transaction() as connection:
                more = await sealing.seal(connection, self.now)
            self.now += timedelta(minutes=1)

    async def check(self, *anchors: Anchor) -> ChainChecked:
        """Check the chain."""
        async with self.database.reading() as connection:
            return await check_chain(connection, trusted_keys=[SIGNER.public_key], anchors=anchors)

    async def tamper(self, statement: str) -> None:
        """Do what the triggers forbid."""
        async with self.intruder.transaction():
            await self.intruder.execute("set local session_replication_role = replica")
            await self.intruder.execute(statement)

    async def sealed(self, source: str) -> list[int]:
        """How many rows each block of a table has."""
        rows = await self.intruder.fetch("select rows from audit_seal where source = $1 order by number", source)
        return [row["rows"] for row in rows]


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    """An empty ledger."""
    database, intruder = await Database.connect(database_url, size=4), await asyncpg.connect(database_url)
    yield Ledger(database_url, database, intruder)
    await intruder.close()
    await database.close()


async def test_an_empty_chain_is_sound(ledger: Ledger) -> None:
    await ledger.seal()
    assert (await ledger.check()).faults == []


async def test_rows_are_sealed_once_in_blocks(ledger: Ledger) -> None:
    await ledger.write(7)
    await ledger.seal()
    await ledger.seal()
    assert await ledger.sealed("audit") == [3, 3, 1]
    checked = await ledger.check()
    assert (checked.faults, checked.links, checked.rows) == ([], 3, 7)


async def test_every_append_only_table_is_sealed(ledger: Ledger) -> None:
    await seed(ledger.intruder)
    for table in ("decision", "receipt", "consent", "suppression"):
        await insert(ledger.intruder, table)
    await ledger.write(1)
    await ledger.seal()
    assert [await ledger.sealed(table) for table in ("decision", "receipt", "consent", "suppression", "audit")] == [
        [1]
    ] * 5
    assert (await ledger.check()).faults == []


async def test_a_row_that_commits_late_is_waited_for(ledger: Ledger) -> None:
    """Its id and its transaction are older than those of rows that were committed before it."""
    late = await asyncpg.connect(ledger.url)
    slow = late.transaction()
    await slow.start()
    await record(late, actor="cli:eva", action=Action.STOP_MADE, subject="stop/late", now=T0)
    await ledger.write(4)
    await ledger.seal()
    assert await ledger.sealed("audit") == []
    await slow.commit()
    await late.close()
    await ledger.seal()
    assert sum(await ledger.sealed("audit")) == 5
    assert (await ledger.check()).faults == []


async def test_what_was_rolled_back_holds_nothing_up(ledger: Ledger) -> None:
    transaction = ledger.intruder.transaction()
    await transaction.start()
    await record(ledger.intruder, actor="cli:eva", action=Action.STOP_MADE, subject="stop/undone", now=T0)
    await ledger.write(2)
    await transaction.rollback()
    await ledger.seal()
    assert await ledger.sealed("audit") == [2]


async def test_of_several_processes_one_seals(ledger: Ledger) -> None:
    await ledger.write(30)
    await asyncio.gather(*(ledger.seal() for _ in range(4)))
    await ledger.seal()
    assert sum(await ledger.sealed("audit")) == 30
    assert (await ledger.check()).faults == []


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("update audit set actor = 'cli:nobody' where subject = 'stop/4'", "a row was changed"),
        ("update audit set at = at + interval '1 day' where subject = 'stop/4'", "a row was changed"),
        ("update audit set details = '{\"scope\": \"all\"}' where subject = 'stop/4'", "a row was changed"),
        ("delete from audit where subject = 'stop/4'", "1 rows were removed"),
        ("delete from audit where subject in ('stop/3', 'stop/4', 'stop/5')", "3 rows were removed"),
        (
            "insert into audit (id, at, actor, action, subject, details, xact) select gen_random_uuid(), at, actor, "
            "action, subject, details, xact from audit where subject = 'stop/4'",
            "1 rows were inserted",
        ),
        (
            "insert into audit (id, at, actor, action, subject, details, xact) select overlay(id::text placing "
            "translate(right(id::text, 1), '0123456789abcdef', '123456789abcdef0') from 36)::uuid, at, actor, action, "
            "subject, details, xact from audit where subject = 'stop/4'",
            "1 rows were inserted",
        ),
    ],
)
async def test_a_tampered_row_is_found_in_its_block(ledger: Ledger, statement: str, word: str) -> None:
    await ledger.write(9)
    await ledger.seal()
    await ledger.tamper(statement)
    (fault,) = (await ledger.check()).faults
    assert fault.startswith("block 2 (audit, sealed 2026-11-24 15:01 UTC)")
    assert word in fault


@pytest.mark.parametrize("table", ["decision", "receipt", "consent", "suppression"])
async def test_evidence_rows_are_watched_alike(ledger: Ledger, table: str) -> None:
    await seed(ledger.intruder)
    await insert(ledger.intruder, table)
    await ledger.seal()
    await ledger.tamper(f"update {table} set debtor_ref = 'D-2'")
    (fault,) = (await ledger.check()).faults
    assert f"({table}," in fault


@pytest.mark.parametrize(
    "statement",
    [
        "delete from audit_seal where number = 2",
        "update audit_seal set rows = 2 where number = 2",
        "update audit_seal set parts = (select parts from audit_seal where number = 1) where number = 2",
        "update audit_seal set until_xact = until_xact + 1 where number = 3",
        "update audit_seal set sealed_at = sealed_at + interval '1 day' where number = 2",
        "update audit_seal set signature = (select signature from audit_seal where number = 1) where number = 2",
        "update audit_seal set public_key = null, signature = null where number = 2",
    ],
)
async def test_a_tampered_seal_is_found(ledger: Ledger, statement: str) -> None:
    await ledger.write(9)
    await ledger.seal()
    await ledger.tamper(statement)
    assert any(fault.startswith(("block 2", "block 3")) for fault in (await ledger.check()).faults)


async def test_a_chain_made_anew_without_the_key_is_found(ledger: Ledger) -> None:
    await ledger.write(3)
    await ledger.seal()
    await ledger.tamper("update audit set actor = 'cli:nobody'")
    await ledger.tamper("delete from audit_seal")
    await ledger.seal(Signer(b"an intruder's secret"))
    (fault,) = (await ledger.check()).faults
    assert "signed with another key" in fault


async def test_an_end_that_was_cut_off_is_missed_by_whoever_noted_it(ledger: Ledger) -> None:
    await ledger.write(6)
    await ledger.seal()
    noted = Anchor(2, (await ledger.check()).last.partition(":")[2])
    assert (await ledger.check(noted)).faults == []
    await ledger.tamper("delete from audit_seal where number = 2")
    assert (await ledger.check()).faults == []
    assert (await ledger.check(noted)).faults == ["block 2: it was noted, and is not in the chain"]
    await ledger.seal()
    assert (await ledger.check(noted)).faults == ["block 2: it is not the one that was noted"]


async def test_rows_numbered_outside_all_transactions_are_found(ledger: Ledger) -> None:
    await ledger.write(1)
    await ledger.seal()
    await ledger.tamper(
        "insert into audit (id, at, actor, action, subject, details, xact) "
        "select gen_random_uuid(), at, actor, action, subject, details, -1 from audit"
    )
    assert (await ledger.check()).faults == ["audit: 1 rows belong to no transaction there ever was"]


async def test_after_a_restore_into_another_server_the_chain_goes_on(ledger: Ledger) -> None:
    """A server filled from a dump counts transactions from a low number again."""
    await ledger.write(3)
    await ledger.seal()
    await ledger.tamper("update audit set xact = xact + 1000000000")
    await ledger.tamper("delete from audit_seal")
    async with ledger.database.transaction() as connection:
        sealed = {"audit": (0, await connection.fetchval("select max(xact) + 1 from audit"))}
        for table, (since, until) in sealed.items():
            (block,) = await seals.blocks(connection, table, [(since, until)])
            await append(connection, SealKind.SEALED, table, since, until, block, now=T0, signer=SIGNER)
    async with ledger.database.transaction() as connection:
        assert await carry_on(connection, T0, SIGNER)
    async with ledger.database.transaction() as connection:
        assert not await carry_on(connection, T0, SIGNER)
    await ledger.write(2)
    await ledger.seal()
    assert await ledger.sealed("audit") == [3, 2]
    assert (await ledger.check()).faults == []


async def test_the_log_is_read_newest_first_a_page_at_a_time(ledger: Ledger) -> None:
    await ledger.write(5)
    async with ledger.database.reading() as connection:
        first = await audit.page(connection, audit.Wanted(actor="cli:ana"), limit=3)
        rest = await audit.page(connection, audit.Wanted(), before=first[-1].id, limit=3)
        none = await audit.page(connection, audit.Wanted(until=T0), limit=3)
    assert [row.subject for row in [*first, *rest]] == [f"stop/{n}" for n in (4, 3, 2, 1, 0)]
    assert none == []


async def test_details_hold_nothing_that_looks_personal(ledger: Ledger) -> None:
    async with ledger.database.transaction() as connection:
        details = {"name": "ana@example.test", "places": ["+52 55 1234 5678"]}
        await record(connection, actor="cli:ana", action=Action.KEY_MADE, subject="key/1", details=details, now=T0)
        (row,) = await audit.page(connection, audit.Wanted(), limit=1)
    assert row.details == {"name": "[redacted]", "places": ["[redacted]"]}


async def test_an_unfilled_block_is_sealed_when_its_time_has_come(ledger: Ledger) -> None:
    sealing = Sealing(SIGNER, most_rows=BLOCK)
    for minutes, expected in ((0, [1]), (1, [1]), (6, [1, 1])):
        await ledger.write(1)
        await ledger.quiet()
        async with ledger.database.transaction() as connection:
            await sealing.turn(connection, T0 + timedelta(minutes=minutes))
        assert len(await ledger.sealed("audit")) == len(expected)


async def test_sources_name_every_column_but_the_place(ledger: Ledger) -> None:
    """A column that a migration adds later must be sealed too."""
    for table, source in seals.SOURCES.items():
        rows = await ledger.intruder.fetch(
            "select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped",
            table,
        )
        sealed = set(re.findall(r"\w+", " ".join(source.columns)))
        assert {row["attname"] for row in rows} - sealed == {"xact"}
