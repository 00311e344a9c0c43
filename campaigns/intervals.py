"""Sets of half-open spans of whole seconds since the Unix epoch, kept as sorted tuples of (start, end)."""

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

DAY = 86_400


def merged(spans: Iterable[Interval]) -> Intervals:
    """The same instants as the spans, sorted, with touching and overlapping ones joined."""
    joined: list[Interval] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def intersected(left: Intervals, right: Intervals) -> Intervals:
    """The instants that lie in both sets."""
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            common.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(common)


def ended_earlier(spans: Intervals, seconds: int) -> Intervals:
    """Every span cut short at its end by so many seconds; spans not longer than that vanish."""
    return tuple((start, end - seconds) for start, end in spans if end - seconds > start)
