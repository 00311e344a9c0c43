"""Fineract's records: every release's bytes become the same native facts, and damage is told apart."""

from typing import Any

import pytest

from schemas import fineract
from schemas.envelope import DeadLetterReason
from schemas.inbound import parse_inbound
from tests.schemas.fineract_records import (
    CLIENT,
    CLIENT_KEY,
    DUE,
    LOAN_KEY,
    UNKNOWN,
    Vector,
    bulk,
    cents,
    envelope,
    payload,
    refused,
    vectors,
)

MONEY = {"amount": "1050.50", "currency": "MXN"}
LOAN = {
    "loanRef": "42",
    "loanRefType": "internal",
    "sourceRefs": {"loanId": "42", "accountNo": "000000042", "externalId": "L-42"},
}


def by_type(kind: str) -> list[Vector]:
    return [vector for vector in vectors() if vector.type == kind + "BusinessEvent"]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: f"{vector.release}-{vector.type}")
def test_every_release_is_read_and_named(vector: Vector) -> None:
    events = fineract.decode(vector.key, vector.value)
    assert all(parse_inbound(event) is not None for event in events)
    assert all(event.extensions["fineractrelease"] != "unknown" for event in events)
    assert all(event.extensions["tenantid"] == "default" for event in events)
    assert {event.source for event in events} == {"urn:fineract:default:default"}


@pytest.mark.parametrize("kind", sorted({vector.type.removesuffix("BusinessEvent") for vector in vectors()}))
def test_all_releases_say_the_same(kind: str) -> None:
    said = [[(e.type, e.subject, e.data) for e in fineract.decode(v.key, v.value)] for v in by_type(kind)]
    assert len(said) == 4
    assert all(events == said[0] for events in said)


def test_a_due_installment() -> None:
    vector = by_type("LoanRepaymentDue")[0]
    (event,) = fineract.decode(vector.key, vector.value)
    assert event.id == "00000000-0000-4000-8000-000000000101"
    assert str(event.time) == "2026-09-29 00:05:01.123456+00:00"
    assert event.type == "io.puntual.installment.due.v1"
    assert event.subject == "loan/42/installment/3"
    nothing = {"amount": "0.00", "currency": "MXN"}
    parts = {
        "principal": {"amount": "1000.00", "currency": "MXN"},
        "interest": {"amount": "50.50", "currency": "MXN"},
        "fees": nothing,
        "penalties": nothing,
    }
    past = dict.fromkeys(("total", "principal", "interest", "fees", "penalties"), nothing)
    assert event.data == {
        **LOAN,
        "installmentNumber": 3,
        "dueDate": "2026-09-30",
        "amountDue": {"total": MONEY, **parts},
        "pastDue": past,
    }


def test_a_repayment() -> None:
    vector = by_type("LoanTransactionMakeRepaymentPost")[0]
    (event,) = fineract.decode(vector.key, vector.value)
    assert event.type == "io.puntual.payment.received.v1"
    assert event.data["paymentRef"] == "PAY-77"
    assert (event.data["kind"], event.data["amount"], event.data["valueDate"]) == (
        "repayment",
        MONEY,
        "2026-10-02",
    )
    assert event.extensions["partitionkey"] == "42"


def test_a_loan_that_is_paid_off_names_its_debtor() -> None:
    vector = by_type("LoanStatusChanged")[0]
    (event,) = fineract.decode(vector.key, vector.value)
    assert event.data["status"] == "closed"
    assert event.data["debtorRef"] == event.extensions["partitionkey"] == "7"


def test_a_client_is_a_snapshot_without_loans() -> None:
    vector = by_type("ClientCreate")[0]
    (event,) = fineract.decode(vector.key, vector.value)
    assert event.subject == "debtor/7"
    assert event.data["contactPoints"] == [
        {"contactPointRef": "mobile", "kind": "phone", "value": "+525500000000", "phoneType": "mobile"},
        {"contactPointRef": "email", "kind": "email", "value": "ana@example.test"},
    ]
    assert "loans" not in event.data


def test_a_bulk_record_is_unwrapped_with_numbered_ids() -> None:
    vector = by_type("Bulk")[0]
    events = fineract.decode(vector.key, vector.value)
    assert [event.id for event in events] == [f"00000000-0000-4000-8000-000000000107#{n}" for n in (1, 2)]
    assert [event.type.split(".")[2] for event in events] == ["loan", "installment"]


def test_a_payload_we_need_nothing_of_is_not_read() -> None:
    value = envelope("LoanWaiveChargeBusinessEvent", "LoanChargeDataV1", b"whatever")
    (event,) = fineract.decode(LOAN_KEY, value)
    assert event.data == {
        "loanRef": "42",
        "loanRefType": "internal",
        "sourceRefs": {"loanId": "42"},
        "reason": "waive_charge",
    }
    no_loan = (-1).to_bytes(8, "big", signed=True)
    assert refused(no_loan, value).reason is DeadLetterReason.MAPPING_ERROR


@pytest.mark.parametrize(
    "kind",
    ["LoanTransactionMakeRepaymentPreBusinessEvent", "SavingsDepositBusinessEvent", "LoanRepaymentDue", "x"],
)
def test_types_we_do_not_use_are_marked_and_their_payload_is_not_read(kind: str) -> None:
    (event,) = fineract.decode(LOAN_KEY, envelope(kind, "WhateverV1", b""))
    assert event.type == kind
    assert event.data is None
    assert parse_inbound(event) is None


def test_unused_items_of_a_bulk_record_are_marked_one_by_one() -> None:
    value = bulk(
        [
            ("LoanAccrualTransactionCreatedBusinessEvent", "LoanTransactionDataV1", b""),
            ("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", payload("LoanRepaymentDueDataV1", DUE)),
        ]
    )
    first, second = fineract.decode(LOAN_KEY, value)
    assert (first.id, parse_inbound(first)) == ("k-1#1", None)
    assert (second.id, second.type) == ("k-1#2", "io.puntual.installment.due.v1")


def test_later_fields_are_left_unread_and_the_writer_is_unknown() -> None:
    data = payload("LoanRepaymentDueDataV1", DUE, UNKNOWN, tail=b"\x00\x02\x00\x07")
    (event,) = fineract.decode(LOAN_KEY, envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", data))
    assert event.extensions["fineractrelease"] == "unknown"
    assert event.data["amountDue"] == {"total": MONEY}


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        (CLIENT_KEY, {}),
        (None, {}),
        (LOAN_KEY, {"currency": {"code": "peso"}}),
        (LOAN_KEY, {"installment": {**DUE["installment"], "installmentDueDate": "30/09/2026"}}),
        (LOAN_KEY, {"installment": {**DUE["installment"], "totalAmountDue": cents(-1)}}),
        (LOAN_KEY, {"installment": {**DUE["installment"], "totalAmountDue": b""}}),
    ],
)
def test_an_unknown_writer_is_only_believed_when_plausible(key: bytes | None, changes: dict[str, Any]) -> None:
    data = payload("LoanRepaymentDueDataV1", {**DUE, **changes}, UNKNOWN)
    value = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", data)
    assert refused(key, value).reason is DeadLetterReason.UNKNOWN_SCHEMA


def test_a_payload_under_a_wrong_name_is_refused() -> None:
    data = payload("LoanRepaymentDueDataV1", DUE, "568dc616a866b865")
    value = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", data)
    assert refused(LOAN_KEY, value).reason is DeadLetterReason.UNKNOWN_SCHEMA


def test_a_next_version_of_a_payload_is_an_unknown_schema() -> None:
    value = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV2", payload("LoanRepaymentDueDataV1", DUE))
    assert refused(LOAN_KEY, value).reason is DeadLetterReason.UNKNOWN_SCHEMA


def test_a_type_with_the_payload_of_another_is_a_mapping_error() -> None:
    value = envelope("LoanRepaymentDueBusinessEvent", "ClientDataV1", payload("ClientDataV1", CLIENT))
    assert refused(LOAN_KEY, value).reason is DeadLetterReason.MAPPING_ERROR


def test_another_tenant_is_refused() -> None:
    vector = vectors()[0]
    assert refused(vector.key, vector.value, tenant="other").reason is DeadLetterReason.UNKNOWN_TENANT


def test_damaged_framing_is_told() -> None:
    key, value = vectors()[0].key, vectors()[0].value
    inner = value.index(b"\xc3\x01", 10)
    damaged = [
        None,
        b"",
        value[:9],
        b"\x00\x00\x00\x00\x05" + value,
        value[:-1],
        value[:100],
        value + b"\x00",
        value[:inner] + b"\xc3\x02" + value[inner + 2 :],
    ]
    reasons = {refused(key, bad).reason for bad in damaged}
    assert reasons == {DeadLetterReason.BAD_FRAMING}
    assert refused(b"abc", value).reason is DeadLetterReason.BAD_FRAMING


@pytest.mark.parametrize(
    "changes", [{"idempotencyKey": ""}, {"idempotencyKey": "a\x00"}, {"kind": ""}, {"createdAt": "yesterday"}]
)
def test_an_envelope_without_identity_or_time_is_invalid(changes: dict[str, Any]) -> None:
    value = envelope(**{"kind": "LoanCreatedBusinessEvent", "record": "LoanAccountDataV1", "data": b"", **changes})
    assert refused(LOAN_KEY, value).reason is DeadLetterReason.INVALID_EVENT


@pytest.mark.parametrize("text", ["2026-09-29T00:05", "2026-09-29T00:05:00", "2026-09-29T00:05:00.123456789"])
def test_java_leaves_out_parts_of_a_time_that_are_zero(text: str) -> None:
    data = payload("LoanRepaymentDueDataV1", DUE)
    value = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", data, createdAt=text)
    (event,) = fineract.decode(LOAN_KEY, value)
    assert str(event.time).startswith("2026-09-29 00:05:00")


def test_a_nul_inside_a_text_is_refused() -> None:
    data = payload("LoanRepaymentDueDataV1", {**DUE, "loanExternalId": "L\x00"})
    value = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", data)
    assert refused(LOAN_KEY, value).reason is DeadLetterReason.INVALID_EVENT
