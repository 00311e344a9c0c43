"""Processes that share senders, on one real database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from channels.carriers import REFUSALS
from channels.health import Health, State, Trouble
from channels.pacing import Pacing
from channels.provider import Receipt, Unknown
from channels.registry import Registry, Route, Sender
from schemas.enums import AttemptState, Channel, FailureClass
from services.clock import FakeClock
from services.database import Database
from services.fleet import BEAT_SECONDS, MISSED_SECONDS, Fleet, Hearsay
from services.store import senders
from services.ways import Way, Ways
from tests.services.engine.engine import FakeProvider

CONGESTED = Receipt(
    "SM1", AttemptState.UNDELIVERED, "undelivered", FailureClass.TEMPORARY, "30008", congested=True, sender="+1"
)
GOOD = Receipt("SM1", AttemptState.SENT, "sent", sender="+1")


class Process:
    """One process of a deployment, with a clock of its own that the test moves."""

    def __init__(self, database: Database, *, sends: bool = True) -> None:
        self.clock, self.hearsay = FakeClock(datetime(2026, 11, 24, 16, tzinfo=UTC)), Hearsay()
        provider = FakeProvider("a")
        registry = Registry([provider], {Channel.SMS: [Route(provider, (Sender("+1", 12.0),))]}, [])
        self.ways = Ways(registry, Pacing(registry.paces(), now=self.clock.monotonic()), Health())
        ways = self.ways if sends else None
        self.fleet = Fleet(database=database, clock=self.clock, hearsay=self.hearsay, ways=ways)

    async def later(self, seconds: float = BEAT_SECONDS) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        await self.fleet.turn()

    @property
    def pace(self) -> int:
        """What it may start in a second."""
        self.clock.advance(timedelta(seconds=100))
        return self.ways.capacity(self.clock.monotonic())

    @property
    def breaker(self) -> tuple[State, Trouble | None]:
        (report,) = self.ways.report(self.clock.monotonic())
        return report.health.state, report.health.cause


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = await Database.connect(database_url, size=2)
    yield made
    await made.close()


async def test_a_sender_has_its_pace_once_however_many_processes_send(database: Database) -> None:
    processes = [Process(database) for _ in range(3)]
    for process in (*processes, *processes):
        await process.fleet.turn()
    assert [process.pace for process in processes] == [4, 4, 4]


async def test_who_joins_counts_those_who_are_there_before_sending_anything(database: Database) -> None:
    first, second = Process(database), Process(database)
    await first.fleet.turn()
    assert first.pace == 12
    await second.fleet.turn()
    assert second.pace == 6


async def test_who_dies_is_missed_in_time_and_forgotten(database: Database) -> None:
    living, dead = Process(database), Process(database)
    await dead.fleet.turn()
    await living.fleet.turn()
    for _ in range(int(MISSED_SECONDS / BEAT_SECONDS) - 1):
        await living.later()
    assert len(await rows(database)) == 2
    await living.later()
    assert len(await rows(database)) == 1
    assert living.pace == 12


async def test_who_was_slow_and_not_dead_is_counted_again(database: Database) -> None:
    first, slow = Process(database), Process(database)
    await slow.fleet.turn()
    await first.fleet.turn()
    await first.later(MISSED_SECONDS)
    await slow.later(MISSED_SECONDS)
    await first.later()
    assert (first.pace, slow.pace) == (6, 6)


async def test_receipts_that_one_process_takes_are_heard_by_those_that_send(database: Database) -> None:
    api, one, two = Process(database, sends=False), Process(database), Process(database)
    for process in (api, one, two):
        await process.fleet.turn()
    for _ in range(REFUSALS):
        api.hearsay.note("a", CONGESTED)
    for process in (api, one, two):
        await process.later()
    assert one.breaker == two.breaker == (State.OPEN, Trouble.REFUSED)
    late = Process(database)
    await late.fleet.turn()
    await late.later()
    assert late.breaker == (State.CLOSED, None)


async def test_a_word_is_heard_once_and_only_by_the_sender_it_is_about(database: Database) -> None:
    process = Process(database)
    await process.fleet.turn()
    for _ in range(REFUSALS - 1):
        process.hearsay.note("a", CONGESTED)
    process.hearsay.note("a", GOOD)
    for _ in range(100):
        process.hearsay.note("a", Receipt("SM1", CONGESTED.state, "", FailureClass.BLOCKED, sender="+2"))
        process.hearsay.note("b", CONGESTED)
        process.hearsay.note("a", Receipt("SM1", CONGESTED.state, "", FailureClass.BLOCKED))
    for _ in range(5):
        await process.later()
    assert process.breaker == (State.CLOSED, None)
    process.hearsay.note("a", CONGESTED)
    await process.later()
    assert process.breaker == (State.OPEN, Trouble.REFUSED)


async def rows(database: Database) -> list[object]:
    async with database.reading() as connection:
        return list(await connection.fetch("select id from dispatcher"))


async def test_everybody_may_read_what_each_sender_looks_like_to_each_process(database: Database) -> None:
    healthy, troubled = Process(database), Process(database)
    now = healthy.clock.now()
    (way,) = [troubled.ways.choose(Channel.SMS, troubled.clock.monotonic(), stopped=frozenset())]
    assert isinstance(way, Way)
    for _ in range(100):
        troubled.ways.record(way, Unknown("no_answer"), troubled.clock.monotonic())
    await healthy.fleet.turn()
    await troubled.fleet.turn()
    async with database.reading() as connection:
        told = await senders.told(connection, now)
        late = await senders.told(connection, now + timedelta(seconds=1))
    seen = sorted((each.provider, each.channel, each.sender, each.state, each.cause) for (each,) in told)
    assert seen == [("a", "sms", "+1", "closed", None), ("a", "sms", "+1", "open", "unanswered")]
    assert late == []
