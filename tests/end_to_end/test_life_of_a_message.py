"""From a core's event to the published end of a message."""

import pytest

from tests.end_to_end.portfolio import Debtor, money
from tests.end_to_end.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_due_event_and_a_later_snapshot_become_one_message_told_in_order(world: World) -> None:
    debtor = world.debtor()
    await world.tell(debtor.due())
    await world.row("select 1 from installment where loan_ref = $1", debtor.loan)
    assert world.sms(debtor) == []
    await world.tell(debtor.snapshot(), structured=True)
    message = await world.the_sms(debtor)
    for words in (debtor.given_name, "$1,050.50", "Financiera Demo", "BAJA"):
        assert words in message.body
    assert 30 < int(message.fields["ValidityPeriod"]) <= 36_000
    delivered = await world.outcome(debtor, "message.delivered")
    assert world.kinds(debtor) == ["scheduled", "accepted", "delivered"]
    assert [event.sequence for event in world.outcomes(debtor)] == [1, 2, 3]
    assert delivered.data["contactPointRef"] == "cp1"
    assert delivered.record.key == debtor.ref.encode()


async def test_a_fact_told_again_is_still_one_message(world: World) -> None:
    debtor = world.debtor()
    due = debtor.due()
    await world.tell(debtor.snapshot(), due, due, due.again(event_id=f"{due.id}-again"), debtor.snapshot(revision=2))
    await world.outcome(debtor, "message.delivered")
    await world.tell(due, due.again(event_id=f"{due.id}-later"), debtor.due(), debtor.snapshot(revision=3))
    await world.rest()
    assert len(world.sms(debtor)) == 1
    assert world.kinds(debtor) == ["scheduled", "accepted", "delivered"]


async def test_an_event_about_the_past_does_not_bring_back_an_old_amount(world: World) -> None:
    debtor = world.debtor(product="espera")
    old = debtor.due(amount="500.00")
    await world.tell(debtor.snapshot(), debtor.due(amount="700.00"), old)
    await world.rest()
    (row,) = await world.rows("select amount from installment where loan_ref = $1", debtor.loan)
    assert row["amount"] == 700


async def test_an_event_too_stale_to_matter_is_ignored(world: World) -> None:
    debtor = world.debtor()
    due = debtor.due()
    due.extensions["expirytime"] = "2026-11-24T00:00:00Z"
    await world.tell(debtor.snapshot())
    value, headers = due.binary()
    world.topics.produce(due.topic, key=due.key.encode(), value=value, headers=headers)
    await world.rest()
    assert world.outcomes(debtor) == []


async def test_what_is_not_called_for_is_never_sent(world: World) -> None:
    paid_before = world.debtor()
    future, past = world.debtor(), world.debtor()
    small, poor = world.debtor(product="elige"), world.debtor(product="elige")
    other = world.debtor(product="hipoteca")
    await world.tell(paid_before.payment("1050.50"), paid_before.due(), paid_before.snapshot())
    await world.tell(future.snapshot(), future.due(date="2026-11-26"), past.snapshot(), past.due(date="2026-11-20"))
    await world.tell(small.snapshot(), small.due(amount="20.00"), poor.snapshot(), poor.due(outstanding="90.00"))
    await world.tell(other.snapshot(), other.due())
    await world.outcome(small, "message.suppressed")
    await world.rest()
    assert [debtor for debtor in (future, past, small, poor, other) if world.sms(debtor)] == []
    assert world.kinds(future) == ["scheduled"]
    assert world.kinds(past) == []


async def test_payment_told_before_the_due_event_of_an_earlier_time_counts(world: World) -> None:
    debtor = world.debtor()
    due = debtor.due()
    await world.tell(debtor.payment("1050.50"), debtor.snapshot(), due)
    await world.rest()
    assert world.sms(debtor) == []


async def test_one_contact_a_day_whatever_the_number_of_loans(world: World) -> None:
    debtor = world.debtor(loans=2)
    first, second = debtor.loans
    await world.tell(debtor.snapshot(), debtor.due(loan=first), debtor.due(loan=second))
    suppressed = await world.outcome(debtor, "message.suppressed")
    await world.outcome(debtor, "message.delivered")
    assert len(world.sms(debtor)) == 1
    assert suppressed.data["reason"] == "frequency_cap"


async def test_a_contact_somebody_else_made_counts(world: World) -> None:
    debtor = world.debtor()
    call = debtor.says(
        "contact.recorded",
        contactRef=f"c-{debtor.ref}",
        at="2026-11-24T15:00:00Z",
        channel="call",
        outcome="right_party",
    )
    await world.tell(debtor.snapshot(), call)
    await world.row("select 1 from other_contact where debtor_ref = $1", debtor.ref)
    await world.tell(debtor.due())
    suppressed = await world.outcome(debtor, "message.suppressed")
    assert suppressed.data["reason"] == "frequency_cap"


async def test_the_branch_and_the_variant_fit_the_debtor(world: World) -> None:
    formal = world.debtor(product="elige", segment="A")
    others = [world.debtor(product="elige") for _ in range(12)]
    for debtor in (formal, *others):
        await world.tell(debtor.snapshot(), debtor.due())
    for debtor in (formal, *others):
        await world.outcome(debtor, "message.accepted")
    assert _template(world, formal) == "vence_hoy_formal"
    assert {_template(world, debtor) for debtor in others} == {"vence_hoy", "vence_hoy_corto"}


async def test_a_task_step_is_work_for_people(world: World) -> None:
    debtor = world.debtor(product="visita")
    await world.tell(debtor.snapshot(), debtor.due())
    task = await world.outcome(debtor, "task.created")
    assert (task.data["type"], task.data["queue"], task.data["stepRef"]) == ("field_visit", "sucursal", "sucursal")
    await world.rest()
    assert world.sms(debtor) == []


async def test_a_payment_is_confirmed(world: World) -> None:
    debtor = world.debtor(product="gracias")
    await world.tell(debtor.snapshot())
    await world.row("select 1 from loan where loan_ref = $1 and debtor_ref is not null", debtor.loan)
    payment = debtor.payment("300.00")
    await world.tell(payment, payment.again(event_id=f"{payment.id}-again"))
    message = await world.the_sms(debtor)
    assert "Recibimos su pago" in message.body
    await world.outcome(debtor, "message.delivered")
    await world.rest()
    assert len(world.sms(debtor)) == 1


async def test_a_lower_balance_by_word_of_the_core_ends_the_debt(world: World) -> None:
    debtor = world.debtor(product="espera")
    await world.tell(debtor.snapshot(), debtor.due())
    await world.outcome(debtor, "message.scheduled")
    await world.tell(debtor.payment("10.00", outstandingAfter=money("0.00"), remainingDue=money("0.00")))
    cancelled = await world.outcome(debtor, "message.cancelled")
    assert cancelled.data["reason"] == "paid"


def _template(world: World, debtor: Debtor) -> str:
    (accepted,) = world.outcomes(debtor, "message.accepted")
    return str(accepted.data["templateRef"]["id"])
