"""From a core's event to the published end of a message."""

import pytest

from tests.end_to_end.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_due_event_and_a_later_snapshot_become_one_message_told_in_order(world: World) -> None:
    debtor = world.debtor()
    await world.tell(debtor.due())
    await world.row("select 1 from installment where loan_ref = $1", debtor.loan)
    assert world.sms(debtor) == []
    await world.tell(debtor.snapshot(), structured=True)
    message = await world.the_sms(debtor)
    assert debtor.given_name in message.body
    assert "$1,050.50" in message.body
    assert "Financiera Demo" in message.body
    assert "BAJA" in message.body
    assert 30 < int(message.fields["ValidityPeriod"]) <= 36_000
    delivered = await world.outcome(debtor, "message.delivered")
    assert world.kinds(debtor) == ["scheduled", "accepted", "delivered"]
    assert [event.sequence for event in world.outcomes(debtor)] == [1, 2, 3]
    assert delivered.data["contactPointRef"] == "cp1"


async def test_a_snapshot_first_is_as_good(world: World) -> None:
    debtor = world.debtor()
    await world.tell(debtor.snapshot(), debtor.due())
    await world.outcome(debtor, "message.delivered")
    assert len(world.sms(debtor)) == 1
