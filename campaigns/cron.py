"""Calendars of five fields (minute, hour, day of month, month, day of week) that come at most once a day."""

import calendar
from dataclasses import dataclass, field
from datetime import date, time

from schemas.told import Told, told

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAY_NAMES)}
_MINUTE, _HOUR, _DAY = told("minute", "minuto"), told("hour", "hora"), told("day", "día")
_MONTH, _WEEKDAY = told("month", "mes"), told("weekday", "día de la semana")
_LONGEST_MONTHS = {month: calendar.monthrange(2024, month)[1] for month in range(1, 13)}


class CronError(ValueError):
    """The text is no calendar that we run; the message says which field and why."""

    def __init__(self, message: Told) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Cron:
    """A local time of day, and the dates it comes on; weekdays count from Sunday as 0."""

    text: str
    at: time
    days: frozenset[int] = field(repr=False)
    months: frozenset[int] = field(repr=False)
    weekdays: frozenset[int] = field(repr=False)
    either_day: bool = field(repr=False)

    def matches(self, day: date) -> bool:
        """Whether it comes on this date; two restricted day fields are joined by "or", as in every cron."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (in_month or in_week) if self.either_day else (in_month and in_week)


def parse_cron(text: str) -> Cron:
    """The calendar of a text such as `0 10 1 * *`; raises CronError."""
    fields = text.split()
    if len(fields) != 5:
        message = told(
            "a cron has 5 fields (minute hour day month weekday), this one has {count}",
            "un cron tiene 5 campos (minuto hora día mes día-de-semana), este tiene {count}",
            count=len(fields),
        )
        raise CronError(message)
    minute, hour, day, month, weekday = fields
    days, months = _numbers(day, _DAY, 1, 31), _numbers(month, _MONTH, 1, 12, _MONTHS)
    weekdays = frozenset(number % 7 for number in _numbers(weekday, _WEEKDAY, 0, 7, _WEEKDAYS))
    either_day = not day.startswith("*") and not weekday.startswith("*")
    if not either_day and all(min(days) > _LONGEST_MONTHS[number] for number in months):
        english = "no month of this cron has such a day, so it never comes"
        raise CronError(told(english, "ningún mes de este cron tiene ese día, así que nunca llega"))
    at = time(_single(hour, _HOUR, 23), _single(minute, _MINUTE, 59))
    return Cron(text, at, days, months, weekdays, either_day)


def _single(text: str, name: Told, highest: int) -> int:
    numbers = _numbers(text, name, 0, highest)
    if len(numbers) > 1:
        english = "the {name} must be one number: a campaign comes at most once a day"
        spanish = "{name}: debe ser un solo número: una campaña llega a lo más una vez al día"
        raise CronError(told(english, spanish, name=name))
    return min(numbers)


def _numbers(text: str, name: Told, low: int, high: int, names: dict[str, int] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        found.update(_range(part, name, low, high, names or {}))
    return frozenset(found)


def _range(part: str, name: Told, low: int, high: int, names: dict[str, int]) -> range:
    span, slash, step_text = part.partition("/")
    step = _number(step_text, name, 1, high, {}) if slash else 1
    if span == "*":
        return range(low, high + 1, step)
    first_text, dash, last_text = span.partition("-")
    first = _number(first_text, name, low, high, names)
    last = _number(last_text, name, low, high, names) if dash else (high if slash else first)
    if last < first:
        english, spanish = "the range {span!r} of the {name} runs backwards", "{name}: el rango {span!r} va al revés"
        raise CronError(told(english, spanish, span=span, name=name))
    return range(first, last + 1, step)


def _number(text: str, name: Told, low: int, high: int, names: dict[str, int]) -> int:
    number = names.get(text.lower(), -1)
    if number < 0 and text.isascii() and text.isdigit() and len(text) <= 2:
        number = int(text)
    if not low <= number <= high:
        english, spanish = (
            "the {name} must be from {low} to {high}, not {text!r}",
            "{name}: debe ser de {low} a {high}, no {text!r}",
        )
        raise CronError(told(english, spanish, name=name, low=low, high=high, text=text))
    return number
