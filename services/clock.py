"""The one place that reads the wall clock; everything else is handed a Clock or an instant."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from services.settings import Settings


class Clock(Protocol):
    """What time it is, for rules (`now`, aware UTC) and for durations (`monotonic`, seconds)."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring durations."""


class SystemClock:
    """The machine's own time."""

    __slots__ = ()

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class RehearsalClock:
    """Reads `start` when it is made and runs on from there in real time."""

    __slots__ = ("_origin", "_start")

    def __init__(self, start: datetime) -> None:
        self._start = _utc(start)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The rehearsed instant, aware, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._origin)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class FakeClock:
    """Stands still until told to advance; for tests and simulations."""

    __slots__ = ("_elapsed", "_start")

    def __init__(self, start: datetime) -> None:
        self._start = _utc(start)
        self._elapsed = timedelta(0)

    def now(self) -> datetime:
        """The instant it was advanced to, aware, in UTC."""
        return self._start + self._elapsed

    def monotonic(self) -> float:
        """Seconds advanced since it was made."""
        return self._elapsed.total_seconds()

    def advance(self, by: timedelta) -> datetime:
        """Move on by a positive duration and return the new instant; raises ValueError for a step back."""
        if by < timedelta(0):
            raise ValueError("a clock only goes forward; give a duration of zero or more")
        self._elapsed += by
        return self.now()


def clock_from(settings: Settings) -> Clock:
    """The clock these settings ask for: rehearsed where PUNTUAL_NOW is set, else the machine's."""
    return SystemClock() if settings.now is None else RehearsalClock(settings.now)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone, for example 2026-11-24T15:00:00+00:00")
    return instant.astimezone(UTC)
