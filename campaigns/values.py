"""The small texts of the campaign language: durations, days from the due date, hours, percentages, names."""

import re
from datetime import date, time, timedelta
from decimal import Decimal

from schemas.told import told

DURATION = told("a duration such as 30m, 4h or 3d", "una duración como 30m, 4h o 3d")
AT = told("due_date, due_date - 3d or due_date + 1d", "due_date, due_date - 3d o due_date + 1d")
BETWEEN = told(
    'hours of one day such as "09:00-12:00", the first before the second',
    'horas de un día como "09:00-12:00", la primera antes que la segunda',
)
PERCENT = told("a percentage below 100 such as 5%", "un porcentaje menor que 100, como 5%")
DATE = told("a date such as 2026-01-31", "una fecha como 2026-01-31")
NAME = told(
    "a name of letters, digits, '-', '_' and '.' (64 at most)",
    "un nombre de letras, cifras, '-', '_' y '.' (64 como máximo)",
)
CREDITOR = told(
    "a creditor's ref: letters, digits, '-', '_', '.' and ':' (64 at most)",
    "la clave de un acreedor: letras, cifras, '-', '_', '.' y ':' (64 como máximo)",
)
LANGUAGE = told("a language tag such as es or es-MX", "un idioma como es o es-MX")
TEMPLATE = told(
    "a template's name: letters, digits, '-' and '_'", "el nombre de una plantilla: letras, cifras, '-' y '_'"
)

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
