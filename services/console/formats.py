"""Numbers, money and instants as a reader of a language in a time zone writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_currency, format_decimal, format_percent

from services.explanation_words import Language

_LOCALES: Mapping[Language, str] = {Language.ES: "es_MX", Language.EN: "en_US"}
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes values; None is written as a dash."""

    language: Language
    zone: ZoneInfo

    def number(self, value: int | float | Decimal | None) -> str:
        """12,345.6"""
        return NOTHING if value is None else str(format_decimal(value, locale=self._locale))

    def share(self, value: float | None) -> str:
        """A share from 0 to 1, as 12.3 %."""
        return NOTHING if value is None else str(format_percent(value, format="#,##0.0%", locale=self._locale))

    def money(self, value: Decimal | None, currency: str | None) -> str:
        """An amount with its currency's code."""
        if value is None:
            return NOTHING
        if currency is None:
            return self.number(value)
        return str(format_currency(value, currency, format="#,##0.00 ¤¤", locale=self._locale))

    def instant(self, at: datetime | None) -> str:
        """Day and time in the reader's zone."""
        if at is None:
            return NOTHING
        return str(format_datetime(at, "d MMM y, HH:mm", tzinfo=self.zone, locale=self._locale))

    def second(self, at: datetime | None) -> str:
        """Time of day with seconds in the reader's zone."""
        return NOTHING if at is None else str(format_time(at, "HH:mm:ss", tzinfo=self.zone, locale=self._locale))

    def minute(self, at: datetime) -> str:
        """Time of day in the reader's zone."""
        return str(format_time(at, "HH:mm", tzinfo=self.zone, locale=self._locale))

    def contact(self, at: datetime | None, debtor_zone: str | None) -> str:
        """Day and time in the reader's zone, and the debtor's own time where that differs."""
        if at is None or debtor_zone is None:
            return self.instant(at)
        there = ZoneInfo(debtor_zone)
        if at.astimezone(there).utcoffset() == at.astimezone(self.zone).utcoffset():
            return self.instant(at)
        place = get_timezone_location(there, locale=self._locale, return_city=True)
        local = format_datetime(at, "d MMM, HH:mm", tzinfo=there, locale=self._locale)
        return f"{self.instant(at)} ({place}: {local})"

    def day(self, value: date | None) -> str:
        """A date."""
        return NOTHING if value is None else str(format_date(value, "d MMM y", locale=self._locale))

    def lasting(self, seconds: float | None) -> str:
        """A duration, roughly."""
        if seconds is None:
            return NOTHING
        return str(
            format_timedelta(timedelta(seconds=seconds), granularity="second", threshold=1.2, locale=self._locale)
        )

    @property
    def _locale(self) -> str:
        return _LOCALES[self.language]
