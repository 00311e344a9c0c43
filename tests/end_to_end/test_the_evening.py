"""What happens between planning and sending decides what is sent."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.waiting import eventually
from tests.end_to_end.world import World

pytestmark = pytest.mark.slow

UNTIL_EVENING = timedelta(hours=9)
UNTIL_MIDNIGHT = timedelta(hours=6)
Case = Callable[[World, Debtor], Awaitable[None]]


async def nothing_happens(world: World, debtor: Debtor) -> None:
    assert world.kinds(debtor) == ["scheduled"]


async def part_is_paid_and_the_core_tells_the_rest(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.payment("50.50"))
    await world.row("select 1 from message where debtor_ref = $1 and reason = 'payment_hold'", debtor.ref)
    await world.tell(debtor.due(amount="1000.00"))
    await world.row("select 1 from message where debtor_ref = $1 and reason is null", debtor.ref)


async def part_of_an_installment_is_paid_and_a_payment_reversed_and_the_core_tells_the_rest(
    world: World, debtor: Debtor
) -> None:
    await world.tell(debtor.payment("1050.50", ref="bounced"))
    await world.tell(debtor.says("payment.reversed", loanRef=debtor.loan, paymentRef="bounced", reason="reversal"))
    await world.tell(debtor.due(date="2026-11-24", number=8))


async def a_promise_is_kept_elsewhere(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("loan.linked", loanRef=debtor.loan, role="borrower"))


async def all_is_paid(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.payment("1050.50"))
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "paid"


async def all_is_paid_in_two_parts(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.payment("1000.00"), debtor.payment("50.50"))
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "paid"


async def the_installment_is_paid(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.installment_paid())
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "paid"


async def part_is_paid(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.payment("50.50"))
    await world.row("select 1 from message where debtor_ref = $1 and reason = 'payment_hold'", debtor.ref)


async def part_of_the_installment_is_paid(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.installment_paid(in_full=False))
    await world.row("select 1 from message where debtor_ref = $1 and reason = 'payment_hold'", debtor.ref)


async def the_loan_is_closed(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("loan.status_changed", loanRef=debtor.loan, status="closed"))
    await world.outcome(debtor, "message.cancelled")


async def the_loan_is_rescheduled(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("loan.rescheduled", loanRef=debtor.loan, reason="holiday"))
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "rescheduled"


async def collections_are_paused(world: World, debtor: Debtor) -> None:
    pause = {"from": "2026-11-24", "reason": "disaster"}
    await world.tell(debtor.says("loan.collections_paused", loanRef=debtor.loan, **pause))
    await world.outcome(debtor, "message.cancelled")


async def a_promise_is_made(world: World, debtor: Debtor) -> None:
    await world.tell(
        debtor.says("promise.made", loanRef=debtor.loan, promiseRef=f"pr-{debtor.ref}", promisedFor="2026-11-27")
    )
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "promise"


async def somebody_suppresses_the_person(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("contact.suppressed", scope="person", reason="registry"))
    await world.outcome(debtor, "message.cancelled")


async def somebody_suppresses_the_channel(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("contact.suppressed", scope="channel", channel="sms", reason="complaint"))
    await world.row("select 1 from suppression where debtor_ref = $1", debtor.ref)


async def consent_is_withdrawn(world: World, debtor: Debtor) -> None:
    withdrawn = {"channel": "sms", "purpose": "collections", "state": "withdrawn", "capturedVia": "branch"}
    await world.tell(debtor.says("consent.changed", effectiveAt="2026-11-24T15:00:00Z", **withdrawn))
    await world.row("select 1 from consent where debtor_ref = $1", debtor.ref)


async def the_debtor_opts_out(world: World, debtor: Debtor) -> None:
    assert await world.reply(debtor, "BAJA") == 200
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "opt_out"


async def the_debtor_says_something_unclear(world: World, debtor: Debtor) -> None:
    assert await world.reply(debtor, "xq m llegan estos msjs pues") == 200
    await world.outcome(debtor, "message.cancelled")


async def the_number_is_somebody_elses(world: World, debtor: Debtor) -> None:
    assert await world.reply(debtor, "Se equivocó de número, no soy esa persona") == 200
    await world.outcome(debtor, "contactpoint.invalidated")


async def the_debtor_is_erased(world: World, debtor: Debtor) -> None:
    await world.erase(debtor)
    assert (await world.outcome(debtor, "message.cancelled")).data["reason"] == "erased"


async def the_debtor_is_let_go(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.says("debtor.deactivated", reason="sold"))
    await world.outcome(debtor, "message.cancelled")


async def the_directory_says_the_debtor_died(world: World, debtor: Debtor) -> None:
    await world.tell(debtor.snapshot(revision=2, status="deceased"))
    await world.row("select 1 from debtor where debtor_ref = $1 and status = 'deceased'", debtor.ref)


async def the_directory_forgets_the_number(world: World, debtor: Debtor) -> None:
    mail = {"contactPointRef": "cp2", "kind": "email", "value": debtor.email}
    await world.tell(debtor.snapshot(revision=2, contactPoints=[mail]))
    await world.row("select 1 from debtor where debtor_ref = $1 and revision = 2", debtor.ref)


SENT: tuple[Case, ...] = (
    nothing_happens,
    part_is_paid_and_the_core_tells_the_rest,
    part_of_an_installment_is_paid_and_a_payment_reversed_and_the_core_tells_the_rest,
    a_promise_is_kept_elsewhere,
)
NOT_SENT: tuple[Case, ...] = (
    all_is_paid,
    all_is_paid_in_two_parts,
    the_installment_is_paid,
    part_is_paid,
    part_of_the_installment_is_paid,
    the_loan_is_closed,
    the_loan_is_rescheduled,
    collections_are_paused,
    a_promise_is_made,
    somebody_suppresses_the_person,
    somebody_suppresses_the_channel,
    consent_is_withdrawn,
    the_debtor_opts_out,
    the_debtor_says_something_unclear,
    the_number_is_somebody_elses,
    the_debtor_is_erased,
    the_debtor_is_let_go,
    the_directory_says_the_debtor_died,
    the_directory_forgets_the_number,
)
FINAL = {"message.cancelled", "message.suppressed"}


async def test_in_the_evening_only_what_is_still_called_for_is_sent(make_world: MakeWorld) -> None:
    async with make_world() as world:
        await world.start()
        cases = {case: world.debtor(product="espera") for case in (*SENT, *NOT_SENT)}
        for debtor in cases.values():
            await world.tell(debtor.snapshot(), debtor.due())
        for debtor in cases.values():
            await world.outcome(debtor, "message.scheduled")
        for case, debtor in cases.items():
            await case(world, debtor)
        await world.rest()
        assert world.handed == []
        await world.restart(later=UNTIL_EVENING)
        for case in SENT:
            await eventually(lambda debtor=cases[case]: world.sms(debtor), f"an SMS though {case.__name__}")
        await world.rest()
        assert [case.__name__ for case in NOT_SENT if world.sms(cases[case])] == []
        await world.restart(later=UNTIL_MIDNIGHT)
        await world.rest()
        for case in NOT_SENT:
            ends = [event.kind for event in world.outcomes(cases[case]) if event.kind in FINAL]
            assert len(ends) == 1, f"{case.__name__}: {ends}"
        await _nothing_is_left_of(world, cases[the_debtor_is_erased])
        await prove(world)


async def _nothing_is_left_of(world: World, debtor: Debtor) -> None:
    """Not the sealed data, nor the key to it, nor the index that finds the number."""
    (row,) = await world.rows(
        "select person_key, sealed, state, timezone, segment from debtor where debtor_ref = $1", debtor.ref
    )
    assert tuple(row) == (None, None, "erased", None, None)
    assert await world.rows("select 1 from contact_point where debtor_ref = $1", debtor.ref) == []
