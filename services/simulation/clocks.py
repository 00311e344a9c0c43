"""Time zones by what their clocks show: over the simulated days two zones of the same offsets are as good as one."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.simulation.engine import Span

_HOUR, _QUARTER_DAY = timedelta(hours=1), timedelta(hours=6)
_NEAR, _FAR = timedelta(days=60), timedelta(days=800)


def clock_of(name: str | None, span: Span) -> tuple[Any, ...] | None:
    """What tells this zone from others: its offsets, hour by hour around the span, and roughly for years about it."""
    if name is None:
        return None
    zone = ZoneInfo(name)
    start = datetime.combine(span.start, time(), UTC)
    end = start + timedelta(days=span.days)
    near = _offsets(zone, start - _NEAR, end + _NEAR, _HOUR)
    return near, _offsets(zone, start - _FAR, end + _FAR, _QUARTER_DAY)


def _offsets(zone: ZoneInfo, since: datetime, until: datetime, step: timedelta) -> tuple[timedelta | None, ...]:
    """The offsets in force, each with where it begins among the steps."""
    found: list[timedelta | None] = []
    at, last = since, None
    place = 0
    while at < until:
        offset = zone.utcoffset(at.astimezone(zone))
        if offset != last:
            found += [timedelta(place), offset]
            last = offset
        at, place = at + step, place + 1
    return tuple(found)
