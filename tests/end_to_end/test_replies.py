"""What debtors answer, and what follows."""

import pytest

from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def contacted(world: World) -> Debtor:
    """Somebody who just got a message and has another planned for the evening."""
    debtor = world.debtor(loans=2)
    mixed = [
        {"loanRef": loan, "role": "borrower", "productCode": product, "creditorRef": "demo"}
        for loan, product in zip(debtor.loans, ("consumo", "espera"), strict=True)
    ]
    await world.tell(debtor.snapshot(loans=mixed), debtor.due(), debtor.due(loan=debtor.loans[1]))
    await world.outcome(debtor, "message.delivered")
    return debtor


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("BAJA", "sms"),
        pytest.param("baja por favor", "sms", marks=pytest.mark.slow),
        ("no me contacten", "all"),
        pytest.param("STOP", "sms", marks=pytest.mark.slow),
    ],
)
async def test_a_stop_is_recorded_and_ends_what_is_planned(world: World, text: str, channel: str) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, text) == 200
    opted = await world.outcome(debtor, "optout.recorded")
    reply = await world.outcome(debtor, "reply.received")
    assert reply.data["intent"] == "opt_out"
    assert opted.data["source"] == "reply"
    assert opted.data["channel"] in (channel, "all")
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "opt_out"
    await world.tell(debtor.due(loan=debtor.loans[0], number=8))
    await world.rest()
    assert len(world.sms(debtor)) == 1


async def test_a_wrong_person_is_never_written_to_again(world: World) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, "número equivocado") == 200
    invalidated = await world.outcome(debtor, "contactpoint.invalidated")
    assert (invalidated.data["contactPointRef"], invalidated.data["reason"]) == ("cp1", "wrong_person")
    await world.tell(debtor.snapshot(revision=5))
    await world.rest()
    (point,) = await world.rows(
        "select count(*) from contact_point_fault where debtor_ref = $1 and channel is null", debtor.ref
    )
    assert point[0] == 1


async def test_an_unclear_reply_waits_for_a_person(world: World) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, "pues quién sabe qué onda con eso") == 200
    assert (await world.outcome(debtor, "reply.received")).data["intent"] == "other"
    await world.outcome(debtor, "task.created")
    assert (await world.rows("select 1 from hold where debtor_ref = $1 and released_at is null", debtor.ref)) != []


async def test_the_same_reply_told_twice_is_one_reply(world: World) -> None:
    debtor = await contacted(world)
    for _ in range(3):
        assert await world.reply(debtor, "BAJA", MessageSid="SM" + debtor.ref.rjust(32, "0")) == 200
    await world.outcome(debtor, "optout.recorded")
    await world.rest()
    assert len(world.outcomes(debtor, "reply.received")) == 1
    assert len(world.outcomes(debtor, "optout.recorded")) == 1


async def test_a_promise_holds_the_loan_and_is_told_with_its_date(world: World) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, "le pago el viernes 500 pesos") == 200
    promise = await world.outcome(debtor, "promise.recorded")
    (part,) = promise.data["instalments"]
    assert part["date"] == "2026-11-27"
    assert promise.data["loanRef"] == debtor.loans[0]


@pytest.mark.parametrize(
    ("text", "kind"), [("ya pagué ayer", "payment.claimed"), ("yo no debo nada, es un fraude", "dispute.raised")]
)
async def test_a_claim_is_told_and_holds(world: World, text: str, kind: str) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, text) == 200
    await world.outcome(debtor, kind)
    await world.outcome(debtor, "message.cancelled")


async def test_a_stranger_is_heard_too(world: World) -> None:
    stranger = world.debtor()
    before = len([event for event in world.topics.events() if event.kind == "reply.received"])
    assert await world.reply(stranger, "BAJA") == 200
    await world.until(
        lambda: len([event for event in world.topics.events() if event.kind == "reply.received"]) == before + 1,
        "the stranger's reply",
    )


async def test_an_empty_reply_is_one_reply(world: World) -> None:
    debtor = await contacted(world)
    assert await world.reply(debtor, "") == 200
    await world.outcome(debtor, "reply.received")
