"""Who throws the switch stops the sending, and who lifts it lets it go on."""

import pytest

from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

HELD = "select 1 from message where debtor_ref = $1 and reason = 'stopped'"


@pytest.mark.parametrize("scope", [(), ("--campaign", "vence"), ("--channel", "sms"), ("--provider", "twilio-main")])
async def test_a_stop_holds_what_is_due_until_it_is_lifted(world: World, scope: tuple[str, ...]) -> None:
    await world.serve.command("stop", *scope, "--reason", "ensayo")
    debtor = world.debtor()
    await world.tell(debtor.snapshot(), debtor.due())
    await world.outcome(debtor, "message.scheduled")
    if "--provider" not in scope:
        await world.row(HELD, debtor.ref)
    assert world.sms(debtor) == []
    await world.serve.command("start", *scope)
    await world.outcome(debtor, "message.delivered")
    assert len(world.sms(debtor)) == 1
