"""Counts what happened in a simulation; tallies of parts of a portfolio add up to that of the whole."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.simulation.happenings import (
    Deferred,
    Ended,
    HandedToPeople,
    Happening,
    HeldOut,
    Sent,
    StillPlanned,
    Unrendered,
)

MOST_NAMES = 200
MOST_EXAMPLES = 5
_MOST_KEPT = 20_000
OTHERS = "(others)"
NONE = "(none)"

Key = tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counters by what they are counted by; every dimension is bounded, so memory is too.

    `days` and the rest count messages and, under the same key, SMS parts; `minutes` counts what a channel's
    senders would be asked to start in each UTC minute (SMS in parts).
    """

    debtors: int = 0
    rows: int = 0
    planned: int = 0
    still_planned: int = 0
    days: Counter[Key] = field(default_factory=Counter)
    hours: Counter[Key] = field(default_factory=Counter)
    steps: Counter[Key] = field(default_factory=Counter)
    segments: Counter[Key] = field(default_factory=Counter)
    templates: Counter[Key] = field(default_factory=Counter)
    parts: Counter[Key] = field(default_factory=Counter)
    minutes: Counter[tuple[str, int]] = field(default_factory=Counter)
    ended: Counter[Key] = field(default_factory=Counter)
    blocked_debtors: Counter[Key] = field(default_factory=Counter)
    examples: dict[Key, list[str]] = field(default_factory=dict)
    deferred: Counter[Key] = field(default_factory=Counter)
    tasks: Counter[Key] = field(default_factory=Counter)
    held_out: Counter[Key] = field(default_factory=Counter)
    held_out_debtors: Counter[Key] = field(default_factory=Counter)
    unrendered: Counter[Key] = field(default_factory=Counter)
    contacted: int = 0

    def take(self, happenings: Sequence[Happening], refs: Sequence[str], *, times: int = 1) -> None:
        """Count what happens to each of `times` debtors; `refs` are the lowest of their references."""
        self.debtors += times
        blocked: set[Key] = set()
        held: set[str] = set()
        self.contacted += times * any(isinstance(each, Sent) for each in happenings)
        for each in happenings:
            self.planned += times * (not isinstance(each, Deferred))
            self._count(each, times, blocked, held)
        for key in blocked:
            self.blocked_debtors[key] += times
            self.examples[key] = sorted({*self.examples.get(key, ()), *refs})[:MOST_EXAMPLES]
        for name in held:
            self.held_out_debtors[(name,)] += times

    def add(self, other: "Tally") -> None:
        """Add the tally of another part of the portfolio."""
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, int):
                setattr(self, name, mine + theirs)
        for key, refs in other.examples.items():
            self.examples[key] = sorted({*self.examples.get(key, ()), *refs})[:MOST_EXAMPLES]

    def shorten(self) -> None:
        """Name the most frequent segments and template failures alone, the rest together."""
        names = _most(self.segments, 0)
        self.segments = _folded(self.segments, 0, names)
        of_segments = Counter({key: count for key, count in self.parts.items() if key[0] == "segment"})
        self.parts = self.parts - of_segments + _folded(of_segments, 1, names)
        self.unrendered = _folded(self.unrendered, 2, _most(self.unrendered, 2))

    def scale(self, factor: float) -> None:
        """Make the counts of a sample into estimates for the whole; rows stay as they were counted."""
        for name in self.__slots__:
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update({key: round(count * factor) - count for key, count in mine.items()})
            elif isinstance(mine, int) and name != "rows":
                setattr(self, name, round(mine * factor))

    def _count(self, each: Happening, times: int, blocked: set[Key], held: set[str]) -> None:
        campaign, step = each.intent.campaign, each.intent.step
        match each:
            case Sent():
                self._sent(each, times)
            case Ended():
                key = (each.outcome, each.rule or each.reason)
                self.ended[(campaign, step, *key)] += times
                blocked.add(key)
            case Deferred():
                self.deferred[(campaign, step, each.rule or NONE)] += times
            case HandedToPeople():
                self.tasks[(campaign, step, each.type, each.local.date().isoformat())] += times
            case HeldOut():
                self.held_out[(campaign, step)] += times
                held.add(campaign)
            case Unrendered():
                self.unrendered[_bounded(self.unrendered, (campaign, step, each.problem), 2)] += times
            case StillPlanned():
                self.still_planned += times

    def _sent(self, sent: Sent, times: int) -> None:
        channel, intent = sent.channel.value, sent.intent
        segment = _bounded(self.segments, (sent.segment or NONE, channel), 0)[0]
        counted = (
            ("day", self.days, (sent.local.date().isoformat(), channel)),
            ("hour", self.hours, (f"{sent.local.hour:02d}", channel)),
            ("step", self.steps, (intent.campaign, intent.step, channel)),
            ("segment", self.segments, (segment, channel)),
            ("template", self.templates, (sent.template, sent.language, channel)),
        )
        for name, counter, key in counted:
            counter[key] += times
            if sent.parts:
                self.parts[(name, *key[:-1])] += sent.parts * times
        self.parts[("all",)] += sent.parts * times
        self.minutes[(channel, _minute(sent.at))] += (sent.parts or 1) * times


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _bounded(counter: Counter[Key], key: Key, at: int) -> Key:
    """The key, or one for all the rest where there are too many to keep."""
    return key if len(counter) < _MOST_KEPT or key in counter else _renamed(key, at, OTHERS)


def _most(counter: Counter[Key], at: int) -> set[str]:
    """The names that are listed: those that occur most often."""
    counts: Counter[str] = Counter()
    for key, count in counter.items():
        counts[key[at]] += count
    return set(sorted(counts, key=lambda name: (-counts[name], name))[:MOST_NAMES])


def _folded(counter: Counter[Key], at: int, names: set[str]) -> Counter[Key]:
    folded: Counter[Key] = Counter()
    for key, count in counter.items():
        folded[key if key[at] in names else _renamed(key, at, OTHERS)] += count
    return folded


def _renamed(key: Key, at: int, name: str) -> Key:
    return (*key[:at], name, *key[at + 1 :])
