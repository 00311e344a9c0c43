"""Where an installment stands: open, paid, or waiting for a newer amount; and what follows for the loan."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from campaigns.person import Installment, Loan
from schemas.values import value

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


@value
class Arrears:
    """A loan's balance and what of it is overdue: by the core's word, else summed from the installments we know.

    The balance is None where nothing is known; days count from the oldest unpaid due date.
    """

    total_outstanding: Decimal | None
    overdue_amount: Decimal
    installments_overdue: int
    days_past_due: int


class Standing(StrEnum):
    """Open: may be asked for. Paid: never again. Waiting: its amount is in doubt, nothing is asked meanwhile."""

    OPEN = "open"
    PAID = "paid"
    WAITING = "waiting"


def standing(loan: Loan, installment: Installment) -> Standing:
    """Where `installment` stands, from the amounts and payments known, in whatever order they came."""
    if _paid_by_word(loan, installment):
        return Standing.PAID
    if loan.payments:
        paid = paid_between(loan, installment.amount.currency, installment.amount_at)
        if paid > 0:
            return Standing.PAID if paid >= _owed_up_to(loan, installment) else Standing.WAITING
    return Standing.WAITING if _in_doubt(loan, installment) else Standing.OPEN


def open_installments(loan: Loan) -> list[Installment]:
    """The installments not yet paid, oldest due date first."""
    rows = list(loan.installments.values())
    if len(rows) > 1:
        rows.sort(key=lambda i: (i.due_date, i.number))
    return [row for row in rows if standing(loan, row) is not Standing.PAID]


def arrears(loan: Loan, today: date) -> Arrears:
    """Everything about what is owed in one look; `today` is the debtor's local date."""
    unpaid = open_installments(loan)
    overdue = [row for row in unpaid if row.due_date < today]
    total = _balance(loan, unpaid)
    days = (today - overdue[0].due_date).days if overdue else 0
    return Arrears(total, _overdue_amount(loan, overdue), len(overdue), days)


def balance(loan: Loan) -> Decimal | None:
    """The balance of `arrears` alone, which the core's word tells without a look at installments."""
    return _balance(loan, open_installments(loan) if loan.total_outstanding is None else ())


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


def _balance(loan: Loan, unpaid: Sequence[Installment]) -> Decimal | None:
    if loan.total_outstanding is not None or not unpaid:
        return loan.total_outstanding
    return sum((row.amount.amount for row in unpaid), _NOTHING)


def _overdue_amount(loan: Loan, overdue: list[Installment]) -> Decimal:
    if not overdue:
        return _NOTHING
    newest = max(row.amount_at for row in overdue)
    if loan.overdue_amount is not None and loan.overdue_at is not None and loan.overdue_at >= newest:
        return loan.overdue_amount
    return sum((row.amount.amount for row in overdue), _NOTHING)


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
    stale, rescheduled, known = loan.stale_since, loan.rescheduled_at, installment.amount_at
    return (stale is not None and stale >= known) or (rescheduled is not None and rescheduled >= known)
