"""One debtor from a file: a snapshot or events in JSON, or the rows of a portfolio."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from schemas import strict_json
from schemas.dead_letter import BadRecord
from schemas.debtor_events import DebtorLoan, DebtorUpserted
from schemas.events_base import InboundEvent
from schemas.inbound import INBOUND
from schemas.lending_events import AmountParts, InstallmentDue
from schemas.money import Money

_MADE_UP_DAYS = 3
_MADE_UP_NUMBER = 7
_MADE_UP_AMOUNT = Decimal("1050.50")


class DebtorFileProblem(Exception):
    """Why a debtor can't be read: file, line and what to do; never a value."""


def read_debtor_json(path: Path) -> list[InboundEvent]:
    """The events in a file: one object, a list of them, or one a line; the snapshot comes first."""
    text = _text(path)
    events = [_event(document, path, text) for document in _documents(path, text)]
    snapshots = [event for event in events if isinstance(event, DebtorUpserted)]
    if len(snapshots) != 1:
        raise DebtorFileProblem(f"{path}:1: there are {len(snapshots)} debtor snapshots; give one")
    return [*snapshots, *(event for event in events if event is not snapshots[0])]


def with_installments(events: list[InboundEvent], *, today: date, currency: str) -> tuple[list[InboundEvent], bool]:
    """The events with one for each loan that has no installment yet; True where amounts and dates had to be made up."""
    snapshot = events[0]
    assert isinstance(snapshot, DebtorUpserted)
    told = {event.loan_ref for event in events if isinstance(event, InstallmentDue)}
    added, made_up = [], False
    for loan in snapshot.loans:
        if loan.loan_ref not in told:
            made_up = made_up or loan.next_due_date is None or loan.next_amount_due is None
            added.append(_next_installment(snapshot.debtor_ref, loan, today, currency))
    return [*events, *added], made_up


def _next_installment(debtor_ref: str, loan: DebtorLoan, today: date, currency: str) -> InstallmentDue:
    known = loan.total_outstanding or loan.overdue_amount
    amount = loan.next_amount_due or Money(_MADE_UP_AMOUNT, known.currency if known else currency)
    return InstallmentDue(
        debtor_ref=debtor_ref,
        loan_ref=loan.loan_ref,
        installment_number=loan.installment_number or _MADE_UP_NUMBER,
        due_date=loan.next_due_date or today + timedelta(days=_MADE_UP_DAYS),
        amount_due=AmountParts(total=amount),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise DebtorFileProblem(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DebtorFileProblem(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None


def _documents(path: Path, text: str) -> list[Any]:
    try:
        whole = strict_json.loads(text.encode())
    except BadRecord as error:
        return _lines(path, text, error)
    return whole if isinstance(whole, list) else [whole]


def _lines(path: Path, text: str, error: BadRecord) -> list[Any]:
    """A document a line; where the first line is none, the fault is that of the whole."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(strict_json.loads(line.encode()))
            except BadRecord as fault:
                told, place = (fault, number) if found else (error, 1)
                raise DebtorFileProblem(f"{path}:{place}: {told.message}") from None
    return found


def _event(document: Any, path: Path, text: str) -> InboundEvent:
    if not isinstance(document, dict):
        raise DebtorFileProblem(f"{path}:1: a debtor is a JSON object, as in a debtor.upserted event")
    kind, data = document.get("type"), document.get("data", document)
    if kind is not None and kind not in INBOUND:
        raise DebtorFileProblem(f"{path}:{_line(text, 'type')}: type: no event of that name is known")
    model = INBOUND[kind] if kind is not None else DebtorUpserted
    try:
        return model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        names = [part for part in fault["loc"] if isinstance(part, str)]
        line = _line(text, names[-1]) if names else 1
        raise DebtorFileProblem(f"{path}:{line}: {place}: {fault['msg'].removeprefix('Value error, ')}") from None


def _line(text: str, name: str) -> int:
    """The line where a member is first named, 1 where it is missing."""
    at = text.find(f'"{name}"')
    return text.count("\n", 0, max(at, 0)) + 1
