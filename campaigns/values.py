"""The small texts of the campaign language: durations, days from the due date, hours, percentages, names."""

import re
from datetime import date, time, timedelta
from decimal import Decimal

DURATION = "a duration such as 30m, 4h or 3d"
AT = "due_date, due_date - 3d or due_date + 1d"
BETWEEN = 'hours of one day such as "09:00-12:00", the first before the second'
PERCENT = "a percentage below 100 such as 5%"
DATE = "a date such as 2026-01-31"
NAME = "a name of letters, digits, '-', '_' and '.' (64 at most)"
CREDITOR = "a creditor's ref: letters, digits, '-', '_', '.' and ':' (64 at most)"
LANGUAGE = "a language tag such as es or es-MX"
TEMPLATE = "a template's name: letters, digits, '-' and '_'"

DURATION_PATTERN = r"^[0-9]{1,6}[mhd]$"
AT_PATTERN = r"^due_date( *[-+] *[0-9]{1,4}d)?$"
BETWEEN_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9] *- *([01][0-9]|2[0-3]):[0-5][0-9]$"
PERCENT_PATTERN = r"^[0-9]{1,2}(\.[0-9]{1,6})? *%$"
DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
CREDITOR_PATTERN = r"^[A-Za-z0-9_.:-]{1,64}$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
TEMPLATE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=3660)


def duration(text: str) -> timedelta | None:
    """The time of `30m`, `4h` or `3d`; None for anything else, for zero and for more than ten years."""
    if not re.fullmatch(DURATION_PATTERN, text):
        return None
    found = int(text[:-1]) * _UNITS[text[-1]]
    return found if timedelta(0) < found <= _LONGEST else None


def days_from_due(text: str) -> int | None:
    """The days of `due_date`, `due_date - 3d` or `due_date + 1d`."""
    if not re.fullmatch(AT_PATTERN, text):
        return None
    offset = text.removeprefix("due_date").replace(" ", "").removesuffix("d")
    days = int(offset or 0)
    return days if abs(days) <= _LONGEST.days else None


def hours(text: str) -> tuple[time, time] | None:
    """The start (inclusive) and end (exclusive) of `09:00-12:00`."""
    if not re.fullmatch(BETWEEN_PATTERN, text):
        return None
    start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    return (start, end) if start < end else None


def percent(text: str) -> Decimal | None:
    """The number of `5%` or `2.5%`, below 100."""
    return Decimal(text.rstrip("% ")) if re.fullmatch(PERCENT_PATTERN, text) else None


def calendar_date(text: str) -> date | None:
    """An ISO date that exists."""
    if not re.fullmatch(DATE_PATTERN, text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def name(text: str) -> str | None:
    """A name as campaigns and steps have."""
    return text if re.fullmatch(NAME_PATTERN, text) else None


def creditor(text: str) -> str | None:
    """The ref of a lender, as in the creditors file."""
    return text if re.fullmatch(CREDITOR_PATTERN, text) else None


def language(text: str) -> str | None:
    """A BCP-47 tag of a language and, where given, a region."""
    return text if re.fullmatch(LANGUAGE_PATTERN, text) else None


def template(text: str) -> str | None:
    """A template's name, which is part of a file name."""
    return text if re.fullmatch(TEMPLATE_PATTERN, text) else None
