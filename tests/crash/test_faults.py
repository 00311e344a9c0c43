"""A neighbour fails for a while, under load: nobody contacted twice, nobody forgotten, memory stays where it was."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from services import migrations
from services.embedded.postgres import EmbeddedPostgres
from tests.crash.crew import report, sampled, steady, weight
from tests.crash.proxy import Proxy
from tests.crash.scene import CONTACTED
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.world import World
from tests.real_kafka import RealKafka
from tests.statements import execute

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

LEASE = {"lease_seconds": "10", "call_timeout": "5", "dispatch_limit": "30"}
LEASES_RAN_OUT = timedelta(seconds=15)
PACE, BATCH = 40, 10
AWAY = 15.0
MOST_GROWTH = 60.0
"""MiB more than before the fault."""


class Load:
    """People fall due at a steady pace; what became of them is judged at the end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.told: list[str] = []
        self.heaviest = 0.0
        self.before = 0.0

    async def warm_up(self) -> None:
        """Wait for a few hundred contacts, then weigh the process."""
        await self.goes_on(200)
        self.before = weight(self.world.serve)

    async def goes_on(self, more: int = 100) -> None:
        """Wait until more people were contacted."""
        wanted = len(self.world.handed) + more
        await self.world.until(
            lambda: len(self.world.handed) >= wanted,
            lambda: f"{wanted} hand-overs, there are {len(self.world.handed)}",
            within=90,
        )

    async def lasts(self, seconds: float) -> None:
        """Let a fault last, and weigh the process meanwhile."""
        for _ in range(int(seconds * 2)):
            await asyncio.sleep(0.5)
            self.world.serve.must_live()
            self.heaviest = max(self.heaviest, weight(self.world.serve))

    async def judge(self, what: str, *, most_unknown: int = 0) -> None:
        """At rest every invariant holds, everybody was contacted once, and little is unknown."""
        world = self.world
        await world.rest(within=120)
        sampled(world)
        await prove(world)
        rows = await world.rows("select debtor_ref, outcome from message")
        outcomes = {row["debtor_ref"]: row["outcome"] for row in rows}
        twice = sum(count > 1 for count in Counter(message.to for message in world.handed).values())
        forgotten = [ref for ref in self.told if outcomes.get(ref) not in CONTACTED]
        unknown = sum(outcome == "unknown" for outcome in outcomes.values())
        grown = round(self.heaviest - self.before) if self.heaviest else 0
        report(what, debtors=len(self.told), twice=twice, forgotten=len(forgotten), unknown=unknown, grown_mib=grown)
        assert (twice, forgotten) == (0, [])
        assert unknown <= most_unknown
        assert grown <= MOST_GROWTH


@asynccontextmanager
async def under_load(world: World) -> AsyncIterator[Load]:
    """A started world with people falling due until the end of the block."""
    load, ended = Load(world), asyncio.Event()
    task = asyncio.create_task(steady(world, load.told, ended, a_second=PACE, at_once=BATCH))
    try:
        await load.warm_up()
        yield load
    finally:
        ended.set()
        await task


@asynccontextmanager
async def a_server(data_dir: Path) -> AsyncIterator[tuple[EmbeddedPostgres, str]]:
    """A PostgreSQL of this test alone with the present schema."""
    server = EmbeddedPostgres(data_dir)
    dsn = await asyncio.to_thread(server.start)
    try:
        await migrations.upgrade(dsn)
        yield server, dsn
    finally:
        await asyncio.to_thread(server.stop)


async def test_postgresql_is_killed_under_load(make_world: MakeWorld, data_dir: Path) -> None:
    async with a_server(data_dir) as (_, dsn), make_world(dsn=dsn, **LEASE) as world:
        await world.start()
        async with under_load(world) as load:
            os.kill(_postmaster(data_dir), signal.SIGKILL)
            await load.lasts(5)
            await asyncio.to_thread(EmbeddedPostgres(data_dir).start)
            await load.goes_on()
        await load.judge("PostgreSQL killed", most_unknown=30)


async def test_a_database_that_refuses_and_then_is_cut_under_load(make_world: MakeWorld, data_dir: Path) -> None:
    async with a_server(data_dir) as (_, dsn), Proxy(dsn) as proxy, make_world(dsn=proxy.dsn, **LEASE) as world:
        await world.start()
        async with under_load(world) as load:
            await proxy.refuse()
            await load.lasts(AWAY)
            await proxy.answer()
            await load.goes_on()
            for _ in range(5):
                proxy.cut()
                await load.lasts(1)
            await load.goes_on()
        await load.judge("database refused, then cut", most_unknown=6 * 30)


async def test_a_database_that_is_slow_under_load(make_world: MakeWorld, data_dir: Path) -> None:
    async with a_server(data_dir) as (_, dsn), Proxy(dsn) as proxy, make_world(dsn=proxy.dsn, **LEASE) as world:
        await world.start()
        async with under_load(world) as load:
            proxy.delay = 0.15
            await load.lasts(AWAY)
            proxy.delay = 0.0
            await load.goes_on()
        await load.judge("database slow", most_unknown=30)


@pytest.mark.parametrize("table", ["outbox", "inbox", "attempt"])
async def test_a_database_that_is_full_under_load(make_world: MakeWorld, data_dir: Path, table: str) -> None:
    async with a_server(data_dir) as (_, dsn), make_world(dsn=dsn, **LEASE) as world:
        await world.start()
        async with under_load(world) as load:
            await _full(dsn, table)
            await load.lasts(8)
            await _roomy(dsn, table)
            await load.goes_on()
        await load.judge(f"no room for {table}", most_unknown=60)


@pytest.mark.kafka
async def test_kafka_is_killed_and_gone_for_a_while_under_load(make_world: MakeWorld, own_kafka: RealKafka) -> None:
    async with make_world(bootstrap=own_kafka.bootstrap, **LEASE) as world:
        await world.start()
        load, ended = Load(world), asyncio.Event()
        task = asyncio.create_task(steady(world, load.told, ended, a_second=PACE, at_once=BATCH))
        await load.warm_up()
        ended.set()
        await task
        own_kafka.kill()
        await load.lasts(AWAY)
        await asyncio.to_thread(own_kafka.run, "start")
        ended.clear()
        task = asyncio.create_task(steady(world, load.told, ended, a_second=PACE, at_once=BATCH))
        await load.goes_on()
        ended.set()
        await task
        await load.judge("Kafka killed and gone")


@pytest.mark.parametrize(
    ("knob", "most_unknown"),
    [("throttled", 0), ("error_before", 10_000), ("error_after", 10_000), ("lost_answer", 10_000), ("hang", 10_000)],
)
async def test_a_provider_in_trouble_for_a_while_under_load(
    make_world: MakeWorld, knob: str, most_unknown: int
) -> None:
    async with make_world(**LEASE) as world:
        await world.start()
        async with under_load(world) as load:
            setattr(world.provider.settings, knob, 1.0)
            await load.lasts(8)
            setattr(world.provider.settings, knob, 0.0)
            await load.goes_on()
        await load.judge(f"provider: {knob}", most_unknown=most_unknown)


async def test_a_clock_that_jumps_under_load(make_world: MakeWorld) -> None:
    """Ahead by a day while attempts are open, then back by half an hour."""
    async with make_world(**LEASE) as world:
        world.provider.settings.latency = 0.3
        await world.start()
        async with under_load(world) as load:
            for jump in (timedelta(minutes=40), timedelta(minutes=-20), timedelta(hours=1)):
                world.serve.kill()
                world.clock.skip(jump)
                await world.start()
                await load.goes_on()
        world.serve.kill()
        world.clock.skip(LEASES_RAN_OUT)
        await world.start()
        await load.judge("clock jumped", most_unknown=4 * 30)


def _postmaster(data_dir: Path) -> int:
    pid = int((data_dir / "postgres" / "postmaster.pid").read_text().partition("\n")[0])
    assert psutil.pid_exists(pid)
    return pid


async def _full(dsn: str, table: str) -> None:
    await execute(
        dsn,
        "create or replace function no_room() returns trigger language plpgsql as"
        " $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$",
        f"create trigger no_room before insert on {table} for each row execute function no_room()",
    )


async def _roomy(dsn: str, table: str) -> None:
    await execute(dsn, f"drop trigger no_room on {table}")
