"""Closed dates of a pack: the pinned `holidays` library with the pack's corrections, always in one language."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays
from dateutil.easter import easter  # type: ignore[import-untyped]

from campaigns.pack_model import Calendar, Closure

HOLIDAYS_VERSION: str = version("holidays")


def known_subdivision(calendar: Calendar, name: str | None) -> str | None:
    """The name where the calendar has holidays of that part of the country, else None."""
    return name if calendar.subdivisions and name in _subdivisions(calendar.country) else None


def parts_of(calendar: Calendar) -> tuple[str | None, ...]:
    """The whole country, and each part of it whose own holidays the calendar has."""
    return (None, *sorted(_subdivisions(calendar.country))) if calendar.subdivisions else (None,)


def holiday_dates(calendar: Calendar, subdivision: str | None, years: range) -> frozenset[date]:
    """The officially observed public holidays of some years, those of a known subdivision added."""
    found = _library_dates(calendar.country, calendar.language, calendar.categories, subdivision, years)
    return (found | frozenset(calendar.extra)) - frozenset(calendar.remove)


def closed_dates(closure: Closure, public: Iterable[date], years: range) -> frozenset[date]:
    """Every date of some years that one closure closes, given the calendar's public holidays."""
    closed = set(closure.on)
    if closure.holidays:
        closed.update(public)
    for year in years:
        closed.update(date.fromisoformat(f"{year}-{day}") for day in closure.yearly if _exists(year, day))
        closed.update(easter(year) + timedelta(days=days) for days in closure.from_easter)
    return frozenset(closed)


def golden_faults(calendar: Calendar) -> list[str]:
    """What differs between the golden dates of a calendar and what it gives; `extra` dates need not be golden."""
    faults = []
    for year, golden in calendar.golden.items():
        days = holiday_dates(calendar, None, range(int(year), int(year) + 1))
        given = {f"{day:%Y-%m-%d}" for day in days if day.year == int(year)}
        expected = {f"{year}-{day}" for day in golden}
        added = {f"{day:%Y-%m-%d}" for day in calendar.extra}
        faults += [f"{day} is expected and missing" for day in sorted(expected - given)]
        faults += [f"{day} is not expected" for day in sorted(given - expected - added)]
    return faults


def _library_dates(
    country: str, language: str, categories: tuple[str, ...], subdivision: str | None, years: range
) -> frozenset[date]:
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision, years=years, language=language, categories=categories)
    )


@lru_cache(maxsize=64)
def _subdivisions(country: str) -> frozenset[str]:
    return frozenset(holidays.country_holidays(country).subdivisions)


def _exists(year: int, day: str) -> bool:
    try:
        date.fromisoformat(f"{year}-{day}")
    except ValueError:
        return False
    return True
