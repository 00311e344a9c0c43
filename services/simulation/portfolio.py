"""A portfolio's rows, and what they say of a debtor as the events that a core would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from schemas.debtor_events import DebtorUpserted
from schemas.events_base import InboundEvent
from schemas.lending_events import InstallmentDue

COLUMNS = (
    "debtor_ref", "name", "language", "country", "region", "timezone", "phone", "email", "segment", "risk_score",
    "tags", "consent_sms", "consent_whatsapp", "consent_email", "consent_voice", "preferred_channel", "loan_ref",
    "product", "creditor_ref", "currency", "total_outstanding", "overdue_amount", "days_past_due",
    "installment_number", "due_date", "amount_due", "status",
)  # fmt: skip
REQUIRED = ("debtor_ref", "name", "loan_ref")
_CONSENTS = {"yes": "granted", "no": "withdrawn"}
_PURPOSES = ("collections", "service", "marketing")


class RowProblem(Exception):
    """A row that can't be used: its column and what to do, never the value."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(f"{column}: {message}")
        self.column = column


@dataclass(frozen=True, slots=True)
class Row:
    """One installment of one loan, as written; `line` counts from 1."""

    line: int
    values: Mapping[str, str]

    def get(self, column: str) -> str | None:
        """The trimmed value, None where the cell is empty or the column is missing."""
        return self.values.get(column, "").strip() or None


def events_of(rows: Sequence[Row], *, today: date, currency: str) -> list[InboundEvent]:
    """The snapshot and the due installments that the rows of one debtor tell; raises RowProblem.

    `today` counts back where only days past due are known, `currency` is that of rows without one.
    """
    first = rows[0]
    for column in REQUIRED:
        if first.get(column) is None:
            raise RowProblem(column, "is empty; every row needs it")
    events: list[InboundEvent] = [_parsed(DebtorUpserted, _snapshot(rows, currency))]
    for row in rows:
        due = _due(row, today, currency)
        if due is not None:
            events.append(_parsed(InstallmentDue, due))
    return events


def _snapshot(rows: Sequence[Row], currency: str) -> dict[str, Any]:
    first = rows[0]
    given = {
        "debtorRef": first.get("debtor_ref"),
        "displayName": first.get("name"),
        "language": first.get("language"),
        "country": first.get("country"),
        "region": first.get("region"),
        "timezone": first.get("timezone"),
        "segment": first.get("segment"),
        "riskScore": _number(first, "risk_score"),
        "tags": [tag for tag in (first.get("tags") or "").split(";") if tag],
        "contactPoints": _points(first),
        "consents": _consents(first),
        "preferences": {"preferredChannel": first.get("preferred_channel")} if first.get("preferred_channel") else None,
        "loans": list({row.get("loan_ref"): _loan(row, currency) for row in rows}.values()),
    }
    return {name: value for name, value in given.items() if value is not None}


def _points(row: Row) -> list[dict[str, Any]]:
    kinds = (("phone", row.get("phone")), ("email", row.get("email")))
    points = [{"contactPointRef": kind, "kind": kind, "value": value} for kind, value in kinds if value is not None]
    if not points:
        raise RowProblem("phone", "is empty, and so is email; one of them is needed")
    return points


def _consents(row: Row) -> list[dict[str, Any]]:
    found = []
    for channel in ("sms", "whatsapp", "email", "voice"):
        word = row.get(f"consent_{channel}")
        if word is None:
            continue
        if word.lower() not in _CONSENTS:
            raise RowProblem(f"consent_{channel}", "must be yes, no or empty")
        state = _CONSENTS[word.lower()]
        found += [{"channel": channel, "purpose": purpose, "state": state} for purpose in _PURPOSES]
    return found


def _loan(row: Row, currency: str) -> dict[str, Any]:
    given = {
        "loanRef": row.get("loan_ref"),
        "productCode": row.get("product"),
        "creditorRef": row.get("creditor_ref"),
        "status": row.get("status"),
        "totalOutstanding": _money(row, "total_outstanding", currency),
        "overdueAmount": _money(row, "overdue_amount", currency),
    }
    return {name: value for name, value in given.items() if value is not None}


def _due(row: Row, today: date, currency: str) -> dict[str, Any] | None:
    """The installment of a row, None where the row names neither a due date nor days past due."""
    due_date, days = row.get("due_date"), _whole(row, "days_past_due")
    if due_date is None and not days:
        return None
    amount = next(
        (found for column in ("amount_due", "overdue_amount", "total_outstanding")
         if (found := _money(row, column, currency)) is not None),
        None,
    )  # fmt: skip
    if amount is None:
        raise RowProblem("amount_due", "is empty; an installment needs its amount")
    return {
        "debtorRef": row.get("debtor_ref"),
        "loanRef": row.get("loan_ref"),
        "installmentNumber": _whole(row, "installment_number") or 1,
        "dueDate": due_date or (today - timedelta(days=days or 0)).isoformat(),
        "amountDue": {"total": amount},
    }


def _money(row: Row, column: str, currency: str) -> dict[str, str] | None:
    amount = row.get(column)
    return None if amount is None else {"amount": amount, "currency": row.get("currency") or currency}


def _number(row: Row, column: str) -> float | None:
    text = row.get(column)
    try:
        return None if text is None else float(text)
    except ValueError:
        raise RowProblem(column, "must be a number like 640.0") from None


def _whole(row: Row, column: str) -> int | None:
    number = _number(row, column)
    if number is not None and (number != number // 1 or number < 0):
        raise RowProblem(column, "must be a whole number, 0 or more")
    return None if number is None else int(number)


def _parsed(model: type[InboundEvent], data: dict[str, Any]) -> InboundEvent:
    try:
        return model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise RowProblem(_column(fault["loc"]), fault["msg"].removeprefix("Value error, ")) from None


_COLUMN_OF = {
    "debtorRef": "debtor_ref",
    "displayName": "name",
    "riskScore": "risk_score",
    "preferences": "preferred_channel",
    "loanRef": "loan_ref",
    "productCode": "product",
    "creditorRef": "creditor_ref",
    "totalOutstanding": "total_outstanding",
    "overdueAmount": "overdue_amount",
    "installmentNumber": "installment_number",
    "dueDate": "due_date",
    "amountDue": "amount_due",
    "contactPoints": "phone",
}


def _column(location: tuple[int | str, ...]) -> str:
    """The column that a place in an event came from."""
    for part in reversed(location):
        if part in COLUMNS:
            return str(part)
        if part in _COLUMN_OF:
            return _COLUMN_OF[str(part)]
    return "row"
