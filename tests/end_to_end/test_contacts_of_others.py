"""What people and other systems did, as `puntual.contacts.v1` tells it."""

import pytest

from tests.end_to_end.portfolio import Debtor, Event
from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


def visited(debtor: Debtor, at: str) -> Event:
    """A field visit."""
    return debtor.says("contact.recorded", contactRef=f"v-{at}", at=at, channel="visit", outcome="attempted")


async def test_a_visit_of_yesterday_leaves_today_free_and_one_of_today_does_not(world: World) -> None:
    yesterday, today = world.debtor(), world.debtor()
    await world.tell(yesterday.snapshot(), visited(yesterday, "2026-11-23T16:00:00Z"))
    await world.tell(today.snapshot(), visited(today, "2026-11-24T14:30:00Z"))
    for debtor in (yesterday, today):
        await world.row("select 1 from other_contact where debtor_ref = $1", debtor.ref)
    await world.tell(yesterday.due(), today.due())
    await world.the_sms(yesterday)
    assert (await world.outcome(today, "message.suppressed")).data["reason"] == "frequency_cap"
    assert world.sms(today) == []


async def test_a_contact_told_twice_is_kept_once(world: World) -> None:
    debtor = world.debtor()
    visit = visited(debtor, "2026-11-24T14:30:00Z")
    await world.tell(debtor.snapshot(), visit, visit, visit.again(event_id=f"{visit.id}-again"))
    await world.rest()
    assert len(await world.rows("select 1 from other_contact where debtor_ref = $1", debtor.ref)) == 1


async def test_a_closed_task_ends_the_hold_that_waited_for_it(world: World) -> None:
    debtor = world.debtor()
    await world.tell(debtor.snapshot())
    await world.row("select 1 from debtor where debtor_ref = $1 and state = 'active'", debtor.ref)
    assert await world.reply(debtor, "pues quién sabe qué onda con eso") == 200
    task = (await world.outcome(debtor, "task.created")).data["taskRef"]
    await world.tell(debtor.due())
    await world.row("select 1 from installment where loan_ref = $1", debtor.loan)
    await world.rest()
    assert world.sms(debtor) == []
    stranger = debtor.says("task.closed", taskRef="another", outcome="done", closedAt="2026-11-24T15:31:00Z")
    closed = debtor.says("task.closed", taskRef=task, outcome="clarified", closedAt="2026-11-24T15:31:00Z")
    await world.tell(stranger, closed)
    await world.row("select 1 from hold where debtor_ref = $1 and released_at is not null", debtor.ref)
    (row,) = await world.rows("select outcome from task where debtor_ref = $1", debtor.ref)
    assert row["outcome"] == "clarified"
    await world.tell(debtor.due(number=8))
    assert "$1,050.50" in (await world.the_sms(debtor)).body
