"""A dead letter put back is handled, once what stood against it has changed."""

from datetime import UTC, datetime

import pytest

from services.dead_letters import letters, replay
from tests.end_to_end.portfolio import money
from tests.end_to_end.topics import LENDING
from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

NOW = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)


async def test_an_event_refused_for_its_debtor_counts_after_the_loan_has_moved(world: World) -> None:
    former, present = world.debtor(), world.debtor()
    await world.tell(former.snapshot(), present.snapshot(loans=[]))
    await world.row("select 1 from loan where loan_ref = $1", former.loan)
    await world.rest()
    early = present.says(
        "payment.received",
        loanRef=former.loan,
        paymentRef="p-early",
        kind="repayment",
        amount=money("10.00"),
        valueDate="2026-11-24",
    )
    await world.tell(early)
    await world.until(lambda: world.topics.records(f"{LENDING}.dlt"), "the dead letter")
    await world.tell(present.says("loan.linked", loanRef=former.loan, role="borrower"))
    await world.row("select 1 from loan where loan_ref = $1 and debtor_ref = $2", former.loan, present.ref)
    options = {"bootstrap.servers": world.topics.bootstrap, "log_level": 2}
    (letter,) = letters(options, [f"{LENDING}.dlt"])
    assert replay(options, [letter], again=False, now=NOW).replayed == [letter.place]
    await world.row("select 1 from payment where loan_ref = $1 and payment_ref = 'p-early'", former.loan)
    (letter,) = letters(options, [f"{LENDING}.dlt"])
    assert letter.replayed
    assert replay(options, [letter], again=False, now=NOW).repeated == [letter.place]
