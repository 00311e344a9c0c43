"""What somebody waits for is not delayed by what a campaign has piled up."""

from collections.abc import Awaitable, Callable

from services.settings import PROJECT_ROOT
from tests.services.engine.engine import Engine, definition, due, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
CONFIRMATION = (PROJECT_ROOT / "campaigns" / "definitions" / "confirmacion-de-pago.yaml").read_text("utf-8")
STEPS = CONFIRMATION.partition("steps:\n")[2]
BULK = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}\n"


async def test_a_payment_is_confirmed_before_a_backlog_that_is_older(engine: MakeEngine) -> None:
    e = await engine(definition(BULK + STEPS))
    backlog = [f"D-{n}" for n in range(1, 31)]
    await e.happen_all([event for ref in backlog for event in (snapshot(ref), due(ref))])
    await e.move(minutes=10)
    await e.happen_all([snapshot("D-99")])
    money = {"amount": "1000", "currency": "MXN"}
    await e.happen(
        "payment.received",
        debtorRef="D-99",
        loanRef="D-99-L0",
        paymentRef="p",
        kind="repayment",
        amount=money,
        valueDate="2026-11-24",
    )
    sendings = await e.claim(limit=5)
    assert len(sendings) == 5
    assert "Recibimos su pago" in sendings[0].handover.content.text
    assert all("vence" in sending.handover.content.text for sending in sendings[1:])


async def test_of_one_persons_messages_the_urgent_goes_first(engine: MakeEngine) -> None:
    e = await engine(definition(BULK + STEPS))
    await e.happen_all([snapshot(loans=2), due()])
    await e.happen(
        "payment.received",
        debtorRef="D-1",
        loanRef="D-1-L1",
        paymentRef="p",
        kind="repayment",
        amount={"amount": "1", "currency": "MXN"},
        valueDate="2026-11-24",
    )
    (sending,) = await e.claim()
    assert "Recibimos su pago" in sending.handover.content.text
