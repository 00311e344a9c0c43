"""Counts what happened in a simulation; tallies of parts of a portfolio add up to that of the whole."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from schemas.enums import Channel
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

    def take(self, happenings: list[Happening]) -> None:
        """Count one debtor's happenings."""
        self.debtors += 1
        blocked: dict[Key, str] = {}
        held: set[str] = set()
        self.contacted += any(isinstance(each, Sent) for each in happenings)
        for each in happenings:
            self.planned += not isinstance(each, Deferred)
            self._count(each, blocked, held)
        for key, debtor_ref in blocked.items():
            self.blocked_debtors[key] += 1
            shown = self.examples.setdefault(key, [])
            if len(shown) < MOST_EXAMPLES:
                shown.append(debtor_ref)
        self.held_out_debtors.update((name,) for name in held)

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

    def scale(self, factor: float) -> None:
        """Make the counts of a sample into estimates for the whole; rows stay as they were counted."""
        for name in self.__slots__:
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update({key: round(count * factor) - count for key, count in mine.items()})
            elif isinstance(mine, int) and name != "rows":
                setattr(self, name, round(mine * factor))

    def _count(self, each: Happening, blocked: dict[Key, str], held: set[str]) -> None:
        campaign, step = each.intent.campaign, each.intent.step
        match each:
            case Sent():
                self._sent(each)
            case Ended():
                key = (each.outcome, each.rule or each.reason)
                self.ended[(campaign, step, *key)] += 1
                blocked.setdefault(key, each.intent.debtor_ref)
            case Deferred():
                self.deferred[(campaign, step, each.rule or NONE)] += 1
            case HandedToPeople():
                self.tasks[(campaign, step, each.type, each.local.date().isoformat())] += 1
            case HeldOut():
                self.held_out[(campaign, step)] += 1
                held.add(campaign)
            case Unrendered():
                self.unrendered[(campaign, step, _bounded(self.unrendered, each.problem))] += 1
            case StillPlanned():
                self.still_planned += 1

    def _sent(self, sent: Sent) -> None:
        channel, intent = sent.channel.value, sent.intent
        parts = sent.content.parts if sent.channel is Channel.SMS else 0
        segment = _bounded(self.segments, sent.segment or NONE)
        counted = (
            ("day", self.days, (sent.local.date().isoformat(), channel)),
            ("hour", self.hours, (f"{sent.local.hour:02d}", channel)),
            ("step", self.steps, (intent.campaign, intent.step, channel)),
            ("segment", self.segments, (segment, channel)),
            ("template", self.templates, (sent.template, sent.content.language, channel)),
        )
        for name, counter, key in counted:
            counter[key] += 1
            if parts:
                self.parts[(name, *key[:-1])] += parts
        self.parts[("all",)] += parts
        self.minutes[(channel, _minute(sent.at))] += parts or 1


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _bounded(counter: Counter[Key], name: str) -> str:
    """The name, or one for all the rest where there are too many to list."""
    return name if len(counter) < MOST_NAMES or any(name in key for key in counter) else OTHERS
