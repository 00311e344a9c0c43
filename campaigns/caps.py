"""Caps and spacings over earlier contacts: what blocks an instant, and when the next one may come."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from campaigns.facts import ContactFact, Reason
from campaigns.pack_model import Within
from campaigns.zones import ZoneClock, weekday
from schemas.enums import Channel

LOOKBACK = timedelta(days=9)

_WEEK_SECONDS = 168 * 3600.0
_HALF_MICROSECOND = 5e-7
_NOT_SENT = "not_sent"
_FIRST = itemgetter(0)


Stamp = tuple[float, Channel, str | None, bool]
"""One earlier contact: epoch seconds, channel, loan, whether the debtor was spoken with."""


@dataclass(frozen=True, slots=True)
class CapRule:
    """At most `maximum` contacts on the counted channels (None: all) in each of the spans.

    `effective` are local days by number, first and first no more, None for always.
    """

    reason: Reason
    maximum: int
    within: tuple[Within, ...]
    counted: frozenset[Channel] | None
    per_loan: bool
    effective: tuple[int, int] | None = None

    def free_from(self, instant: float, stamps: Sequence[float], clocks: Sequence[ZoneClock]) -> float:
        """The instant itself where the cap permits it, else a later one at which it must be asked again."""
        if len(stamps) < self.maximum:
            return instant
        later = instant
        for within in self.within:
            if within is Within.ROLLING_168H:
                asked = self._after_rolling(instant, stamps)
            else:
                asked = self._after_calendar(instant, stamps, clocks, within)
            if asked > later:
                later = asked
        return later

    def _after_rolling(self, instant: float, stamps: Sequence[float]) -> float:
        first = bisect_right(stamps, instant - _WEEK_SECONDS + _HALF_MICROSECOND)
        beyond = bisect_left(stamps, instant + _WEEK_SECONDS - _HALF_MICROSECOND)
        return instant if beyond - first < self.maximum else stamps[first] + _WEEK_SECONDS

    def _after_calendar(
        self, instant: float, stamps: Sequence[float], clocks: Sequence[ZoneClock], within: Within
    ) -> float:
        later = instant
        for clock in clocks:
            day = clock.local_day(instant)
            days = 1
            if within is Within.ISO_WEEK:
                day, days = day - weekday(day), 7
            end = clock.day_start(day + days)
            counted = bisect_left(stamps, end) - bisect_left(stamps, clock.day_start(day))
            if counted >= self.maximum and end > later:
                later = end
        return later


@dataclass(frozen=True, slots=True)
class SpacingRule:
    """A contact's local date lies at least `days` after (or before) that of any other counted one.

    `conversations`: only contacts in which the debtor was spoken with are counted.
    """

    reason: Reason
    days: int
    counted: frozenset[Channel] | None
    per_loan: bool = False
    conversations: bool = False
    effective: tuple[int, int] | None = None

    def free_from(self, instant: float, stamps: Sequence[float], clocks: Sequence[ZoneClock]) -> float:
        """The instant itself where the spacing permits it, else the start of a later local day.

        Of the contacts that are too near only the last one matters.
        """
        later = instant
        for clock in clocks:
            day = clock.local_day(instant)
            last = bisect_left(stamps, clock.day_start(day + self.days)) - 1
            if last >= 0 and stamps[last] >= clock.day_start(day - self.days + 1):
                later = max(later, clock.day_start(clock.local_day(stamps[last]) + self.days))
        return later


LimitRule = CapRule | SpacingRule
Counted = Sequence[tuple[LimitRule, list[float]]]


class Limits:
    """The caps and spacings of one profile, asked about one person's contacts."""

    __slots__ = ("_clocks", "_rules")

    def __init__(self, clocks: Sequence[ZoneClock], rules: Iterable[LimitRule]) -> None:
        self._clocks = tuple(clocks)
        self._rules = tuple(rules)

    def counted(self, history: Iterable[ContactFact], at: datetime, loan: str | None) -> Counted:
        """Each rule that counts any contact, with those it counts, oldest first; contacts long past are left out."""
        floor = at - LOOKBACK
        recent = [contact for contact in history if contact.at > floor and contact.state != _NOT_SENT]
        if not recent:
            return ()
        stamps = [(each.at.timestamp(), each.channel, each.loan, each.conversation) for each in recent]
        stamps.sort(key=_FIRST)
        pairs = [(rule, _counted(rule, stamps, loan)) for rule in self._rules]
        return tuple(pair for pair in pairs if pair[1])

    def free_from(self, instant: float, counted: Counted) -> float:
        """The instant itself where every rule permits it, else a later one to ask about again."""
        later = instant
        for rule, stamps in counted:
            later = max(later, self._asked(rule, instant, stamps))
        return later

    def reasons(self, instant: float, counted: Counted) -> list[Reason]:
        """The rules that forbid an instant."""
        return [rule.reason for rule, stamps in counted if self._asked(rule, instant, stamps) > instant]

    def _asked(self, rule: LimitRule, instant: float, stamps: Sequence[float]) -> float:
        if rule.effective is not None:
            days = [clock.local_day(instant) for clock in self._clocks]
            if max(days) < rule.effective[0] or min(days) >= rule.effective[1]:
                return instant
        return rule.free_from(instant, stamps, self._clocks)


def _counted(rule: LimitRule, stamps: Sequence[Stamp], loan: str | None) -> list[float]:
    """A contact without a loan, or a question without one, counts for every loan."""
    channels = rule.counted
    if rule.per_loan and loan is not None:
        stamps = [stamp for stamp in stamps if stamp[2] is None or stamp[2] == loan]
    if isinstance(rule, SpacingRule) and rule.conversations:
        stamps = [stamp for stamp in stamps if stamp[3]]
    if channels is None:
        return [stamp[0] for stamp in stamps]
    return [stamp[0] for stamp in stamps if stamp[1] in channels]
