"""What a person owes: loans, their installments, payments and promises, as the core's events told them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from schemas.tables.columns import amount, day, document, instant, number, one_of, text


class Loan(SQLModel, table=True):
    """A row is one loan by the core's reference; `debtor_ref` is null until an event tells whose it is.

    Each fact carries the instant it was true (`…_at`), so that an older event never overwrites a newer one.
    """

    __tablename__ = "loan"
    __table_args__: Any = (
        CheckConstraint("length(loan_ref) between 1 and 128"),
        Index("loan_debtor", "debtor_ref"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    loan_ref: str = text(primary_key=True)
    debtor_ref: str | None = text(None, foreign_key="debtor.debtor_ref")
    creditor_ref: str | None = text(None)
    product: str | None = text(None)
    status: str = text("active", otherwise="'active'")
    status_at: datetime | None = instant(None)
    currency: str | None = text(None)
    total_outstanding: Decimal | None = amount(None)
    outstanding_at: datetime | None = instant(None)
    overdue_amount: Decimal | None = amount(None)
    overdue_at: datetime | None = instant(None)
    cured_at: datetime | None = instant(None)
    rescheduled_at: datetime | None = instant(None)
    stale_since: datetime | None = instant(None)
    updated_at: datetime = instant()


class Installment(SQLModel, table=True):
    """A row is one installment of a loan with its latest known amount; `paid_at` is when it was paid in full.

    `payment_refs` are the payments counted against the amount of `amount_at`.
    """

    __tablename__ = "installment"
    __table_args__: Any = ({"postgresql_with": {"fillfactor": 80}},)

    loan_ref: str = text(primary_key=True, foreign_key="loan.loan_ref")
    number: int = number(primary_key=True)
    due_date: date = day()
    amount: Decimal = amount()
    currency: str = text()
    amount_at: datetime = instant()
    paid_at: datetime | None = instant(None)
    payment_refs: list[Any] = document(otherwise="'[]'", default_factory=list)


class Payment(SQLModel, table=True):
    """A row is one payment on a loan, kept when it is reversed; `amount` is null where the event named none."""

    __tablename__ = "payment"

    loan_ref: str = text(primary_key=True, foreign_key="loan.loan_ref")
    payment_ref: str = text(primary_key=True)
    amount: Decimal | None = amount(None)
    currency: str | None = text(None)
    at: datetime = instant()
    reversed_at: datetime | None = instant(None)


class Promise(SQLModel, table=True):
    """A row is one day on which the debtor said they would pay, and whether they did."""

    __tablename__ = "promise"
    __table_args__: Any = (one_of("state", ("made", "kept", "broken")),)

    loan_ref: str = text(primary_key=True, foreign_key="loan.loan_ref")
    promise_ref: str = text(primary_key=True)
    promised_for: date = day(primary_key=True)
    amount: Decimal | None = amount(None)
    currency: str | None = text(None)
    state: str = text()
    made_via: str | None = text(None)
    at: datetime = instant()
