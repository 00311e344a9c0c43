"""Cells of a portfolio as values: every fault is a ValueError that tells what to write, never what was there."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from schemas.enums import Channel, ConsentState
from schemas.events_base import is_ref
from schemas.lending_words import LoanStatus

OPEN, PAID = "open", "paid"
ENDS = tuple(item.value for item in LoanStatus if item is not LoanStatus.ACTIVE)
_OPEN_WORDS = frozenset({"open", "due", "overdue", "pending", "active"})
_YES = frozenset({"yes", "y", "true", "1", "si", "sí", "sim"})
_NO = frozenset({"no", "n", "false", "0", "não", "nao"})
_POINT = re.compile(r"-?\d{1,19}(\.\d{1,8})?")
_COMMA = re.compile(r"-?\d{1,19}(,\d{1,8})?")
_WHOLE = re.compile(r"\d{1,9}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_PHONE = re.compile(r"\+?[\d\s().\-/\u00a0\u2010-\u2015]{7,39}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00(\.0+)?)?)?")
_EXCEL_DIGITS = 15


def plain(cell: Any) -> str | None:
    """A cell as trimmed text, whatever its type was; None for an empty one."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        cell = Decimal(f"{cell:.{_EXCEL_DIGITS}g}")
    if isinstance(cell, Decimal):
        return format(cell.to_integral_value() if cell == cell.to_integral_value() else cell.normalize(), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list | tuple):
        return ";".join(str(item) for item in cell if item is not None) or None
    return str(cell).strip() or None


def ref(text: str) -> str:
    """A reference."""
    if not is_ref(text):
        raise ValueError("must be 1 to 128 printable characters")
    return text


def name(text: str) -> str:
    """A person's name."""
    if len(text) > 200 or not text.isprintable():
        raise ValueError("must be up to 200 printable characters")
    return text


def word(text: str) -> str:
    """A short text."""
    return name(text)


def language(text: str) -> str:
    """A BCP-47 tag."""
    tag = text.replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("must be a language tag, like es-MX")
    return tag


def country(text: str) -> str:
    """An ISO 3166-1 code."""
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise ValueError("must be a country of two letters, like MX")
    return text.upper()


def region(text: str) -> str:
    """An ISO 3166-2 code."""
    if not _REGION.fullmatch(text.upper()):
        raise ValueError("must be an ISO 3166-2 region, like MX-JAL")
    return text.upper()


def timezone(text: str) -> str:
    """An IANA zone."""
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError):
        raise ValueError("must be a time zone, like America/Mexico_City") from None


def phone(text: str) -> str:
    """A number as people write it; where it leads is looked at later."""
    if not _PHONE.fullmatch(text):
        raise ValueError("must be a phone number; a spreadsheet shows long ones like 5.5E+11, so make the column text")
    return text


def email(text: str) -> str:
    """A mailbox."""
    if len(text) > 254 or text.count("@") != 1 or not text.isprintable() or any(mark in text for mark in " ,;<>"):
        raise ValueError("must be one mailbox, like maria@example.test")
    return text


def tags(text: str) -> tuple[str, ...]:
    """Words separated by semicolons."""
    return tuple(word(tag) for item in text.split(";") if (tag := item.strip()))


def consent(text: str) -> ConsentState:
    """Yes or no."""
    if text.lower() in _YES:
        return ConsentState.GRANTED
    if text.lower() in _NO:
        return ConsentState.DENIED
    raise ValueError("must be yes, no or empty")


def channel(text: str) -> Channel:
    """A way to reach the debtor."""
    try:
        return Channel(text.lower())
    except ValueError:
        raise ValueError(f"must be one of {', '.join(Channel)}") from None


def currency(text: str) -> str:
    """An ISO 4217 code."""
    if not re.fullmatch("[A-Za-z]{3}", text):
        raise ValueError("must be a currency of three letters, like MXN")
    return text.upper()


def amount(text: str, *, comma: bool) -> Decimal:
    """A decimal with a point, or with a comma where the whole column has one."""
    if comma and _COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if not comma and _POINT.fullmatch(text):
        return Decimal(text)
    mark = "comma, as the rest of the column" if comma else "point"
    raise ValueError(f"must be a number with a decimal {mark}, without thousands separators or signs of currency")


def owed(text: str, *, comma: bool) -> Decimal:
    """An amount that is not negative."""
    found = amount(text, comma=comma)
    if found < 0:
        raise ValueError("must not be negative")
    return found


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("must be a whole number, 0 or more")
    return int(text)


def days(text: str) -> int:
    """A number of days, up to a hundred years."""
    found = whole(text)
    if found > 36_500:
        raise ValueError("must be a number of days, 0 to 36500")
    return found


def day(text: str) -> date:
    """An ISO date; a midnight after it is what spreadsheets add."""
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise ValueError("must be an ISO date, like 2026-11-24") from None


def status(text: str) -> str:
    """`open`, `paid`, or a loan's end."""
    folded = text.lower()
    if folded in _OPEN_WORDS:
        return OPEN
    if folded == PAID or folded in ENDS:
        return folded
    raise ValueError(f"must be {OPEN}, {PAID}, {', '.join(ENDS)}, or empty")
