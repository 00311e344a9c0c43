"""A whole portfolio by a provider whose answers are lost and whose receipts come late, twice or in the wrong order."""

from collections import Counter
from uuid import UUID

import pytest

from channels.simulators.behaviour import SimulatorSettings
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.world import World

BATCH = 500
BAD_DAY = SimulatorSettings(
    lost_answer=0.05,
    receipts_late=0.05,
    receipts_late_by=3.0,
    receipts_repeated=0.025,
    receipts_reversed=0.025,
    receipt_delay=0.02,
)
RECEIPTS = "select attempt_id, provider_ref, status, count(*) as times from receipt group by 1, 2, 3"
ATTEMPTS = "select id, state, provider_ref from attempt"


@pytest.mark.parametrize(
    "people",
    [
        pytest.param(500, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
async def test_nobody_hears_twice_and_every_receipt_is_accounted_for(make_world: MakeWorld, people: int) -> None:
    async with make_world(simulator=BAD_DAY) as world:
        await world.start()
        for first in range(0, people, BATCH):
            debtors = [world.debtor() for _ in range(min(BATCH, people - first))]
            await world.tell(*(event for debtor in debtors for event in (debtor.snapshot(), debtor.due())))
        patience = 60 + people / 25
        await world.until(lambda: all_handed(world, people), lambda: f"{len(world.handed)} handed", within=patience)
        await world.rest(within=patience)
        taken = Counter(message.to for message in world.handed)
        assert set(taken) == {debtor.phone for debtor in world.debtors}
        assert set(taken.values()) == {1}
        await every_receipt_counts(world, people)
        kinds = Counter(event.kind for event in world.topics.events())
        assert (kinds["message.accepted"], kinds["message.delivered"]) == (people, people)
        assert 0 < kinds["message.unknown"] < 2 * people * BAD_DAY.lost_answer
        await prove(world)


def all_handed(world: World, people: int) -> bool:
    """Whether the provider took everything; what is published is read meanwhile, since the broker keeps little."""
    world.topics.records()
    return len(world.handed) >= people


async def every_receipt_counts(world: World, people: int) -> None:
    """Each word of the provider's is kept under the attempt it is about, and all attempts end as it said last."""
    attempts = {row["id"]: row for row in await world.rows(ATTEMPTS)}
    said = {
        (_attempt_of(message.callback), message.sid, status) for message in world.handed for status in message.statuses
    }
    kept = {(row["attempt_id"], row["provider_ref"], row["status"]): row["times"] for row in await world.rows(RECEIPTS)}
    assert set(kept) == said
    assert sum(kept.values()) > len(kept)
    assert len(attempts) == people
    assert {row["state"] for row in attempts.values()} == {"delivered"}
    assert {(ref, row["provider_ref"]) for ref, row in attempts.items()} == {(ref, sid) for ref, sid, _ in said}


def _attempt_of(callback: str | None) -> UUID:
    assert callback is not None
    return UUID(callback.partition("?")[0].rpartition("/")[2])
