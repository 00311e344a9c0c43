"""Local time of a zone as arithmetic on epoch seconds, from the pinned `tzdata` and never the system's copy."""

import zoneinfo
from datetime import UTC, date, datetime
from functools import lru_cache

import tzdata  # type: ignore[import-untyped]

from campaigns.intervals import DAY, Intervals, merged

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

TZDATA_VERSION: str = tzdata.IANA_VERSION

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CACHED_DAYS = 2_048


class ZoneClock:
    """One IANA zone; days are numbered from 1970-01-01, exact through gaps and overlaps of the clock."""

    __slots__ = ("_segments", "_starts", "_zone", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._zone = zoneinfo.ZoneInfo(name)
        self._segments: dict[int, tuple[tuple[int, int], ...]] = {}
        self._starts: dict[int, int] = {}

    def local_day(self, instant: float) -> int:
        """The number of the local calendar day at an instant."""
        return int((instant + self._offset_at(instant)) // DAY)

    def local_second(self, instant: float) -> float:
        """The seconds the wall clock shows since its midnight, fractions kept."""
        return (instant + self._offset_at(instant)) % DAY

    def day_start(self, day: int) -> int:
        """The first instant that bears a local date; of the next date where a date was left out."""
        start = self._starts.get(day)
        if start is None:
            start = self._find_start(day)
            if len(self._starts) >= _CACHED_DAYS:
                self._starts.clear()
            self._starts[day] = start
        return start

    def signature(self, utc_day: int) -> tuple[tuple[int, int], ...]:
        """Alike for two zones whose clocks agree from two days before a UTC day to two days after it."""
        return sum((self._segments_of(day) for day in range(utc_day - 2, utc_day + 3)), ())

    def spans(self, day: int, start: int, end: int) -> Intervals:
        """The instants of a local day whose wall clock shows [start, end), in seconds after midnight."""
        midnight = day * DAY
        around = self._segments_of(day - 1), self._segments_of(day), self._segments_of(day + 1)
        if len(around[0]) == len(around[1]) == len(around[2]) == 1 and around[0][0][1] == around[2][0][1]:
            offset = around[0][0][1]
            return ((midnight + start - offset, midnight + end - offset),)
        found = []
        for utc_day in (day - 1, day, day + 1):
            segments = self._segments_of(utc_day)
            for index, (since, offset) in enumerate(segments):
                until = segments[index + 1][0] if index + 1 < len(segments) else (utc_day + 1) * DAY
                first = max(since, midnight + start - offset)
                last = min(until, midnight + end - offset)
                if first < last:
                    found.append((first, last))
        return merged(found)

    def _find_start(self, day: int) -> int:
        spans = self.spans(day, 0, DAY)
        return spans[0][0] if spans else self.day_start(day + 1)

    def _offset_at(self, instant: float) -> int:
        segments = self._segments_of(int(instant // DAY))
        if len(segments) > 1 and instant >= segments[1][0]:
            return segments[1][1]
        return segments[0][1]

    def _segments_of(self, utc_day: int) -> tuple[tuple[int, int], ...]:
        segments = self._segments.get(utc_day)
        if segments is None:
            segments = self._find_segments(utc_day)
            if len(self._segments) >= _CACHED_DAYS:
                self._segments.clear()
            self._segments[utc_day] = segments
        return segments

    def _find_segments(self, utc_day: int) -> tuple[tuple[int, int], ...]:
        """(start, UTC offset) of each stretch of a UTC day; no zone changes its clock twice in one."""
        start = utc_day * DAY
        before, after = self._utc_offset(start), self._utc_offset(start + DAY - 1)
        if before == after:
            return ((start, before),)
        low, high = start, start + DAY - 1
        while high - low > 1:
            middle = (low + high) // 2
            if self._utc_offset(middle) == before:
                low = middle
            else:
                high = middle
        return ((start, before), (high, after))

    def _utc_offset(self, instant: int) -> int:
        offset = datetime.fromtimestamp(instant, UTC).astimezone(self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=1_024)
def zone_clock(name: str) -> ZoneClock | None:
    """The clock of an IANA zone, None for a name that tzdata does not know."""
    try:
        return ZoneClock(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def day_number(day: date) -> int:
    """A date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


def date_of(day: int) -> date:
    """The date of a day's number."""
    return date.fromordinal(day + _EPOCH_DAY)


def weekday(day: int) -> int:
    """Monday is 0."""
    return (day + 3) % 7
