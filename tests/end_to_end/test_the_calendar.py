"""Days and instants: weekends, holidays, and unknowns that are looked up later."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.end_to_end.fixtures import MakeWorld, prove

pytestmark = pytest.mark.slow

SATURDAY = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 16, 0, tzinfo=UTC)


async def test_a_weekend_is_waited_out_where_the_message_may_wait(make_world: MakeWorld) -> None:
    async with make_world(now=SATURDAY) as world:
        await world.start()
        patient, hasty = world.debtor(product="lunes"), world.debtor()
        for debtor in (patient, hasty):
            await world.tell(debtor.snapshot(), debtor.due(date="2026-11-21"))
        scheduled = await world.outcome(patient, "message.scheduled")
        assert scheduled.data["scheduledFor"].startswith("2026-11-23T14:00")
        end = await world.outcome(hasty, "message.suppressed")
        assert end.data["ruleRef"] == "mx-policy-hours"
        await world.rest()
        assert world.handed == []
        await world.restart(later=timedelta(days=1, hours=23))
        await world.the_sms(patient)
        await prove(world)
        assert world.sms(hasty) == []


async def test_a_holiday_is_no_day_to_ask(make_world: MakeWorld) -> None:
    async with make_world(now=CHRISTMAS) as world:
        await world.start()
        debtor = world.debtor()
        await world.tell(debtor.snapshot(), debtor.due(date="2026-12-25"))
        end = await world.outcome(debtor, "message.suppressed")
        assert end.data["reason"] == "holiday"
        assert await world.serve.stop() == 0


async def test_an_unknown_is_looked_up_and_found_a_minute_later(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.provider.settings.lost_answer = world.provider.settings.receipts_lost = 1.0
        await world.start()
        debtor = world.debtor()
        await world.tell(debtor.snapshot(), debtor.due())
        await world.outcome(debtor, "message.unknown")
        world.provider.settings.lost_answer = 0.0
        await world.restart(later=timedelta(seconds=61))
        await world.outcome(debtor, "message.delivered")
        await prove(world)
        assert len(world.sms(debtor)) == 1
        assert world.kinds(debtor) == ["scheduled", "unknown", "accepted", "delivered"]


@pytest.mark.slow
async def test_a_receipt_that_got_lost_is_asked_for_an_hour_later(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.provider.settings.receipts_lost = 1.0
        await world.start()
        debtor = world.debtor()
        await world.tell(debtor.snapshot(), debtor.due())
        await world.outcome(debtor, "message.accepted")
        await world.restart(later=timedelta(minutes=61))
        await world.outcome(debtor, "message.delivered")
        await prove(world)
        assert len(world.sms(debtor)) == 1
        assert world.kinds(debtor) == ["scheduled", "accepted", "delivered"]
