"""Tricky cases of contact law that need the engine: queues, other systems, stops on the way, evidence.

Those the policy alone decides are in tests/campaigns/policy.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from campaigns.facts import EmergencyClosure
from campaigns.replies.understanding import understand
from channels.provider import Unknown
from services import closures
from tests.services.engine.engine import Engine, definition, due, phone, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TODAY = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
ANY_DAY = "  - {id: hoy, at: due_date, expires: 5d, channels: [sms], template: vence_hoy}"


async def _last_suppression(e: Engine) -> tuple[str, str]:
    suppressed = [data for name, data in await e.outcomes() if name == "message.suppressed"]
    return suppressed[-1]["reason"], suppressed[-1]["ruleRef"]


async def _close(e: Engine, first: date, last: date) -> Any:
    closure = EmergencyClosure("MX", None, first, last, "sismo")
    async with e.database.transaction() as connection:
        return await closures.order(connection, closure, made_by="cli:test", now=e.clock.now())


async def test_10_a_closure_ordered_now_defers_what_is_queued_and_lifting_it_asks_again(engine: MakeEngine) -> None:
    e = await engine(definition(ANY_DAY))
    await e.happen_all([snapshot(), due()])
    closure_id = await _close(e, date(2026, 11, 24), date(2026, 11, 25))
    assert await e.dispatch() == 0
    (row,) = await e.rows("select due_at, rule from message")
    assert (row["due_at"], row["rule"]) == (datetime(2026, 11, 26, 14, tzinfo=UTC), "emergency-closure")
    (kept,) = await e.rows("select verdict, reasons::text as reasons from decision")
    assert kept["verdict"] == "defer"
    assert "sismo" in kept["reasons"]
    async with e.database.transaction() as connection:
        assert await closures.lift(connection, closure_id, lifted_by="cli:test", now=e.clock.now())
        assert not await closures.lift(connection, closure_id, lifted_by="cli:test", now=e.clock.now())
    assert await e.dispatch() == 1


async def test_10_a_closure_that_outlasts_a_message_ends_it_as_a_holiday_unless_it_is_lifted(
    engine: MakeEngine,
) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), snapshot("D-2"), due(), due("D-2")])
    closure_id = await _close(e, date(2026, 11, 24), date(2026, 11, 24))
    assert await e.dispatch() == 0
    assert "message.suppressed" not in await e.names(), "there is time, and people may open again"
    async with e.database.transaction() as connection:
        assert await closures.lift(connection, closure_id, lifted_by="cli:test", now=e.clock.now())
    assert len(await e.claim(limit=1)) == 1
    await _close(e, date(2026, 11, 24), date(2026, 11, 24))
    assert await e.dispatch() == 0
    await e.move(hours=14)
    assert await e.dispatch() == 0
    assert await _last_suppression(e) == ("holiday", "emergency-closure")
    assert (await e.names()).count("message.suppressed") == 1


async def test_14_what_a_provider_holds_expires_with_the_hours(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY), now=datetime(2026, 11, 25, 2, 30, tzinfo=UTC))  # 20:30
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    (handover,) = e.provider.handed
    assert handover.validity is not None
    assert e.clock.now() + handover.validity <= datetime(2026, 11, 25, 4, tzinfo=UTC)  # 22:00, the law's end


async def test_15_what_was_not_handed_over_in_time_waits_for_the_next_hours(engine: MakeEngine) -> None:
    e = await engine(definition(ANY_DAY), now=datetime(2026, 11, 25, 2, 54, 50, tzinfo=UTC))  # the guard is near
    people = [snapshot(f"D-{n}") for n in range(1, 7)]
    await e.happen_all([*people, *(due(f"D-{n}") for n in range(1, 7))])
    first = await e.claim(limit=2)
    await e.move(seconds=15)
    assert len(first) == 2
    assert await e.dispatch() == 0
    rows = await e.rows("select distinct due_at from message where state = 'planned'")
    assert [row["due_at"] for row in rows] == [datetime(2026, 11, 25, 14, tzinfo=UTC)]


async def test_16_an_answer_that_never_came_is_a_contact_on_every_channel(engine: MakeEngine) -> None:
    two = TODAY + "\n  - {id: correo, at: due_date, channels: [email], template: vence_hoy}"
    e = await engine(definition(two))
    e.provider.answers[phone("D-1")] = lambda _: Unknown("no_answer")
    e.provider.answers["D-1@example.test"] = lambda _: Unknown("no_answer")
    await e.happen_all([snapshot(email=True), due()])
    assert await e.dispatch() == 1
    assert await _last_suppression(e) == ("frequency_cap", "mx-policy-one-a-day")


async def test_24_what_another_collector_did_counts_before_anything_of_ours(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    call = {"contactRef": "C-1", "debtorRef": "D-1", "loanRef": "D-1-L0", "channel": "call", "outcome": "right_party"}
    await e.happen_all([("contact.recorded", {**call, "at": "2026-11-24T15:30:00Z"})])
    assert await e.dispatch() == 0
    assert await _last_suppression(e) == ("frequency_cap", "mx-policy-one-a-day")


async def test_25_an_opt_out_while_a_message_is_queued_is_heeded_in_the_claim(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    stop = {"debtorRef": "D-1", "scope": "channel", "channel": "sms", "reason": "opt_out"}
    await e.happen("contact.suppressed", **stop)
    assert await e.dispatch() == 0
    assert (await e.names())[-1] in ("message.cancelled", "message.suppressed")


@pytest.mark.parametrize(
    ("text", "stops", "holds"),
    [
        ("BAJA", True, False),
        ("ya no me manden mensajes por favor", True, False),
        ("não quero mais receber mensagens", True, False),
        ("please stop texting me", True, False),
        ("mmm no sé de qué hablan", False, True),
    ],
)
def test_27_plain_words_stop_and_unclear_ones_hold_until_a_person_decides(text: str, stops: bool, holds: bool) -> None:
    meaning = understand(text, today=date(2026, 11, 24))
    assert (meaning.stop is not None, meaning.hold is not None) == (stops, holds)


async def test_28_a_number_of_somebody_else_is_used_no_more_and_the_next_number_is(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    numbers = [
        {"contactPointRef": "p1", "kind": "phone", "value": phone("D-1")},
        {"contactPointRef": "p2", "kind": "phone", "value": phone("D-2")},
    ]
    await e.happen_all([snapshot(contactPoints=numbers), due()])
    stop = {"debtorRef": "D-1", "scope": "contactPoint", "contactPointRef": "p1", "reason": "wrong_party"}
    await e.happen("contact.suppressed", **stop)
    assert await e.dispatch() == 1
    assert [handed.to for handed in e.provider.handed] == [phone("D-2")]


async def test_33_each_joint_debtor_has_caps_of_their_own_and_a_guarantor_is_not_asked(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    name, third = snapshot("D-3")
    third["loans"] = [{"loanRef": "D-1-L0", "role": "guarantor", "creditorRef": "demo"}]
    both = [snapshot(), snapshot("D-2"), (name, third)]
    await e.happen_all([*both, due(), due("D-2")])
    assert await e.dispatch() == 2
    assert {handed.to for handed in e.provider.handed} == {phone("D-1"), phone("D-2")}


async def test_34_a_number_that_is_not_the_debtors_is_never_used(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    theirs = ["reference", "work", "relative", "employer", "neighbour", "minor", "owner"]
    for ref, ownership in ((f"D-{n}", whose) for n, whose in enumerate(theirs)):
        number = {"contactPointRef": "p1", "kind": "phone", "value": phone(ref), "ownership": ownership}
        await e.happen_all([snapshot(ref, contactPoints=[number]), due(ref)])
    assert await e.dispatch() == 1
    assert [handed.to for handed in e.provider.handed] == [phone("D-6")]


async def test_35_what_a_person_is_in_law_stops_everything(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    for ref, status in (("D-1", "deceased"), ("D-2", "minor"), ("D-3", "incapacitated"), ("D-4", "bankrupt")):
        await e.happen_all([snapshot(ref, status=status), due(ref)])
    assert await e.dispatch() == 0
    reasons = await e.rows("select reasons::text as reasons from decision order by debtor_ref")
    told = [json.loads(row["reasons"])[0]["source"] for row in reasons]
    assert told == ["deceased", "minor", "incapacitated", "bankrupt"]


async def test_35_holds_of_the_directory_last_as_long_as_they_say(engine: MakeEngine) -> None:
    e = await engine(definition(ANY_DAY, head="stop_on: [paid]\n"))
    flags = ["legalHold", "dispute", "representedByLawyer", "bankruptcy", "disasterArea"]
    for ref, flag in ((f"D-{n}", flag) for n, flag in enumerate(flags)):
        block = {flag: True, "until": "2026-11-25T16:30:00Z"}
        await e.happen_all([snapshot(ref, suppression=block), due(ref, on="2026-11-25")])
    await e.move(days=1)
    assert await e.dispatch() == 0
    held = await e.rows("select reasons::text as reasons from decision order by debtor_ref")
    told = [json.loads(row["reasons"])[0]["source"] for row in held]
    assert told == ["legal", "dispute", "lawyer", "bankruptcy", "disaster"]
    await e.happen_all([due(f"D-{n}", on="2026-11-26") for n in range(5)])
    await e.move(days=1)
    assert await e.dispatch() == 5


async def test_35_and_37_a_register_of_advertising_is_no_hold(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(suppression={"registryFlags": ["REUS", "REPEP"]}), due()])
    assert await e.dispatch() == 1


async def test_35_a_paused_loan_waits_and_another_loan_of_the_person_does_not(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    reasons = ["disaster", "dispute", "deceased", "legal", "bankruptcy"]
    for ref, reason in ((f"D-{n}", reason) for n, reason in enumerate(reasons)):
        await e.happen_all([snapshot(ref, loans=2), due(ref), due(ref, loan=1)])
        pause = {"debtorRef": ref, "loanRef": f"{ref}-L0", "reason": reason, "from": "2026-11-20"}
        await e.happen("loan.collections_paused", **pause)
    assert await e.dispatch() == 5
    sent = await e.rows("select loan_ref from attempt order by loan_ref")
    assert [row["loan_ref"] for row in sent] == [f"D-{n}-L1" for n in range(5)]


async def test_38_a_payment_of_five_minutes_ago_stops_the_message_in_the_claim(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(), due()])
    await e.move(minutes=5)
    await e.happen(
        "payment.received",
        debtorRef="D-1",
        loanRef="D-1-L0",
        paymentRef="p",
        kind="repayment",
        amount={"amount": "1000", "currency": "MXN"},
        valueDate="2026-11-24",
    )
    assert await e.dispatch() == 0
    assert [(name, data.get("reason")) for name, data in await e.outcomes()][-1] == ("message.cancelled", "paid")


async def test_43_the_log_of_consents_and_stops_can_be_neither_edited_nor_emptied(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    said = {"channel": "sms", "purpose": "collections", "state": "granted", "capturedAt": "2026-01-10T10:00:00Z"}
    await e.happen_all([snapshot(consents=[said]), due()])
    await e.happen("contact.suppressed", debtorRef="D-1", scope="channel", channel="email", reason="opt_out")
    await e.dispatch()
    for table in ("consent", "suppression", "decision"):
        for change in (f"update {table} set debtor_ref = 'D-9'", f"delete from {table}"):
            with pytest.raises(asyncpg.PostgresError, match="append-only"):
                async with e.database.transaction() as connection:
                    await connection.execute(change)


async def test_44_a_test_number_goes_through_the_same_gate(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY), now=datetime(2026, 11, 24, 9, tzinfo=UTC))  # 03:00
    point = {"contactPointRef": "p1", "kind": "phone", "value": "+15005550006"}
    await e.happen_all([snapshot(contactPoints=[point]), due()])
    assert await e.dispatch() == 0


async def test_45_pulling_a_message_forward_by_hand_does_not_pull_it_into_the_night(engine: MakeEngine) -> None:
    e = await engine(definition(ANY_DAY), now=datetime(2026, 11, 24, 9, tzinfo=UTC))
    await e.happen_all([snapshot(), due()])
    async with e.database.transaction() as connection:
        await connection.execute("update message set due_at = $1, earliest = $1", e.clock.now() - timedelta(hours=1))
    assert await e.dispatch() == 0
    (row,) = await e.rows("select due_at from message")
    assert row["due_at"] == datetime(2026, 11, 24, 14, tzinfo=UTC)
