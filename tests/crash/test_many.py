"""Several processes of each role on one real Kafka and one PostgreSQL, while some come, go and die."""

import asyncio
from collections import Counter

import pytest

from tests.crash.crew import Crew, crew_of, disorder, report, sampled, steady
from tests.crash.scene import CONTACTED
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.world import World
from tests.real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.long, pytest.mark.timeout(400)]

LEASE = {"lease_seconds": "10", "call_timeout": "5", "dispatch_limit": "30"}
BATCH, PACE = 20, 60
ROLES = ("ingest", "dispatch", "relay")


async def test_two_of_each_role_share_the_work_through_comings_and_goings(
    make_world: MakeWorld, own_kafka: RealKafka
) -> None:
    async with make_world(bootstrap=own_kafka.bootstrap, **LEASE) as world, crew_of(world) as crew:
        world.provider.settings.latency = 0.05
        world.serve = world.serve.narrowed("--role", "api", "--role", "upkeep")
        await world.start()
        await crew.join("api-2", "api")
        for role in ROLES:
            await crew.join(f"{role}-1", role)
        ended, told = asyncio.Event(), list[str]()
        load = asyncio.create_task(steady(world, told, ended, a_second=PACE, at_once=BATCH))
        await _comings_and_goings(world, crew, told)
        ended.set()
        await load
        await world.rest(within=90)
        shares = await _relay_shares(world)
        await _everyone_once(world, told)
        assert disorder(world) == []
        assert sorted(shares) == [8, 8], "two relays have half of the lanes each"
        sampled(world)
        await prove(world)
        await _all_leave(world, crew)


async def _comings_and_goings(world: World, crew: Crew, told: list[str]) -> None:
    """A second of each joins under load, the first of each dies or leaves, and others take their places."""
    await world.until(lambda: len(told) > 100, "the load")
    await asyncio.gather(*(crew.join(f"{role}-2", role) for role in ROLES))
    await _goes_on(world)
    for name in ("api-2", *(f"{role}-1" for role in ROLES)):
        crew.die(name)
    await _goes_on(world)
    await asyncio.gather(*(crew.join(f"{role}-3", role) for role in ROLES))
    await _goes_on(world)
    for role in ROLES:
        await crew.leave(f"{role}-2")
    await _goes_on(world)
    await asyncio.gather(*(crew.join(f"{role}-4", role) for role in ROLES))
    await _goes_on(world)


async def _goes_on(world: World) -> None:
    """Wait until 100 more people were contacted and more was published."""
    handed, published = len(world.handed), len(world.topics.events())
    await world.until(
        lambda: len(world.handed) > handed + 100 and len(world.topics.events()) > published + 100,
        lambda: f"work to go on after {handed} hand-overs, {len(world.handed)} now",
        within=60,
    )


async def _relay_shares(world: World) -> list[int]:
    """How many lanes each relay owns."""
    rows = await world.rows(
        "select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and database ="
        " (select oid from pg_database where datname = current_database())"
        " and classid::bigint = 7268401300 >> 32 and objid::bigint - (7268401300 & 4294967295) between 0 and 15"
        " group by pid"
    )
    return [row[0] for row in rows]


async def _everyone_once(world: World, told: list[str]) -> None:
    rows = await world.rows("select debtor_ref, outcome from message")
    outcomes = {row["debtor_ref"]: row["outcome"] for row in rows}
    twice = [to for to, count in Counter(message.to for message in world.handed).items() if count > 1]
    forgotten = [ref for ref in told if outcomes.get(ref) not in CONTACTED]
    unknown = sum(outcome == "unknown" for outcome in outcomes.values())
    report("many", debtors=len(told), twice=len(twice), forgotten=len(forgotten), unknown=unknown)
    assert (twice, forgotten) == ([], [])
    assert len(rows) == len(told)
    assert unknown <= int(LEASE["dispatch_limit"])


async def _all_leave(world: World, crew: Crew) -> None:
    for name in list(crew.processes):
        await crew.leave(name)
    assert await world.serve.stop() == 0
