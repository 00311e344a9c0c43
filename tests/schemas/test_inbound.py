"""Inbound facts: what each type needs, what is tolerated, and how a fault is named."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.debtor_events import DebtorUpserted, erased_ref
from schemas.inbound import INBOUND, parse_inbound
from schemas.lending_events import (
    InstallmentDue,
    LoanCollectionsPaused,
    LoanDelinquencyChanged,
)
from schemas.money import Money
from tests.schemas.parsing import AT, SAMPLES, event, parse, refused

NEEDED = {
    "installment.due": "loanRef installmentNumber dueDate amountDue",
    "installment.overdue": "loanRef installmentNumber dueDate amountDue",
    "installment.paid": "loanRef installmentNumber paidOn paidInFull",
    "payment.received": "loanRef paymentRef kind amount valueDate",
    "payment.reversed": "loanRef paymentRef reason",
    "payment.failed": "loanRef amount",
    "promise.made": "loanRef promiseRef promisedFor",
    "promise.kept": "loanRef promiseRef promisedFor",
    "promise.broken": "loanRef promiseRef promisedFor",
    "loan.delinquency_changed": "loanRef range",
    "loan.status_changed": "loanRef status",
    "loan.rescheduled": "loanRef reason",
    "loan.balance_adjusted": "loanRef reason",
    "loan.collections_paused": "loanRef from reason",
    "loan.collections_resumed": "loanRef from reason",
    "loan.linked": "loanRef debtorRef",
    "debtor.upserted": "debtorRef displayName contactPoints",
    "debtor.deactivated": "debtorRef",
    "consent.changed": "debtorRef channel purpose state capturedVia effectiveAt",
    "contact.suppressed": "debtorRef scope reason loanRef",
    "contact.unsuppressed": "debtorRef scope",
    "contact.recorded": "debtorRef contactRef at channel outcome",
    "task.closed": "taskRef outcome closedAt",
}


def test_there_is_a_sample_and_a_rule_for_every_type() -> None:
    assert set(SAMPLES) == set(INBOUND) == {f"io.puntual.{kind}.v1" for kind in NEEDED}


@pytest.mark.parametrize("kind", NEEDED)
def test_every_sample_is_taken_with_its_references_and_time(kind: str) -> None:
    parsed = parse(kind)
    data = SAMPLES[f"io.puntual.{kind}.v1"]
    assert parsed.occurred_at == AT
    assert (parsed.debtor_ref, parsed.loan_ref) == (data.get("debtorRef"), data.get("loanRef"))


@pytest.mark.parametrize("kind", NEEDED)
def test_only_what_the_effect_needs_is_required(kind: str) -> None:
    data = SAMPLES[f"io.puntual.{kind}.v1"]
    bare = {name: data[name] for name in NEEDED[kind].split()}
    assert parse_inbound(event(kind, bare)) is not None


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NEEDED for name in NEEDED[kind].split()])
def test_a_missing_member_is_named(kind: str, name: str) -> None:
    data = {**SAMPLES[f"io.puntual.{kind}.v1"]}
    del data[name]
    with pytest.raises(BadRecord, match=name) as caught:
        parse_inbound(event(kind, data))
    assert caught.value.reason is DeadLetterReason.INVALID_EVENT


@pytest.mark.parametrize("kind", NEEDED)
def test_unknown_members_and_nulls_in_place_of_absent_ones_are_tolerated(kind: str) -> None:
    data = SAMPLES[f"io.puntual.{kind}.v1"]
    model = INBOUND[f"io.puntual.{kind}.v1"]
    optional = {
        field.alias: None
        for field in model.model_fields.values()
        if field.alias and field.default is None and field.alias not in data
    }
    assert parse_inbound(event(kind, {**data, **optional, "new": {"x": [1]}})) == parse(kind)


@pytest.mark.parametrize("data", [None, [], "x", 7, b"{}"])
def test_data_is_an_object(data: object) -> None:
    with pytest.raises(BadRecord, match="data must be a JSON object"):
        parse_inbound(event("installment.due", data))


@pytest.mark.parametrize("kind", ["installment.due.v2", "loan.created", "Installment.Due"])
def test_a_type_that_we_do_not_use_is_no_fault(kind: str) -> None:
    assert parse_inbound(event(kind, {"anything": 1})) is None


def test_fields_come_out_typed() -> None:
    due = parse("installment.due")
    assert isinstance(due, InstallmentDue)
    assert due.due_date == date(2026, 11, 24)
    assert due.amount_due.total == Money(Decimal("1050.50"), "MXN")
    assert due.payment_refs is not None
    assert due.payment_refs[0].expires_on == date(2026, 12, 31)
    paused = parse("loan.collections_paused")
    assert isinstance(paused, LoanCollectionsPaused)
    assert (paused.starts, paused.until) == (date(2026, 11, 23), datetime(2026, 12, 1, 6, tzinfo=UTC))


def test_no_range_means_cured() -> None:
    changed = parse("loan.delinquency_changed", range=None)
    assert isinstance(changed, LoanDelinquencyChanged)
    assert changed.range is None


def test_words_outside_the_list_are_refused_with_the_list() -> None:
    message = refused("payment.reversed", reason="gift")
    assert message.startswith("data.reason: should be 'reversal'")
    assert "gift" not in message


def test_the_place_of_a_fault_goes_down_to_the_list_item() -> None:
    sample = SAMPLES["io.puntual.debtor.upserted.v1"]
    consents = [*sample["consents"], {**sample["consents"][0], "state": "perhaps"}]
    assert refused("debtor.upserted", consents=consents).startswith("data.consents[1].state: ")


def test_messages_never_quote_values() -> None:
    secret = "María +523312345678"
    messages = [
        refused("debtor.upserted", displayName=[secret], status=secret, language=secret, riskScore=secret),
        refused("debtor.upserted", contactPoints=[{"contactPointRef": "1", "kind": secret, "value": "x"}]),
        refused("debtor.upserted", contactPoints=[{"contactPointRef": "1", "kind": "phone", "value": "x" * 255}]),
        refused("payment.received", amount={"amount": secret, "currency": secret}),
        refused("installment.due", loanRef=secret + "\n", dueDate=secret),
    ]
    assert not any("María" in message or "5233" in message for message in messages)


def test_texts_of_a_snapshot_do_not_show_personal_data() -> None:
    shown = repr(parse("debtor.upserted")) + repr(event("debtor.upserted", SAMPLES["io.puntual.debtor.upserted.v1"]))
    assert not any(secret in shown for secret in ("María", "Pérez", "3312345678", "example.test"))


def test_the_debtor_of_a_keyed_topic_may_come_from_the_key() -> None:
    data = {**SAMPLES["io.puntual.consent.changed.v1"]}
    del data["debtorRef"]
    by_key = parse_inbound(event("consent.changed", data, key=b"D-9"))
    by_attribute = parse_inbound(event("consent.changed", data, key=b"\xff", extensions={"partitionkey": "D-8"}))
    assert by_key is not None
    assert by_attribute is not None
    assert (by_key.debtor_ref, by_attribute.debtor_ref) == ("D-9", "D-8")
    with pytest.raises(BadRecord, match="debtorRef"):
        parse_inbound(event("consent.changed", data, key=b"\x00\x00\x00\x00\x00\x00\x00\xff"))


def test_a_loan_event_takes_no_debtor_from_the_key_which_may_be_the_loan() -> None:
    data = {**SAMPLES["io.puntual.installment.due.v1"]}
    del data["debtorRef"]
    parsed = parse_inbound(event("installment.due", data, key=b"L-1001"))
    assert parsed is not None
    assert parsed.debtor_ref is None


def test_a_snapshot_without_addresses_says_so() -> None:
    parsed = parse("debtor.upserted", contactPoints=[])
    assert isinstance(parsed, DebtorUpserted)
    assert parsed.contact_points == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"contactPoints": [{"contactPointRef": "a", "kind": "email", "value": "x@y.test"}] * 2},
            "repeat a contactPointRef",
        ),
        ({"loans": [{"loanRef": "L"}, {"loanRef": "L"}]}, "repeat a loanRef"),
        ({"contactPoints": [{"contactPointRef": "+52331", "kind": "phone", "value": "+52331"}]}, "must be a token"),
        ({"preferences": {"window": {"from": "18:00", "to": "18:00"}}}, "no hour"),
        ({"preferences": {"window": {"from": "6pm", "to": "18:00"}}}, "local time"),
        ({"preferences": {"window": {"from": "18:00", "to": "24:00"}}}, "real time of day"),
        ({"revision": 1.5}, "revision"),
    ],
)
def test_contradictions_in_a_snapshot_are_refused(changes: dict[str, Any], says: str) -> None:
    assert says in refused("debtor.upserted", **changes)


def test_a_snapshot_reads_in_full() -> None:
    parsed = parse("debtor.upserted")
    assert isinstance(parsed, DebtorUpserted)
    assert parsed.preferences is not None
    assert parsed.preferences.window is not None
    assert (parsed.preferences.window.start, parsed.preferences.window.end) == (time(18), time(20))
    assert parsed.suppression is not None
    assert parsed.suppression.reasons == ["dispute", "registry:REPEP"]
    assert parsed.risk_score == 640.0


@pytest.mark.parametrize(
    ("scope", "missing"), [("loan", "loanRef"), ("channel", "channel"), ("contactPoint", "contactPointRef")]
)
def test_a_suppression_names_what_it_covers(scope: str, missing: str) -> None:
    data = {"debtorRef": "D-1", "scope": scope, "reason": "legal"}
    with pytest.raises(BadRecord, match=missing):
        parse_inbound(event("contact.suppressed", data))


def test_a_stop_is_taken_whatever_its_reason() -> None:
    assert parse("contact.suppressed", reason="something new") is not None


@pytest.mark.parametrize("key", [None, b"", b"\xff", b"a\x00", b"x" * 129])
def test_an_erasure_needs_a_reference_as_its_key(key: bytes | None) -> None:
    with pytest.raises(BadRecord):
        erased_ref(key)


def test_an_erasure_names_the_debtor() -> None:
    assert erased_ref("ñ-1".encode()) == "ñ-1"


def test_facts_do_not_change() -> None:
    parsed = parse("installment.due")
    with pytest.raises(ValueError, match="frozen"):
        parsed.loan_ref = "other"


def test_time_is_absent_where_the_event_has_none() -> None:
    bare = replace(event("installment.due", {**SAMPLES["io.puntual.installment.due.v1"], "$time": "x"}), time=None)
    parsed = parse_inbound(bare)
    assert parsed is not None
    assert parsed.occurred_at is None
    assert json.dumps(bare.data)
