"""What a provider refuses, delays, loses or takes back."""

import pytest

from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def test_an_opt_out_known_to_the_provider_is_ours_from_then_on(world: World) -> None:
    debtor = await due(world, code=21610)
    failed = await world.outcome(debtor, "message.failed")
    assert (failed.data["failure"]["code"], failed.data["willRetry"]) == ("opted_out", False)
    opted = await world.outcome(debtor, "optout.recorded")
    assert opted.data["source"] == "provider"
    assert world.sms(debtor) == []


@pytest.mark.parametrize("code", [21211, 21614])
async def test_a_number_that_leads_nowhere_is_told_and_not_used_again(world: World, code: int) -> None:
    debtor = await due(world, code=code)
    invalidated = await world.outcome(debtor, "contactpoint.invalidated")
    assert (invalidated.data["contactPointRef"], invalidated.data["channel"]) == ("cp1", "sms")
    failed = await world.outcome(debtor, "message.failed")
    assert failed.data["failure"]["providerCode"] == str(code)
    assert failed.data["willRetry"] is False


async def test_too_many_requests_is_not_a_contact_and_is_tried_again(world: World) -> None:
    world.provider.settings.throttled = 1.0
    debtor = await due(world)
    await world.row("select 1 from attempt where debtor_ref = $1 and state = 'not_sent'", debtor.ref)
    assert world.sms(debtor) == []
    world.provider.settings.throttled = 0.0
    await world.outcome(debtor, "message.delivered")
    assert len(world.sms(debtor)) == 1


async def test_a_refused_connection_is_not_a_contact_and_is_tried_again(world: World) -> None:
    await world.provider_off()
    debtor = await due(world)
    await world.row("select 1 from attempt where debtor_ref = $1 and state = 'not_sent'", debtor.ref)
    await world.provider_on()
    await world.outcome(debtor, "message.delivered", within=40)
    assert len(world.sms(debtor)) == 1
    failed = world.outcomes(debtor, "message.failed")
    assert all(event.data["willRetry"] for event in failed)


@pytest.mark.parametrize("fault", ["error_after", "lost_answer", "lost_request", "error_before"])
async def test_without_a_clear_answer_it_is_unknown_and_never_sent_again(world: World, fault: str) -> None:
    settings = world.provider.settings
    settings.receipts_lost = 1.0
    setattr(settings, fault, 1.0)
    debtor = await due(world)
    unknown = await world.outcome(debtor, "message.unknown")
    setattr(settings, fault, 0.0)
    settings.receipts_lost = 0.0
    assert unknown.data["reason"] in ("no_answer", "server_error", "disconnected")
    await world.tell(debtor.due(), debtor.snapshot(revision=2))
    await world.rest()
    (row,) = await world.rows("select count(*), max(state) from attempt where debtor_ref = $1", debtor.ref)
    assert tuple(row) == (1, "unknown")
    assert len(world.sms(debtor)) <= 1


async def test_a_receipt_clears_up_what_was_unknown(world: World) -> None:
    world.provider.settings.lost_answer = 1.0
    debtor = await due(world)
    await world.outcome(debtor, "message.delivered")
    world.provider.settings.lost_answer = 0.0
    await world.rest()
    assert world.kinds(debtor)[-2:] == ["accepted", "delivered"]
    assert len(world.sms(debtor)) == 1


async def due(world: World, *, code: int | None = None) -> Debtor:
    """Somebody with an installment due today, whose number the provider answers with a code."""
    debtor = world.debtor()
    if code is not None:
        world.provider.settings.codes[debtor.phone] = code
    await world.tell(debtor.snapshot(), debtor.due())
    return debtor
