"""Instants and dates as events write them: RFC 3339 with an offset, ISO calendar dates, local HH:MM."""

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


def instant(value: object) -> datetime:
    """An aware UTC datetime (microseconds, the rest cut off); ValueError for anything but RFC 3339 text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be an RFC 3339 time with an offset, like 2026-11-21T06:00:00Z")
    try:
        at = datetime.fromisoformat(value.upper())
        return at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("is not a real time") from None


def calendar_date(value: object) -> date:
    """A date of the calendar; ValueError for anything but YYYY-MM-DD."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("must be an ISO date, like 2026-11-24")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a real date") from None


def clock(value: object) -> time:
    """A local time of day; ValueError for anything but HH:MM."""
    if type(value) is time:
        return value
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("must be a local time, like 18:00")
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a real time of day") from None


def text(at: datetime) -> str:
    """RFC 3339 in UTC with a Z."""
    return _utc_text(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=1_024)
def _utc_text(at: datetime) -> str:
    """Much is written of the same instant: now, the hour at which a day's messages begin."""
    return at.isoformat()[:-6] + "Z"
