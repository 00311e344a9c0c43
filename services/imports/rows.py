"""Rows of a portfolio: one installment of one loan each, or what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from schemas.enums import Channel, ConsentState
from services.imports import values
from services.imports.columns import DECIMAL, REACHABLE, REQUIRED

_CONSENTS = {f"consent_{channel.value}": channel for channel in Channel}
_PARSERS: dict[str, Callable[[str], Any]] = {
    "debtor_ref": values.ref,
    "name": values.name,
    "language": values.language,
    "country": values.country,
    "region": values.region,
    "timezone": values.timezone,
    "phone": values.phone,
    "email": values.email,
    "segment": values.word,
    "tags": values.tags,
    **dict.fromkeys(_CONSENTS, values.consent),
    "preferred_channel": values.channel,
    "loan_ref": values.ref,
    "product": values.word,
    "creditor_ref": values.ref,
    "currency": values.currency,
    "days_past_due": values.days,
    "installment_number": values.whole,
    "due_date": values.day,
    "status": values.status,
}
_FEW = frozenset(_PARSERS) - {"debtor_ref", "name", "phone", "email", "loan_ref"}
"""Columns of few different words, none of them personal: what a word came to serves the next row."""
_MOST_WORDS = 4_096
_DECIMALS: dict[str, Callable[..., Decimal]] = {
    "risk_score": values.amount,
    "total_outstanding": values.amount,
    "overdue_amount": values.owed,
    "amount_due": values.owed,
}


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One good row; `line` counts from 1, the header included. What a cell leaves out is None or empty."""

    line: int
    debtor_ref: str
    loan_ref: str
    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    language: str | None = None
    country: str | None = None
    region: str | None = None
    timezone: str | None = None
    segment: str | None = None
    risk_score: Decimal | None = None
    tags: tuple[str, ...] = ()
    consents: Mapping[Channel, ConsentState] = field(default_factory=dict)
    preferred_channel: Channel | None = None
    product: str | None = None
    creditor_ref: str | None = None
    currency: str | None = None
    total_outstanding: Decimal | None = None
    overdue_amount: Decimal | None = None
    days_past_due: int | None = None
    installment_number: int | None = None
    due_date: date | None = None
    amount_due: Decimal | None = None
    status: str = values.OPEN


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is not used: its line, the column where there is one, and what to do; never the value."""

    line: int
    column: str
    message: str


class RowReader:
    """Turns cells into rows.

    `places` says where our columns stand among the `width` of all, `commas` which have a decimal comma.
    """

    def __init__(self, places: Mapping[str, int], commas: frozenset[str], *, width: int) -> None:
        self._given = (places, commas, width)
        self._width = width
        self._columns = [
            (column, place, self._parser(column, commas), _memory(column)) for column, place in places.items()
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        places, commas, width = self._given
        return partial(RowReader, width=width), (places, commas)

    def debtor_ref(self, cells: Sequence[Any]) -> str:
        """Whose row it is, as far as a glance tells."""
        place = self._given[0].get("debtor_ref", self._width)
        return (values.plain(cells[place]) or "") if place < len(cells) else ""

    def row(self, line: int, cells: Sequence[Any]) -> PortfolioRow | list[RowProblem]:
        """The row, or everything that is wrong with it."""
        if len(cells) > self._width and any(values.plain(cell) is not None for cell in cells[self._width :]):
            message = "has more cells than the first line; put cells that hold a separator into quotes"
            return [RowProblem(line, "", message)]
        found: dict[str, Any] = {}
        problems = []
        for column, place, parse, known in self._columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell == "":
                continue
            if known is not None and isinstance(cell, str) and (value := known.get(cell)) is not None:
                found[column] = value
                continue
            text = values.plain(cell)
            if text is None:
                continue
            try:
                value = found[column] = parse(text, cell)
            except ValueError as error:
                problems.append(RowProblem(line, column, str(error)))
                continue
            if known is not None and isinstance(cell, str) and len(known) < _MOST_WORDS:
                known[cell] = value
        bad = {problem.column for problem in problems}
        problems += [RowProblem(line, column, message) for column, message in _missing(found, bad)]
        return problems or _row(line, found)

    @staticmethod
    def _parser(column: str, commas: frozenset[str]) -> Callable[[str, Any], Any]:
        if column in DECIMAL:
            decimal, with_comma = _DECIMALS[column], partial(_DECIMALS[column], comma=column in commas)
            # A cell that is a number already has no mark of its own.
            return lambda text, cell: with_comma(text) if isinstance(cell, str) else decimal(text, comma=False)
        parse = _PARSERS[column]
        return lambda text, _cell: parse(text)


def _memory(column: str) -> dict[str, Any] | None:
    return {} if column in _FEW else None


def _missing(found: Mapping[str, Any], bad: set[str]) -> list[tuple[str, str]]:
    """What every row needs, and what an installment needs."""
    missing = [(c, "is empty; every row needs it") for c in REQUIRED if c not in found and c not in bad]
    if not any(column in found or column in bad for column in REACHABLE):
        missing.append(("phone", "is empty, and so is email; one of them is needed"))
    if found.get("status", values.OPEN) != values.OPEN or "due_date" in bad or "amount_due" in bad:
        return missing
    overdue = bool(found.get("days_past_due"))
    if "amount_due" not in found and "due_date" in found and not (overdue and "overdue_amount" in found):
        missing.append(("amount_due", "is empty; an installment with a due date needs its amount"))
    if "amount_due" in found and "due_date" not in found and not overdue:
        missing.append(("due_date", "is empty; an installment with an amount needs its due date"))
    return missing


def _row(line: int, found: dict[str, Any]) -> PortfolioRow:
    consents = {channel: found.pop(column) for column, channel in _CONSENTS.items() if column in found}
    return PortfolioRow(line=line, consents=consents, **found)
