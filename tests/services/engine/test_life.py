"""Messages through the real engine: once, lawfully, with an end for each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from channels.provider import Accepted, NotSent, RateLimited, Rejected, SendResult, Unknown
from schemas.enums import AttemptState, FailureClass
from tests.services.engine.engine import Engine, definition, due, phone, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TODAY = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
TWO_WAYS = """\
  - id: hoy
    at: due_date
    channels: [sms, email]
    fallback: {after: 4h, unless: %s}
    template: vence_hoy"""


async def test_an_installment_due_today_is_told_once_and_ends_delivered(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    await e.receipt(e.provider.handed[0].attempt_id, AttemptState.DELIVERED)
    await e.happen_all([due()])
    assert await e.dispatch() == 0
    assert await e.names() == ["message.scheduled", "message.accepted", "message.delivered"]


async def test_an_event_before_its_debtors_snapshot_waits_for_it(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([due()])
    assert await e.dispatch() == 0
    await e.happen_all([snapshot()])
    assert await e.dispatch() == 1


async def test_a_payment_cancels_and_a_smaller_one_holds_until_a_newer_amount(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), snapshot("D-2")])
    await e.happen_all([due(on="2026-11-25"), due("D-2", on="2026-11-25")])
    await e.move(minutes=1)
    for ref, amount in (("D-1", "1000"), ("D-2", "400")):
        money = {"amount": amount, "currency": "MXN"}
        await e.happen(
            "payment.received",
            debtorRef=ref,
            loanRef=f"{ref}-L0",
            paymentRef="p",
            kind="repayment",
            amount=money,
            valueDate="2026-11-24",
        )
    assert [(n, d.get("reason")) for n, d in await e.outcomes()][-1] == ("message.cancelled", "paid")
    await e.move(days=1)
    assert await e.dispatch() == 0
    await e.happen_all([due("D-2", on="2026-11-25", amount="600")])
    assert await e.dispatch() == 1
    assert e.provider.handed[0].to == phone("D-2")


async def test_what_stays_in_doubt_until_it_expires_is_suppressed(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    await e.happen("loan.balance_adjusted", debtorRef="D-1", loanRef="D-1-L0", reason="fee")
    assert await e.dispatch() == 0
    await e.move(days=1)
    assert await e.dispatch() == 0
    name, data = (await e.outcomes())[-1]
    assert (name, data["reason"]) == ("message.suppressed", "paused")


async def test_two_loans_of_one_person_share_one_cap(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(loans=2), due(), due(loan=1)])
    assert await e.dispatch() == 1
    suppressed = [data for name, data in await e.outcomes() if name == "message.suppressed"]
    assert [(data["reason"], data["ruleRef"]) for data in suppressed] == [("frequency_cap", "mx-policy-one-a-day")]


async def test_what_came_too_late_expires(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due(on="2026-11-25")])
    await e.move(days=3)
    assert await e.dispatch() == 0
    name, data = (await e.outcomes())[-1]
    assert (name, data["reason"]) == ("message.expired", "too_late")


async def test_a_lost_answer_is_unknown_and_never_sent_again(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    e.provider.answers[phone("D-1")] = lambda _: Unknown("no_answer")
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    await e.move(hours=2)
    assert await e.dispatch() == 0
    assert (await e.names())[-1] == "message.unknown"
    await e.receipt(e.provider.handed[0].attempt_id, AttemptState.DELIVERED)
    assert (await e.names())[-2:] == ["message.accepted", "message.delivered"]


async def test_what_was_proven_not_sent_is_tried_again_and_counts_for_nothing(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    answers: list[SendResult] = [NotSent("refused"), RateLimited(2.0), Accepted("ref-late")]
    e.provider.answers[phone("D-1")] = lambda _: answers.pop(0)
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    await e.move(seconds=30)
    assert await e.dispatch() == 1
    await e.move(seconds=30)
    assert await e.dispatch() == 1
    assert (await e.names())[-1] == "message.accepted"
    states = await e.rows("select state from attempt order by number")
    assert [row["state"] for row in states] == ["not_sent", "not_sent", "accepted"]


async def test_a_proven_failure_falls_back_to_the_next_channel(engine: MakeEngine) -> None:
    e = await engine(definition(TWO_WAYS % "delivered"))
    await e.happen_all([snapshot(email=True), due()])
    assert await e.dispatch() == 1
    first = e.provider.handed[0]
    assert first.validity is not None
    assert first.validity.total_seconds() <= 4 * 3600
    await e.receipt(first.attempt_id, AttemptState.UNDELIVERED, failure=FailureClass.TEMPORARY, code="30003")
    outcome = [data for name, data in await e.outcomes() if name == "message.failed"]
    assert [(data["willRetry"], data["nextChannel"]) for data in outcome] == [(True, "email")]
    assert await e.dispatch() == 1
    assert e.provider.handed[-1].to == "D-1@example.test"


async def test_silence_never_leads_to_a_second_contact(engine: MakeEngine) -> None:
    e = await engine(definition(TWO_WAYS % "delivered"))
    await e.happen_all([snapshot(email=True), due()])
    assert await e.dispatch() == 1
    await e.move(hours=6)
    assert await e.dispatch() == 0


async def test_a_late_delivery_spares_the_fallback_that_waits(engine: MakeEngine) -> None:
    e = await engine(definition(TWO_WAYS % "delivered"))
    await e.happen_all([snapshot(email=True), due()])
    await e.dispatch()
    attempt = e.provider.handed[0].attempt_id
    await e.receipt(attempt, AttemptState.UNDELIVERED, failure=FailureClass.TEMPORARY)
    await e.receipt(attempt, AttemptState.DELIVERED)
    assert await e.dispatch() == 0
    assert (await e.names())[-1] == "message.delivered"


async def test_an_opt_out_told_by_the_provider_ends_the_message_on_every_channel(engine: MakeEngine) -> None:
    e = await engine(definition(TWO_WAYS % "delivered"))
    e.provider.answers[phone("D-1")] = lambda _: Rejected(FailureClass.OPTED_OUT, "21610", True)
    await e.happen_all([snapshot(email=True), due()])
    assert await e.dispatch() == 1
    assert "optout.recorded" in await e.names()
    assert [d["willRetry"] for n, d in await e.outcomes() if n == "message.failed"] == [False]


async def test_an_unread_message_is_followed_once_and_a_read_one_is_not(engine: MakeEngine) -> None:
    steps = TWO_WAYS % "read" + "\n    expires: 3d"
    e = await engine(definition(steps))
    await e.happen_all([snapshot(email=True), snapshot("D-2", email=True), due(), due("D-2")])
    assert await e.dispatch() == 2
    for handover in list(e.provider.handed):
        await e.receipt(handover.attempt_id, AttemptState.DELIVERED)
        if handover.to == phone("D-2"):
            await e.receipt(handover.attempt_id, AttemptState.READ)
    await e.move(days=1)
    assert await e.dispatch() == 1
    assert e.provider.handed[-1].to == "D-1@example.test"
    await e.move(days=1)
    assert await e.dispatch() == 0


async def test_a_day_that_the_policy_closes_ends_with_its_rule(engine: MakeEngine) -> None:
    saturday = datetime(2026, 11, 28, 16, tzinfo=UTC)
    e = await engine(definition(TODAY), saturday)
    await e.happen_all([snapshot(), due(on="2026-11-28")])
    assert await e.dispatch() == 0
    name, data = (await e.outcomes())[-1]
    assert (name, data["reason"], data["ruleRef"]) == ("message.suppressed", "quiet_hours", "mx-policy-hours")


async def test_a_calendar_campaign_reaches_everyone_once_on_its_day(engine: MakeEngine) -> None:
    steps = "  - {id: consejo, channels: [sms], template: pago_recibido}"
    text = definition(steps, 'schedule: {cron: "0 11 25 * *"}\n')
    e = await engine(text)
    await e.happen_all([snapshot(), snapshot("D-2")])
    for _ in range(2):
        while True:
            async with e.database.transaction() as connection:
                if not await e.calendar.advance(connection, e.clock.now()):
                    break
        await e.move(hours=14)
    rows = await e.rows("select debtor_ref, occurrence from message order by debtor_ref")
    assert [(row["debtor_ref"], row["occurrence"].isoformat()) for row in rows] == [
        ("D-1", "2026-11-25"),
        ("D-2", "2026-11-25"),
    ]


@pytest.mark.parametrize(("paid", "outcome"), [("500", "promise.kept"), ("100", "promise.broken")])
async def test_a_promise_is_judged_after_its_grace(engine: MakeEngine, paid: str, outcome: str) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due(on="2026-12-24")])
    money = {"amount": "500", "currency": "MXN"}
    promise = {"debtorRef": "D-1", "loanRef": "D-1-L0", "promiseRef": "0" * 31 + "1", "promisedFor": "2026-11-27"}
    await e.happen("promise.made", **promise, amount=money, madeVia="reply")
    await e.move(hours=1)
    payment = {"paymentRef": "p", "kind": "repayment", "valueDate": "2026-11-25"}
    amount = {"amount": paid, "currency": "MXN"}
    await e.happen("payment.received", debtorRef="D-1", loanRef="D-1-L0", **payment, amount=amount)
    async with e.database.transaction() as connection:
        assert await e.promises.judge(connection, e.clock.now(), limit=10) == 0
    await e.move(days=6)
    async with e.database.transaction() as connection:
        assert await e.promises.judge(connection, e.clock.now(), limit=10) == 1
    assert outcome in await e.names()
    assert await e.rows("select id from hold where released_at is null or released_at > $1", e.clock.now()) == []


async def test_two_workers_never_claim_the_same_person_together(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    refs = [f"D-{n}" for n in range(1, 31)]
    await e.happen_all([snapshot(ref, loans=2) for ref in refs])
    await e.happen_all([due(ref, loan) for ref in refs for loan in (0, 1)])
    claims = await asyncio.gather(*(e.claim(limit=40) for _ in range(6)))
    claimed = [sending.handover.to for batch in claims for sending in batch]
    assert len(claimed) == len(set(claimed))
    assert await e.rows("select debtor_ref from attempt group by debtor_ref having count(*) > 1") == []


async def test_a_task_step_is_work_for_people_and_no_message(engine: MakeEngine) -> None:
    e = await engine(definition("  - {id: visita, at: due_date, task: {type: field_visit, queue: sucursal}}"))
    await e.happen_all([snapshot(), due()])
    await e.dispatch()
    outcomes = await e.outcomes()
    assert [(name, data["type"], data["queue"]) for name, data in outcomes] == [
        ("task.created", "field_visit", "sucursal")
    ]


async def test_a_campaign_that_becomes_active_later_reaches_what_was_known_before(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    async with e.database.transaction() as connection:
        await connection.execute("delete from outbox")
        await connection.execute("delete from message")
    for _ in range(5):
        async with e.database.transaction() as connection:
            if not await e.catch_up.advance(connection, e.clock.now()):
                break
    assert await e.dispatch() == 1


async def test_a_fault_over_one_message_sets_it_aside_and_stops_nobody_else(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), snapshot("D-2"), due(), due("D-2")])
    async with e.database.transaction() as connection:
        await connection.execute("update debtor set sealed = '\\x00' where debtor_ref = 'D-1'")
    assert await e.dispatch() == 1
    assert [handover.to for handover in e.provider.handed] == [phone("D-2")]
    rows = await e.rows("select reason, state from message where debtor_ref = 'D-1'")
    assert [(row["reason"], row["state"]) for row in rows] == [("fault", "planned")]


async def test_a_broken_promise_plans_its_step_and_counts_its_first_event(engine: MakeEngine) -> None:
    e = await engine(definition("  - {id: rota, on: promise.broken, channels: [sms], template: pago_recibido}"))
    await e.happen_all([snapshot(), due(on="2026-12-24")])
    promise = {"debtorRef": "D-1", "loanRef": "D-1-L0", "promiseRef": "PR-1", "promisedFor": "2026-11-24"}
    await e.happen("promise.made", **promise)
    await e.move(days=3)
    async with e.database.transaction() as connection:
        await e.promises.judge(connection, e.clock.now(), limit=10)
    assert await e.names() == ["message.scheduled"]
    assert [row["sequence"] for row in await e.rows("select sequence from message")] == [1]
