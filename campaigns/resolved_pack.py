"""One pack with everything it inherits, ready to be asked for its rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from campaigns.calendars import closed_dates, holiday_dates, known_subdivision, parts_of
from campaigns.pack_model import (
    Calendar,
    Cap,
    Closure,
    Content,
    Disabled,
    Exemption,
    Guard,
    Hours,
    Numbers,
    PackFile,
    PackStatus,
    Recipients,
    Register,
    Requirement,
    Retention,
    Rule,
    Source,
    Spacing,
)
from campaigns.zones import day_number
from schemas.enums import Basis

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Pack:
    """A jurisdiction's rules, its ancestors' included; the weakest status and first review date of all."""

    id: str
    title: str
    version: str
    status: PackStatus
    review_by: date
    first_year: int
    last_year: int
    ancestors: tuple[str, ...]
    zones: tuple[str, ...]
    regions: dict[str, tuple[str, ...]]
    calendar: Calendar | None
    hours: tuple[Hours, ...]
    closures: tuple[Closure, ...]
    caps: tuple[Cap, ...]
    spacings: tuple[Spacing, ...]
    exceptions: tuple[Exemption, ...]
    consents: tuple[Requirement, ...]
    disabled: tuple[Disabled, ...]
    guards: tuple[Guard, ...]
    content: tuple[Content, ...]
    retention: tuple[Retention, ...]
    recipients: tuple[Recipients, ...]
    registers: tuple[Register, ...]
    numbers: Numbers | None
    sources: dict[str, Source]
    _closed: dict[tuple[str, str | None], frozenset[int]] = field(default_factory=dict, repr=False, compare=False)

    def zones_of(self, region: str | None) -> tuple[str, ...]:
        """Every zone of a region, nothing for one that the pack does not list."""
        return self.regions.get(region, ()) if region else ()

    def closed_days(self, closure: Closure, region: str | None) -> frozenset[int]:
        """The numbers of the local days that a closure closes, a region's own holidays included."""
        part = known_subdivision(self.calendar, self._part_of(region)) if self.calendar else None
        key = (closure.rule, part)
        days = self._closed.get(key)
        if days is None:
            years = range(self.first_year - 1, self.last_year + 3)
            public = self._public(closure, part, years)
            days = frozenset(day_number(day) for day in closed_dates(closure, public, years))
            self._closed[key] = days
        return days

    def cite(self, rule: Rule) -> str:
        """Where a rule is written, as a reason shows it."""
        return self.sources[rule.source].cite

    def _public(self, closure: Closure, part: str | None, years: range) -> frozenset[date]:
        if self.calendar is None:
            return frozenset()
        parts = parts_of(self.calendar) if closure.every_part and part is None else (part,)
        return frozenset().union(*(holiday_dates(self.calendar, each, years) for each in parts))

    def _part_of(self, region: str | None) -> str | None:
        """The part of the country whose own holidays count: the region's, else the pack's."""
        country, _, own = self.id.partition("-")
        prefix, _, named = (region or "").partition("-")
        return named if named and prefix == country else own or None


def resolve(line: Sequence[PackFile]) -> Pack:
    """Joins a pack with its ancestors, given nearest first."""
    own = line[0]
    replaced = {rule for pack in line for rule in pack.replaces}
    return Pack(
        id=own.pack,
        title=own.title,
        version=own.version,
        status=_weakest(line),
        review_by=min(pack.review_by for pack in line),
        first_year=max(pack.first_year for pack in line),
        last_year=min(pack.last_year for pack in line),
        ancestors=tuple(pack.pack for pack in line[1:]),
        zones=own.zones,
        regions={region: zones for pack in reversed(line) for region, zones in _regions(pack)},
        calendar=next((pack.calendar for pack in line if pack.calendar is not None), None),
        hours=_kept([rule for pack in line for rule in pack.hours], replaced),
        closures=_kept([rule for pack in line for rule in pack.closures], replaced),
        caps=_kept([rule for pack in line for rule in pack.caps], replaced),
        spacings=_kept([rule for pack in line for rule in pack.spacings], replaced),
        exceptions=_kept([rule for pack in line for rule in pack.exceptions], replaced),
        consents=_kept([rule for pack in line for rule in pack.consents], replaced),
        disabled=_kept([rule for pack in line for rule in pack.disabled], replaced),
        guards=_kept([rule for pack in line for rule in pack.guards], replaced),
        content=_kept([rule for pack in line for rule in pack.content], replaced),
        retention=_kept([rule for pack in line for rule in pack.retention], replaced),
        recipients=_kept([rule for pack in line for rule in pack.recipients], replaced),
        registers=_kept([rule for pack in line for rule in pack.registers], replaced),
        numbers=own.numbers,
        sources={key: source for pack in reversed(line) for key, source in pack.sources.items()},
    )


def basis_of(rule: Rule) -> Basis:
    """The word for a rule's layer in a reason."""
    return Basis(rule.basis.value)


def _weakest(line: Sequence[PackFile]) -> PackStatus:
    approved = all(pack.status is PackStatus.COUNSEL_APPROVED for pack in line)
    return PackStatus.COUNSEL_APPROVED if approved else PackStatus.DRAFT


def _regions(pack: PackFile) -> list[tuple[str, tuple[str, ...]]]:
    own = [(pack.pack, pack.zones)] if "-" in pack.pack else []
    return [*own, *pack.regions.items()]


def _kept(rules: Sequence[R], replaced: set[str]) -> tuple[R, ...]:
    return tuple(rule for rule in rules if rule.rule not in replaced)
