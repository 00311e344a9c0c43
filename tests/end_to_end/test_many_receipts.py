"""A whole portfolio by a provider whose answers are lost and whose receipts come late, twice or in the wrong order."""

from collections import Counter
from uuid import UUID

import pytest

from channels.simulators.behaviour import SimulatorSettings
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.topics import MESSAGES
from tests.end_to_end.world import World

PEOPLE, BATCH = 10_000, 500
PATIENCE = 600.0
BAD_DAY = SimulatorSettings(
    lost_answer=0.05,
    receipts_late=0.05,
    receipts_late_by=3.0,
    receipts_repeated=0.025,
    receipts_reversed=0.05,
    receipt_delay=0.02,
)
RECEIPTS = "select attempt_id, provider_ref, status, count(*) as times from receipt group by 1, 2, 3"
ATTEMPTS = "select id, state, provider_ref from attempt"


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_nobody_hears_twice_and_every_receipt_is_accounted_for(make_world: MakeWorld) -> None:
    async with make_world(simulator=BAD_DAY) as world:
        await world.start()
        for _ in range(0, PEOPLE, BATCH):
            debtors = [world.debtor() for _ in range(BATCH)]
            await world.tell(*(event for debtor in debtors for event in (debtor.snapshot(), debtor.due())))
            said(world)
        await world.until(
            lambda: said(world) >= 3 * PEOPLE and len(world.handed) >= PEOPLE,
            lambda: f"{len(world.handed)} handed over and {said(world)} events",
            within=PATIENCE,
        )
        await world.rest(within=PATIENCE)
        taken = Counter(message.to for message in world.handed)
        assert set(taken) == {debtor.phone for debtor in world.debtors}
        assert set(taken.values()) == {1}
        await every_receipt_counts(world)
        kinds = Counter(event.kind for event in world.topics.events())
        assert (kinds["message.accepted"], kinds["message.delivered"]) == (PEOPLE, PEOPLE)
        assert 0 < kinds["message.unknown"] < 2 * PEOPLE * BAD_DAY.lost_answer
        await prove(world)


def said(world: World) -> int:
    """How much was published of messages; read again and again, since the embedded broker keeps 5 MiB a partition.

    Of each there are at least three: scheduled, accepted, delivered.
    """
    return len(world.topics.records(MESSAGES))


async def every_receipt_counts(world: World) -> None:
    """Each word of the provider's is kept under the attempt it is about, and all attempts end as it said last."""
    attempts = {row["id"]: row for row in await world.rows(ATTEMPTS)}
    told = {
        (_attempt_of(message.callback), message.sid, status) for message in world.handed for status in message.statuses
    }
    kept = {(row["attempt_id"], row["provider_ref"], row["status"]): row["times"] for row in await world.rows(RECEIPTS)}
    assert set(kept) == told
    assert sum(kept.values()) > len(kept)
    assert len(attempts) == PEOPLE
    assert {row["state"] for row in attempts.values()} == {"delivered"}
    assert {(ref, row["provider_ref"]) for ref, row in attempts.items()} == {(ref, sid) for ref, sid, _ in told}


def _attempt_of(callback: str | None) -> UUID:
    assert callback is not None
    return UUID(callback.partition("?")[0].rpartition("/")[2])
