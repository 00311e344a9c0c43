"""The field types of inbound facts: exact, strict, and clear about what they want."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from schemas import rfc3339
from schemas.lending_events import PaymentReceived
from schemas.money import Money
from tests.schemas.parsing import parse, refused


@pytest.mark.parametrize(
    "amount",
    [
        1050.5,
        1050,
        None,
        True,
        "1,050.50",
        "1e3",
        " 1",
        "1 ",
        "-1",
        "+1",
        "NaN",
        "1_000",
        "",
        ".5",
        "5.",
        "1" * 20,
        "0.123456789",
        "١٢",
    ],
)
def test_an_amount_is_a_plain_decimal_text(amount: object) -> None:
    message = refused("payment.received", amount={"amount": amount, "currency": "MXN"})
    assert message.startswith("data.amount: amount must be a decimal")


@pytest.mark.parametrize("currency", ["mxn", "MX", "PESO", "", None, 484, "MXN\n"])
def test_a_currency_is_three_capitals(currency: object) -> None:
    assert "currency must be" in refused("payment.received", amount={"amount": "1", "currency": currency})


@pytest.mark.parametrize(
    ("amount", "value"), [("0", "0"), ("1050.50", "1050.50"), ("9999999999999999.99999999",) * 2, ("007", "7")]
)
def test_amounts_are_exact(amount: str, value: str) -> None:
    paid = parse("payment.received", amount={"amount": amount, "currency": "JPY"})
    assert isinstance(paid, PaymentReceived)
    assert paid.amount == Money(Decimal(value), "JPY")


@pytest.mark.parametrize(
    "day", ["2026-02-29", "20261124", "2026-W47-2", "2026-11-24T00:00:00", 20261124, "", "24/11/2026"]
)
def test_a_date_is_an_iso_date_that_exists(day: object) -> None:
    assert refused("installment.due", dueDate=day).startswith("data.dueDate: ")


@pytest.mark.parametrize(
    "at", ["2026-11-21T06:00:00", "2026-11-21", "2026-11-21T25:00:00Z", 1763704800, "0001-01-01T00:00:00+23:59"]
)
def test_an_instant_has_an_offset(at: object) -> None:
    assert refused("contact.recorded", at=at).startswith("data.at: ")


@pytest.mark.parametrize("ref", ["", " ", " D-1", "a\nb", "a\tb", "x" * 129, 7, None, "a\u200bb", "a\x7f", "\u202eD-1"])
def test_a_reference_is_a_short_printable_text(ref: object) -> None:
    assert refused("installment.due", loanRef=ref).startswith("data.loanRef: ")


@pytest.mark.parametrize("ref", ["D-1", "ñandú", "a b", "x" * 128, "客户-1", "0", "a/b:c#d"])
def test_other_references_are_taken_as_they_are(ref: str) -> None:
    assert parse("installment.due", loanRef=ref).loan_ref == ref


@pytest.mark.parametrize("number", ["7", 7.5, True, -1, 2**31, None])
def test_numbers_are_numbers(number: object) -> None:
    assert refused("installment.due", installmentNumber=number).startswith("data.installmentNumber: ")


@pytest.mark.parametrize("flag", ["true", 1, "yes"])
def test_flags_are_true_or_false(flag: object) -> None:
    assert refused("installment.paid", paidInFull=flag).startswith("data.paidInFull: ")


def test_a_number_too_large_for_a_score_is_refused() -> None:
    assert refused("debtor.upserted", riskScore=10**400).startswith("data.riskScore: ")


def test_the_hour_that_comes_twice_is_written_as_two_instants() -> None:
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))

    assert rfc3339.text(first) == "2026-11-01T05:30:00Z"
    assert rfc3339.text(first.replace(fold=1)) == "2026-11-01T06:30:00Z"
