"""SIGKILL at random moments under steady load: nobody contacted twice, nobody forgotten, little unknown."""

import asyncio
from collections import Counter
from random import Random

import pytest

from tests.crash.scene import CONTACTED, UNTIL_LEASES_RAN_OUT
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.world import World

SEED = 20261124
KILLS = 3
A_SECOND = 15
LATENCY = 0.2
LIMIT = 20
"""Calls in flight at most, by the setting."""


@pytest.mark.slow
async def test_killed_at_random_under_load_nobody_is_contacted_twice_or_forgotten(make_world: MakeWorld) -> None:
    random = Random(SEED)
    async with make_world(dispatch_limit=str(LIMIT)) as world:
        world.provider.settings.latency = LATENCY
        await world.start()
        ended = asyncio.Event()
        load = asyncio.create_task(_load(world, ended))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(1.0, 4.0))
            world.serve.kill()
            world.clock.skip(UNTIL_LEASES_RAN_OUT)
            await world.start()
        ended.set()
        told = await load
        world.clock.skip(UNTIL_LEASES_RAN_OUT)
        assert await world.serve.stop() == 0
        await world.start()
        await prove(world)
        outcomes = {
            row["debtor_ref"]: row["outcome"] for row in await world.rows("select debtor_ref, outcome from message")
        }
        taken = Counter(message.to for message in world.handed)
        twice = sum(count > 1 for count in taken.values())
        forgotten = sum(outcomes.get(ref) not in CONTACTED for ref in told)
        unknown = sum(outcome == "unknown" for outcome in outcomes.values())
        _report(debtors=len(told), kills=KILLS, twice=twice, forgotten=forgotten, unknown=unknown)
        assert (twice, forgotten) == (0, 0)
        assert unknown <= LIMIT * KILLS


async def _load(world: World, ended: asyncio.Event) -> list[str]:
    """New debtors at a steady pace until `ended`; gives who they are."""
    told: list[str] = []
    while not ended.is_set():
        debtor = world.debtor()
        await world.tell(debtor.snapshot(), debtor.due())
        told.append(debtor.ref)
        await asyncio.sleep(1 / A_SECOND)
    return told


def _report(**figures: int) -> None:
    print(" ".join(f"{name}={value}" for name, value in figures.items()))  # noqa: T201
