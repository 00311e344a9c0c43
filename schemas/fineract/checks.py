"""Plausibility of a payload whose writer's schema we have never seen: read by prefix, then looked at."""

import re
from collections.abc import Iterator
from typing import Any

from schemas import rfc3339
from schemas.dead_letter import BadRecord, DeadLetterReason

_CURRENCY = re.compile("[A-Z]{3}")
_DATES = ("installmentDueDate", "date", "delinquentDate", "activationDate")


def check_plausible(fields: dict[str, Any], aggregate: int | None) -> None:
    """Raise BadRecord(unknown_schema) unless id, currencies, dates and amounts are what they should be."""
    transaction = fields.get("transactionToAdjust") or fields
    own = transaction.get("loanId", transaction.get("id"))
    if own is None or own != aggregate:
        raise _implausible("its id is not the record's key")
    for name, value in _leaves(fields):
        _check_leaf(name, value)


def _check_leaf(name: str, value: Any) -> None:
    if isinstance(value, bytes) and (not value or value[0] & 0x80):
        raise _implausible(f"{name} is not an amount of zero or more")
    if name in _DATES and value is not None:
        _check_date(name, value)


def _check_date(name: str, value: Any) -> None:
    try:
        rfc3339.calendar_date(value)
    except ValueError:
        raise _implausible(f"{name} is not a date") from None


def _leaves(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if name == "currency" and value is not None:
            _check_currency(value)
        if isinstance(value, dict):
            yield from _leaves(value)
        elif isinstance(value, list):
            for item in value:
                yield from _leaves(item)
        else:
            yield name, value


def _check_currency(currency: dict[str, Any]) -> None:
    if not _CURRENCY.fullmatch(currency.get("code") or ""):
        raise _implausible("the currency is not an ISO 4217 code")


def _implausible(what: str) -> BadRecord:
    return BadRecord(DeadLetterReason.UNKNOWN_SCHEMA, f"a writer's schema we do not know, and {what}")
