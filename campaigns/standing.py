"""Where an installment stands: open, paid, or waiting for a newer amount; and what follows for the loan."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from campaigns.person import Installment, Loan

ENDED = frozenset(
    {
        "closed",
        "overpaid",
        "written_off",
        "charged_off",
        "rescheduled",
        "transferred",
        "rejected",
        "withdrawn",
    }
)


_NOTHING = Decimal(0)


class Standing(StrEnum):
    """Open: may be asked for. Paid: never again. Waiting: its amount is in doubt, nothing is asked meanwhile."""

    OPEN = "open"
    PAID = "paid"
    WAITING = "waiting"


def standing(loan: Loan, installment: Installment) -> Standing:
    """Where `installment` stands, from the amounts and payments known, in whatever order they came."""
    if _paid_by_word(loan, installment):
        return Standing.PAID
    paid = paid_between(loan, installment.amount.currency, installment.amount_at)
    if paid > 0 and paid >= _owed_up_to(loan, installment):
        return Standing.PAID
    if paid > 0 or _in_doubt(loan, installment):
        return Standing.WAITING
    return Standing.OPEN


def open_installments(loan: Loan) -> list[Installment]:
    """The installments not yet paid, oldest due date first."""
    rows = sorted(loan.installments.values(), key=lambda i: (i.due_date, i.number))
    return [row for row in rows if standing(loan, row) is not Standing.PAID]


def days_past_due(loan: Loan, today: date) -> int:
    """Days since the oldest unpaid due date, 0 where nothing is overdue; `today` is the debtor's local date."""
    overdue = overdue_installments(loan, today)
    return (today - overdue[0].due_date).days if overdue else 0


def overdue_installments(loan: Loan, today: date) -> list[Installment]:
    """The unpaid installments whose due date has passed, oldest first."""
    return [row for row in open_installments(loan) if row.due_date < today]


def overdue_amount(loan: Loan, today: date) -> Decimal | None:
    """What is overdue: the core's word, else the sum of what we know to be overdue and unpaid."""
    overdue = overdue_installments(loan, today)
    if not overdue:
        return Decimal(0)
    newest = max(row.amount_at for row in overdue)
    if loan.overdue_amount is not None and loan.overdue_at is not None and loan.overdue_at >= newest:
        return loan.overdue_amount
    return sum((row.amount.amount for row in overdue), Decimal(0))


def total_outstanding(loan: Loan) -> Decimal | None:
    """The loan's balance: the core's word, else the sum of the open installments; None where nothing is known."""
    if loan.total_outstanding is not None:
        return loan.total_outstanding
    rows = open_installments(loan)
    return sum((row.amount.amount for row in rows), Decimal(0)) if rows else None


def paid_between(loan: Loan, currency: str, since: datetime, until: datetime | None = None) -> Decimal:
    """The sum of the payments in a currency from `since` on (before `until`) that were not reversed.

    A payment of the very instant of an amount counts: not asking is the safe side of a tie.
    """
    if not loan.payments:
        return _NOTHING
    return sum(
        (
            payment.amount.amount
            for payment in loan.payments.values()
            if payment.amount is not None
            and payment.amount.currency == currency
            and payment.reversed_at is None
            and payment.at >= since
            and (until is None or payment.at < until)
        ),
        Decimal(0),
    )


def _paid_by_word(loan: Loan, installment: Installment) -> bool:
    if loan.status in ENDED and (loan.status_at is None or loan.status_at >= installment.amount_at):
        return True
    if installment.paid_at is not None and installment.paid_at >= installment.amount_at:
        return True
    if loan.total_outstanding is not None and loan.total_outstanding <= 0:
        return loan.outstanding_at is None or loan.outstanding_at >= installment.amount_at
    return installment.amount.amount <= 0


def _owed_up_to(loan: Loan, installment: Installment) -> Decimal:
    """Payments go to the oldest installment first, so a later one is reached only past the earlier ones."""
    earlier = (
        row
        for row in loan.installments.values()
        if (row.due_date, row.number) < (installment.due_date, installment.number)
        and not _paid_by_word(loan, row)
        and paid_between(loan, row.amount.currency, row.amount_at, installment.amount_at) < row.amount.amount
    )
    return installment.amount.amount + sum((row.amount.amount for row in earlier), Decimal(0))


def _in_doubt(loan: Loan, installment: Installment) -> bool:
    marks = (loan.stale_since, loan.rescheduled_at)
    return any(mark is not None and mark >= installment.amount_at for mark in marks)
