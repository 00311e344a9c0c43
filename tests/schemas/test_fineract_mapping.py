"""What each type of Fineract becomes."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.envelope import DeadLetterReason
from schemas.fineract.amounts import decimal_text
from schemas.inbound import parse_inbound
from schemas.lending_events import InstallmentDue
from tests.schemas.fineract_records import (
    ACCOUNT,
    CLIENT,
    CLIENT_KEY,
    DUE,
    LOAN_KEY,
    MXN,
    TRANSACTION,
    cents,
    envelope,
    one,
    payload,
    refused,
)

MONEY = {"amount": "1050.50", "currency": "MXN"}


@pytest.mark.parametrize(
    ("kind", "native", "expected"),
    [
        ("LoanTransactionDownPaymentPost", "payment.received", {"kind": "down_payment"}),
        ("LoanTransactionRecoveryPaymentPost", "payment.received", {"kind": "recovery"}),
        ("LoanForeClosurePost", "payment.received", {"kind": "foreclosure"}),
        ("LoanChargePaymentPost", "payment.received", {"kind": "charge"}),
        ("LoanTransactionGoodwillCreditPost", "loan.balance_adjusted", {"reason": "goodwill_credit"}),
        ("LoanTransactionInterestRefundPost", "loan.balance_adjusted", {"amount": MONEY}),
        ("LoanChargeRefund", "loan.balance_adjusted", {"reason": "charge_refund"}),
        ("LoanChargebackTransaction", "payment.reversed", {"reason": "chargeback", "amount": MONEY}),
        ("LoanChargeOffPost", "loan.status_changed", {"status": "charged_off", "effectiveOn": "2026-10-02"}),
        ("LoanUndoChargeOff", "loan.status_changed", {"status": "active"}),
        ("LoanWrittenOffPost", "loan.status_changed", {"status": "written_off"}),
        ("LoanUndoWrittenOff", "loan.status_changed", {"status": "active"}),
        ("LoanReAgeTransaction", "loan.rescheduled", {"reason": "re_age"}),
        ("LoanUndoReAmortizeTransaction", "loan.rescheduled", {"reason": "undo_re_amortize"}),
        ("LoanTransactionContractTerminationPost", "loan.rescheduled", {"reason": "contract_termination"}),
    ],
)
def test_transactions_by_type(kind: str, native: str, expected: dict[str, Any]) -> None:
    event = one(kind, "LoanTransactionDataV1", TRANSACTION)
    assert event.type == f"io.puntual.{native}.v1"
    assert expected.items() <= event.data.items()
    assert parse_inbound(event) is not None


@pytest.mark.parametrize(
    ("kind", "native"),
    [
        ("LoanCreated", "loan.linked"),
        ("LoanApproved", "loan.linked"),
        ("LoanDisbursal", "loan.linked"),
        ("LoanAccountSnapshot", "loan.linked"),
        ("LoanBalanceChanged", "loan.linked"),
        ("LoanClose", "loan.status_changed"),
        ("LoanAccountDelinquencyPauseChanged", "loan.collections_paused"),
        ("LoanApplyOverdueCharge", "loan.balance_adjusted"),
        ("LoanRescheduledDueHoliday", "loan.rescheduled"),
        ("LoanRescheduledDueAdjustSchedule", "loan.rescheduled"),
        ("LoanRescheduledDueCalendarChange", "loan.rescheduled"),
    ],
)
def test_accounts_by_type(kind: str, native: str) -> None:
    event = one(kind, "LoanAccountDataV1", ACCOUNT)
    parsed = parse_inbound(event)
    assert event.type == f"io.puntual.{native}.v1"
    assert parsed is not None
    assert (parsed.debtor_ref, parsed.loan_ref) == ("7", "42")
    assert event.data["productCode"] == "consumo"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (300, "active"),
        (303, "transferred"),
        (304, "transferred"),
        (400, "withdrawn"),
        (500, "rejected"),
        (600, "closed"),
        (601, "written_off"),
        (602, "rescheduled"),
        (700, "overpaid"),
    ],
)
def test_statuses_by_number(number: int, word: str) -> None:
    event = one("LoanStatusChanged", "LoanAccountDataV1", {**ACCOUNT, "status": {"id": number}})
    assert event.data["status"] == word


@pytest.mark.parametrize("number", [100, 200])
def test_before_it_is_paid_out_a_loan_is_only_linked(number: int) -> None:
    event = one("LoanStatusChanged", "LoanAccountDataV1", {**ACCOUNT, "status": {"id": number}})
    assert event.type == "io.puntual.loan.linked.v1"
    assert "status" not in event.data


def test_a_status_nobody_knows_is_a_mapping_error() -> None:
    for status in ({"id": 999}, None):
        fields = {**ACCOUNT, "status": status}
        value = envelope("LoanStatusChangedBusinessEvent", "LoanAccountDataV1", payload("LoanAccountDataV1", fields))
        assert refused(LOAN_KEY, value).reason is DeadLetterReason.MAPPING_ERROR


def test_a_group_loan_has_no_debtor_to_link() -> None:
    event = one("LoanCreated", "LoanAccountDataV1", {**ACCOUNT, "clientId": None})
    assert parse_inbound(event) is None


@pytest.mark.parametrize(
    ("kind", "reason"), [("ClientReject", "rejected"), ("ClientClose", "closed"), ("ClientWithdraw", "withdrawn")]
)
def test_clients_that_are_gone(kind: str, reason: str) -> None:
    event = one(kind, "ClientDataV1", CLIENT, CLIENT_KEY)
    assert event.type == "io.puntual.debtor.deactivated.v1"
    assert event.data == {"debtorRef": "7", "reason": reason}


def test_a_client_without_addresses_is_a_snapshot_with_none() -> None:
    bare = {"id": 7, "displayName": "Ana", "mobileNo": " ", "emailAddress": None}
    event = one("ClientActivate", "ClientDataV1", bare, CLIENT_KEY)
    assert event.data["contactPoints"] == []
    assert parse_inbound(event) is not None


def test_cured_is_a_range_of_none() -> None:
    fields = {
        "loanId": 42,
        "loanAccountNo": "1",
        "charges": [{"id": 1, "name": "fee", "currency": MXN, "amount": cents(100)}],
        "currency": MXN,
        "amount": {"totalAmount": cents(0)},
    }
    event = one("LoanDelinquencyRangeChange", "LoanAccountDelinquencyRangeDataV1", fields)
    assert event.data["range"] is None
    assert event.data["overdueAmount"] == {"amount": "0.00", "currency": "MXN"}


def test_an_adjustment_takes_back_the_transaction_inside_it() -> None:
    fields = {"transactionToAdjust": {**TRANSACTION, "externalId": None}}
    event = one("LoanAdjustTransaction", "LoanTransactionAdjustmentDataV1", fields)
    assert event.data["paymentRef"] == "9"
    assert event.data["reason"] == "reversal"


@pytest.mark.parametrize(
    ("unscaled", "places", "text"),
    [
        (105050000000, 2, "1050.50"),
        (0, 2, "0.00"),
        (1, 2, "0.00000001"),
        (-250000000, 2, "-2.50"),
        (100000000, 0, "1"),
        (150000000, 0, "1.5"),
        (123456789012345678901234567, 2, "1234567890123456789.01234567"),
    ],
)
def test_amounts_are_never_rounded(unscaled: int, places: int, text: str) -> None:
    raw = unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)
    assert decimal_text(raw, places) == text


@pytest.mark.parametrize("raw", [b"", b"\x01" * 13])
def test_impossible_amounts_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="bytes"):
        decimal_text(raw, 2)


def test_currencies_without_cents_print_none() -> None:
    fields = {**DUE, "currency": {"code": "CLP", "decimalPlaces": 0}}
    event = one("LoanRepaymentDue", "LoanRepaymentDueDataV1", fields)
    assert event.data["amountDue"]["total"] == {"amount": "1050.5", "currency": "CLP"}


def test_the_largest_amount_goes_through_whole() -> None:
    raw = (10**27 - 1).to_bytes(12, "big", signed=True)
    fields = {**DUE, "installment": {**DUE["installment"], "totalAmountDue": raw}}
    due = parse_inbound(one("LoanRepaymentDue", "LoanRepaymentDueDataV1", fields))
    assert isinstance(due, InstallmentDue)
    assert due.amount_due.total.amount == Decimal("9" * 19 + "." + "9" * 8)
