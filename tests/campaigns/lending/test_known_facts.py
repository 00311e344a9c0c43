"""What conditions read of a person, a loan and an installment, by the names that they use."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.conditions import NAMES
from campaigns.facts import ContactFact
from campaigns.person import Installment, Loan, Person, Promise
from campaigns.question import condition_facts
from schemas.enums import Channel
from schemas.money import Money

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
TODAY = date(2026, 11, 24)
INSTALLMENT = Installment(7, date(2026, 11, 20), Money(Decimal("1050.50"), "MXN"), NOW - timedelta(days=9))
LOAN = Loan(
    "L-1",
    product="consumo",
    installments={7: INSTALLMENT},
    promises=[Promise("P-1", date(2026, 11, 22), None, "broken", NOW)],
)
PERSON = Person(
    "D-1",
    segment="B",
    risk_score=640.0,
    region="MX-JAL",
    language="es-MX",
    tags=["vip"],
    history=[
        ContactFact(NOW - timedelta(days=8), Channel.SMS, "L-1", "delivered"),
        ContactFact(NOW - timedelta(days=2), Channel.EMAIL, "L-1", "accepted"),
    ],
    loans={"L-1": LOAN},
)
VALUES: dict[str, Any] = {
    "debtor.segment": "B",
    "debtor.risk_score": 640.0,
    "debtor.region": "MX-JAL",
    "debtor.language": "es-MX",
    "debtor.tags": ["vip"],
    "loan.product": "consumo",
    "loan.days_past_due": 4,
    "loan.total_outstanding": 1050.5,
    "loan.overdue_amount": 1050.5,
    "loan.installments_overdue": 1,
    "loan.bucket": "1-30",
    "installment.number": 7,
    "installment.amount": 1050.5,
    "installment.days_to_due": -4,
    "history.attempts_7d": 1,
    "history.delivered_30d": 1,
    "history.last_channel": "email",
    "history.promises_broken": 1,
}


def test_every_name_that_a_condition_may_read_has_its_fact() -> None:
    assert _read(INSTALLMENT, frozenset(NAMES)) == VALUES


def test_facts_of_an_installment_are_missing_where_none_is_meant() -> None:
    assert set(_read(None, frozenset(NAMES))) == {name for name in VALUES if not name.startswith("installment.")}


@pytest.mark.parametrize("told", [Decimal("9800.00"), Decimal(0)])
def test_the_balance_is_the_cores_word_where_it_gave_one(told: Decimal) -> None:
    loan = Loan("L-1", total_outstanding=told, outstanding_at=NOW, installments={7: INSTALLMENT})
    facts = condition_facts(PERSON, loan, INSTALLMENT, now=NOW, today=TODAY, segments=None)
    read = facts.engine_values(frozenset({"loan.total_outstanding"}), with_segments=False)
    assert read == {"loan.total_outstanding": float(told)}


def test_a_loan_of_which_nothing_is_known_has_no_balance() -> None:
    facts = condition_facts(PERSON, Loan("L-2"), None, now=NOW, today=TODAY, segments=None)
    assert facts.engine_values(frozenset({"loan.total_outstanding"}), with_segments=False) == {}


def _read(installment: Installment | None, names: frozenset[str]) -> dict[str, Any]:
    facts = condition_facts(PERSON, LOAN, installment, now=NOW, today=TODAY, segments=None)
    return dict(facts.engine_values(names, with_segments=False))
