"""Receipts in any number and order, and callbacks from anybody."""

import pytest

from channels.simulators.twilio_store import SimulatedMessage
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.world import ACCOUNT, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def accepted(world: World) -> tuple[Debtor, SimulatedMessage]:
    """A message that the provider took and says no more of by itself."""
    world.provider.settings.receipts = ()
    debtor = world.debtor()
    await world.tell(debtor.snapshot(), debtor.due())
    message = await world.the_sms(debtor)
    await world.outcome(debtor, "message.accepted")
    return debtor, message


@pytest.mark.parametrize(
    "words",
    [
        ("sent", "delivered"),
        ("sent", "sent", "delivered", "delivered", "delivered"),
        ("delivered", "sent", "queued", "sending"),
        ("undelivered", "delivered"),
        ("delivered", "undelivered", "failed"),
        ("teleported", "delivered"),
        ("deliv\x00ered", "", "delivered"),
    ],
)
async def test_delivered_is_told_once_whatever_the_order(world: World, words: tuple[str, ...]) -> None:
    debtor, message = await accepted(world)
    for word in words:
        assert await world.receipt(message, word) == 204
    await world.outcome(debtor, "message.delivered")
    await world.rest()
    assert world.kinds(debtor).count("delivered") == 1
    (row,) = await world.rows("select outcome from message where debtor_ref = $1", debtor.ref)
    assert row["outcome"] == "delivered"
    (kept,) = await world.rows("select count(*) from receipt where debtor_ref = $1", debtor.ref)
    assert kept[0] == len(words)


async def test_a_status_nobody_knows_is_kept_and_changes_nothing(world: World) -> None:
    debtor, message = await accepted(world)
    assert await world.receipt(message, "teleported") == 204
    await world.row("select 1 from receipt where debtor_ref = $1 and status = 'teleported'", debtor.ref)
    assert world.kinds(debtor) == ["scheduled", "accepted"]


async def test_a_receipt_may_come_before_the_answer(world: World) -> None:
    settings = world.provider.settings
    settings.latency, settings.receipts = 1.0, ("sent", "delivered")
    debtor = world.debtor()
    await world.tell(debtor.snapshot(), debtor.due())
    await world.outcome(debtor, "message.delivered")
    (row,) = await world.rows("select count(*) from open_attempt where debtor_ref = $1", debtor.ref)
    assert row[0] == 1, "the answer came first"
    settings.latency, settings.receipts = 0.0, ()
    await world.rest()
    assert world.kinds(debtor) == ["scheduled", "accepted", "delivered"]


async def test_undelivered_is_a_failure_that_a_person_may_read(world: World) -> None:
    debtor, message = await accepted(world)
    assert await world.receipt(message, "undelivered", 30007) == 204
    failed = await world.outcome(debtor, "message.failed")
    assert (failed.data["failure"]["code"], failed.data["failure"]["providerCode"]) == ("blocked", "30007")


async def test_without_a_valid_signature_nothing_is_heard(world: World) -> None:
    debtor, message = await accepted(world)
    assert message.callback is not None
    form = {"MessageSid": message.sid, "MessageStatus": "delivered", "AccountSid": ACCOUNT}
    for signature in ("", "bm8=", "A" * 28):
        assert await world.callback(message.callback, form, signature=signature) == 403
    inbound = {"MessageSid": "SM9", "From": debtor.phone, "To": "+525550000000", "Body": "BAJA"}
    assert await world.callback(f"{world.serve.url}/callbacks/twilio/inbound", inbound, signature="bm8=") == 403
    await world.rest()
    assert world.kinds(debtor) == ["scheduled", "accepted"]
    assert world.outcomes(debtor, "reply.received", "optout.recorded") == []


async def test_without_our_own_token_nothing_is_heard(world: World) -> None:
    debtor, message = await accepted(world)
    assert message.callback is not None
    form = {"MessageSid": message.sid, "MessageStatus": "delivered", "AccountSid": ACCOUNT}
    bare = message.callback.partition("?")[0]
    for url in (bare, f"{bare}?k=", f"{bare}?k=AAAA", message.callback[:-1]):
        assert await world.callback(url, form) == 403
    await world.rest()
    assert world.kinds(debtor) == ["scheduled", "accepted"]
