"""What the rows of a portfolio tell of a debtor, as the facts that a core would send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from schemas.debtor_events import DebtorPatched
from schemas.enums import ConsentState, Purpose
from schemas.events_base import InboundEvent
from schemas.lending_events import InstallmentDue, InstallmentPaid
from schemas.money import Money
from services.imports.rows import PortfolioRow, RowProblem
from services.imports.values import ENDS, OPEN, PAID

_GRANTS = (Purpose.COLLECTIONS, Purpose.SERVICE)
_VIA = "portfolio"


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a row; `name` tells it from the others of the same file."""

    line: int
    name: str
    event: InboundEvent


def debtors_of(rows: Sequence[PortfolioRow]) -> Iterator[list[PortfolioRow]]:
    """Rows of one debtor each, in order of appearance."""
    groups: dict[str, list[PortfolioRow]] = {}
    for row in rows:
        groups.setdefault(row.debtor_ref, []).append(row)
    yield from groups.values()


def told_by(rows: Sequence[PortfolioRow], *, as_of: datetime, currency: str | None) -> Iterator[Told | RowProblem]:
    """What the rows of one debtor tell: who they are and which loans are theirs, then each installment.

    `as_of` is when all of it was true, `currency` that of rows without one. Faults are told row by row.
    """
    good = []
    for row in rows:
        problem = _fault(row, currency)
        if problem is None:
            good.append(row)
        else:
            yield problem
    if not good:
        return
    yield Told(good[0].line, f"row {good[0].line}", _snapshot(good, currency))
    numbers: dict[tuple[str, int], date] = {}
    for row in good:
        for told in _installment(row, as_of, currency):
            number, due = told.event.installment_number, told.event.due_date  # type: ignore[attr-defined]
            if numbers.setdefault((row.loan_ref, number), due) != due:
                message = "is needed where a loan has several installments, each with its own"
                yield RowProblem(row.line, "installment_number", message)
                break
            yield told


def _fault(row: PortfolioRow, currency: str | None) -> RowProblem | None:
    amounts = (row.amount_due, row.total_outstanding, row.overdue_amount)
    if row.currency is None and currency is None and any(amount is not None for amount in amounts):
        return RowProblem(row.line, "currency", "is empty, and its country does not tell it")
    return None


def _snapshot(rows: Sequence[PortfolioRow], currency: str | None) -> DebtorPatched:
    """The last word of each column; empty cells tell nothing, so that they take nothing away."""
    told: dict[str, Any] = {"debtor_ref": rows[0].debtor_ref, "loans": list(_loans(rows, currency))}
    for name in ("language", "country", "region", "timezone", "segment", "tags"):
        found = [value for row in rows if (value := getattr(row, name))]
        if found:
            told[name] = found[-1]
    last = rows[-1]
    told["display_name"] = last.name
    told["contact_points"] = list(_points(rows))
    told["consents"] = list(_consents(rows))
    scores = [row.risk_score for row in rows if row.risk_score is not None]
    if scores:
        told["risk_score"] = float(scores[-1])
    liked = [row.preferred_channel for row in rows if row.preferred_channel]
    if liked:
        told["preferences"] = {"preferred_channel": liked[-1]}
    return DebtorPatched.model_validate(told)


def _points(rows: Sequence[PortfolioRow]) -> Iterator[dict[str, Any]]:
    for kind in ("phone", "email"):
        found = [value for row in rows if (value := getattr(row, kind))]
        if found:
            yield {"contact_point_ref": kind, "kind": kind, "value": found[-1]}


def _consents(rows: Sequence[PortfolioRow]) -> Iterator[dict[str, Any]]:
    """A yes is for what a lender must tell, never for marketing; a no is for everything."""
    last = {channel: state for row in rows for channel, state in row.consents.items()}
    for channel, state in last.items():
        for purpose in _GRANTS if state is ConsentState.GRANTED else tuple(Purpose):
            yield {"channel": channel, "purpose": purpose, "state": state, "captured_via": _VIA}


def _loans(rows: Sequence[PortfolioRow], currency: str | None) -> Iterator[dict[str, Any]]:
    loans: dict[str, dict[str, Any]] = {}
    for row in rows:
        loan = loans.setdefault(row.loan_ref, {"loan_ref": row.loan_ref})
        told = {
            "product_code": row.product,
            "creditor_ref": row.creditor_ref,
            "days_past_due": row.days_past_due,
            "status": row.status if row.status in ENDS else None,
            "total_outstanding": _money(row.total_outstanding, row, currency),
            "overdue_amount": _money(row.overdue_amount, row, currency),
        }
        loan |= {name: value for name, value in told.items() if value is not None}
    yield from loans.values()


def _installment(row: PortfolioRow, as_of: datetime, currency: str | None) -> Iterator[Told]:
    """An open installment falls due; a paid one was due and is paid in full."""
    due_date = row.due_date or _counted_back(row, as_of)
    if due_date is None or row.status not in (OPEN, PAID):
        return
    amount = row.amount_due if row.amount_due is not None else row.overdue_amount
    common = {
        "debtor_ref": row.debtor_ref,
        "loan_ref": row.loan_ref,
        "installment_number": row.installment_number if row.installment_number is not None else 1,
        "due_date": due_date,
    }
    money = _money(amount, row, currency)
    if money is not None:
        event = InstallmentDue.model_validate({**common, "amount_due": {"total": money}})
        yield Told(row.line, f"row {row.line} due", event)
    if row.status == PAID:
        paid = InstallmentPaid.model_validate({**common, "paid_on": due_date, "paid_in_full": True})
        yield Told(row.line, f"row {row.line} paid", paid)


def _counted_back(row: PortfolioRow, as_of: datetime) -> date | None:
    """The due date of an overdue installment for which only the days are known."""
    if not row.days_past_due:
        return None
    today = as_of.astimezone(ZoneInfo(row.timezone)).date() if row.timezone else as_of.date()
    return date.fromordinal(today.toordinal() - row.days_past_due)


def _money(amount: Decimal | None, row: PortfolioRow, currency: str | None) -> Money | None:
    wanted = row.currency or currency
    return None if amount is None or wanted is None else Money(amount, wanted)


def explained(error: ValidationError) -> str:
    """The rule that an event broke, without the value."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
