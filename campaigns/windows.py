"""Permitted hours of one kind of contact in every zone the debtor may be in, compiled to UTC a day at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from campaigns.facts import PreferredWindow, Reason
from campaigns.intervals import DAY, Intervals, ended_earlier, intersected, merged
from campaigns.zones import ZoneClock, weekday
from schemas.enums import Basis

_SEARCHED_DAYS = 400
_REMEMBERED_DAYS = 30
_CHAINED_DAYS = 40
_CACHED_DAYS = 128

Spans = tuple[tuple[int, int], ...]
_WHOLE_DAY: Spans = ((0, DAY),)

PREFERENCE = Reason("preferred-window", Basis.PREFERENCE, "the debtor's own preferred window")


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Open spans of each weekday, Monday first, in seconds after local midnight.

    `effective` are local days by number, first and first no more, None for always.
    """

    reason: Reason
    open: tuple[Spans, ...]
    effective: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ClosureRule:
    """Local days, by number, that are closed throughout."""

    reason: Reason
    days: frozenset[int]
    effective: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class GuardRule:
    """Seconds before the end of the hours that stay unused."""

    reason: Reason
    seconds: int


@dataclass(frozen=True, slots=True)
class CompiledDay:
    """Spans that touch one UTC day: `open` for handing over, `lawful` for what a hand-over must end by."""

    open: Intervals
    lawful: Intervals


Rules = tuple[tuple[HoursRule, ...], tuple[ClosureRule, ...]]
_NO_RULES: Rules = ((), ())


class Windows:
    """The hours of one profile; a UTC day is compiled once and kept in bounded memory.

    Every question takes the debtor's own preferred hours (`preferred_spans`), which only narrow. `elsewhere` are
    clocks that the lender heeds as well, though the law does not ask for it: those of the debtor's numbers.
    """

    __slots__ = (
        *("_always_open", "_clocks", "_days", "_everywhere", "_guard", "_guards", "_hopeless", "_last", "_lawful"),
        "_rules",
    )

    def __init__(
        self,
        clocks: Sequence[ZoneClock],
        *,
        hours: Sequence[HoursRule],
        closures: Sequence[ClosureRule],
        guards: Sequence[GuardRule],
        elsewhere: Sequence[ZoneClock] = (),
    ) -> None:
        self._clocks = tuple(clocks)
        self._everywhere = (*self._clocks, *elsewhere)
        self._rules: Rules = (tuple(hours), tuple(closures))
        self._lawful = _law_alone(self._rules)
        self._guards = tuple(guards)
        self._guard = max((guard.seconds for guard in guards), default=0)
        self._always_open = self._rules == _NO_RULES
        self._days: dict[int, CompiledDay] = {}
        self._hopeless: dict[Spans, int] = {}
        self._last: tuple[float, Spans | None, bool, int | None] | None = None

    def around(self, instant: float, preferred: Spans | None) -> tuple[bool, int | None]:
        """Whether an instant is permitted, and if so the end of the lawful span around it, as `closes` gives it.

        The last answer is kept: a claim asks about one instant for every person in it.
        """
        last = self._last
        if last is None or last[0] != instant or last[1] != preferred:
            is_open = self.next_open(instant, preferred) == instant
            last = (instant, preferred, is_open, self.closes(instant, preferred) if is_open else None)
            self._last = last
        return last[2], last[3]

    def next_open(self, instant: float, preferred: Spans | None) -> float | None:
        """The first permitted instant not before the given one, None where none comes within 400 days."""
        if self._always_open and preferred is None:
            return instant
        first = int(instant // DAY)
        if preferred is not None and 0 <= first - self._hopeless.get(preferred, first + 1) < _REMEMBERED_DAYS:
            return None
        for utc_day in range(first, first + _SEARCHED_DAYS):
            spans = self._day(utc_day).open
            if preferred is not None and spans:
                spans = intersected(spans, _in_every_zone(self._everywhere, utc_day, _NO_RULES, preferred))
            for start, end in spans:
                if instant < end:
                    return instant if start <= instant else start
        self._remember_hopeless(preferred, first)
        return None

    def closes(self, instant: float, preferred: Spans | None) -> int | None:
        """The exclusive end of the lawful span around an instant, None where none comes within 40 days."""
        if self._always_open and preferred is None:
            return None
        utc_day = int(instant // DAY)
        end = self._end_around(utc_day, instant, preferred)
        for _ in range(_CHAINED_DAYS):
            next_midnight = (utc_day + 1) * DAY
            if end is None or end < next_midnight:
                return end
            utc_day += 1
            beyond = self._end_around(utc_day, next_midnight, preferred)
            if beyond is None:
                return end
            end = beyond
        return None

    def why_closed(self, instant: float, preferred: Spans | None) -> list[Reason]:
        """Every rule that forbids an instant in some candidate zone; the guard where nothing else does."""
        reasons: dict[Reason, None] = {}
        hours, closures = self._rules
        for clock in self._everywhere:
            day, second = clock.local_day(instant), clock.local_second(instant)
            for rule in hours:
                if _in_force(rule, day) and not _within(rule.open[weekday(day)], second):
                    reasons[rule.reason] = None
            for closure in closures:
                if day in closure.days and _in_force(closure, day):
                    reasons[closure.reason] = None
            if preferred is not None and not _within(preferred, second):
                reasons[PREFERENCE] = None
        return list(reasons) or [guard.reason for guard in self._guards]

    def _remember_hopeless(self, preferred: Spans | None, day: int) -> None:
        """From that day on a whole searched stretch held no permitted instant; not worth another search soon."""
        if preferred is not None:
            if len(self._hopeless) >= _CACHED_DAYS:
                self._hopeless.clear()
            self._hopeless[preferred] = day

    def _end_around(self, utc_day: int, instant: float, preferred: Spans | None) -> int | None:
        spans = self._day(utc_day).lawful
        if preferred is not None:
            spans = intersected(spans, _in_every_zone(self._clocks, utc_day, _NO_RULES, preferred))
        return next((end for start, end in spans if start <= instant < end), None)

    def _day(self, utc_day: int) -> CompiledDay:
        compiled = self._days.get(utc_day)
        if compiled is None:
            compiled = self._compile(utc_day)
            if len(self._days) >= _CACHED_DAYS:
                self._days.clear()
            self._days[utc_day] = compiled
        return compiled

    def _compile(self, utc_day: int) -> CompiledDay:
        permitted = _in_every_zone(self._everywhere, utc_day, self._rules, _WHOLE_DAY)
        lawful = permitted
        if self._lawful != self._rules or self._everywhere != self._clocks:
            lawful = _in_every_zone(self._clocks, utc_day, self._lawful, _WHOLE_DAY)
        if self._guard and not self._always_open:
            permitted = ended_earlier(permitted, self._guard)
        return CompiledDay(open=_touching(utc_day, permitted), lawful=_touching(utc_day, lawful))


def preferred_spans(preferred: PreferredWindow | None) -> Spans | None:
    """A preferred window in seconds after midnight; one that crosses midnight is two spans, 00:00 to 00:00 all day."""
    if preferred is None:
        return None
    start = preferred.start.hour * 3600 + preferred.start.minute * 60 + preferred.start.second
    end = preferred.end.hour * 3600 + preferred.end.minute * 60 + preferred.end.second
    if end == 0:
        end = DAY
    if start > end:
        return ((0, end), (start, DAY))
    return ((start, end),) if start < end else ()


def _law_alone(rules: Rules) -> Rules:
    """The law's rules; the lender's own where the law sets no hours, so that an end is always known."""
    hours = tuple(rule for rule in rules[0] if rule.reason.basis is Basis.LAW)
    closures = tuple(rule for rule in rules[1] if rule.reason.basis is Basis.LAW)
    return (hours, closures) if hours else rules


def _in_every_zone(clocks: Sequence[ZoneClock], utc_day: int, rules: Rules, local: Spans) -> Intervals:
    """What a UTC day meets is three local dates at most; zones whose clocks agree are looked at once."""
    if len(clocks) > 1:
        clocks = list({clock.signature(utc_day): clock for clock in clocks}.values())
    days = range(utc_day - 1, utc_day + 2)
    return reduce(intersected, [_in_zone(clock, days, rules, local) for clock in clocks])


def _in_zone(clock: ZoneClock, days: range, rules: Rules, local: Spans) -> Intervals:
    hours, closures = rules
    spans: list[tuple[int, int]] = []
    for day in days:
        if any(day in rule.days and _in_force(rule, day) for rule in closures):
            continue
        today = local
        for rule in hours:
            if _in_force(rule, day):
                today = intersected(today, rule.open[weekday(day)])
        for start, end in today:
            spans.extend(clock.spans(day, start, end))
    return merged(spans)


def _in_force(rule: HoursRule | ClosureRule, day: int) -> bool:
    return rule.effective is None or rule.effective[0] <= day < rule.effective[1]


def _touching(utc_day: int, spans: Intervals) -> Intervals:
    return tuple(span for span in spans if span[1] > utc_day * DAY and span[0] < (utc_day + 1) * DAY)


def _within(spans: Spans, second: float) -> bool:
    return any(start <= second < end for start, end in spans)
