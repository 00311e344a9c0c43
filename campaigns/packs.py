"""The jurisdiction packs of a folder: read, checked, and joined with the packs they inherit from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from campaigns.calendars import golden_faults
from campaigns.numbers import NumberPlan
from campaigns.pack_model import Calendar, Layer, PackFile, PackStatus, Rule, Source
from campaigns.pack_source import KeyPath, PackProblem, PackSource, read_pack_source
from campaigns.resolved_pack import Pack, resolve
from campaigns.zones import zone_clock

__all__ = ["Pack", "PackProblem", "Packs", "load_packs"]

_RULE_SECTIONS = (
    *("hours", "closures", "caps", "spacings", "consents", "disabled", "guards", "content"),
    *("retention", "recipients", "registers", "exceptions"),
)


@dataclass(frozen=True, slots=True)
class PackSummary:
    """What an operator sees of one pack."""

    id: str
    title: str
    version: str
    status: PackStatus
    review_by: date
    sources: tuple[Source, ...]


class Packs:
    """All packs of a folder by id; iterating gives ids in order."""

    __slots__ = ("_numbers", "_packs")

    def __init__(self, packs: Mapping[str, Pack]) -> None:
        self._packs = dict(sorted(packs.items()))
        self._numbers = NumberPlan(self._packs.values())

    def __contains__(self, pack_id: object) -> bool:
        return pack_id in self._packs

    def get(self, pack_id: str) -> Pack | None:
        """A pack with its inherited rules, None where the folder has none of that id."""
        return self._packs.get(pack_id)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every pack's id, sorted."""
        return tuple(self._packs)

    def all(self) -> tuple[Pack, ...]:
        """Every pack, sorted by id."""
        return tuple(self._packs.values())

    def version(self, pack_id: str) -> str:
        """A pack's version; KeyError for an id that is not there."""
        return self._packs[pack_id].version

    def status(self, pack_id: str) -> PackStatus:
        """Whether counsel approved a pack; KeyError for an id that is not there."""
        return self._packs[pack_id].status

    def review_by(self, pack_id: str) -> date:
        """The last day on which a pack, and what it inherits, answers; KeyError for an unknown id."""
        return self._packs[pack_id].review_by

    def summaries(self) -> tuple[PackSummary, ...]:
        """One line a pack for listings."""
        return tuple(
            PackSummary(
                id=pack.id,
                title=pack.title,
                version=pack.version,
                status=pack.status,
                review_by=pack.review_by,
                sources=tuple(dict.fromkeys(pack.sources.values())),
            )
            for pack in self.all()
        )

    def ancestors(self, pack_id: str) -> tuple[str, ...]:
        """The ids a pack inherits from, nearest first; empty for an unknown id."""
        pack = self._packs.get(pack_id)
        return pack.ancestors if pack else ()

    def candidate_zones(
        self, jurisdictions: Sequence[str], timezone: str | None, region: str | None
    ) -> tuple[str, ...]:
        """Every zone the debtor may be in: the known one, else the region's, else all of the jurisdictions'."""
        if timezone is not None and zone_clock(timezone) is not None:
            return (timezone,)
        if region is not None and (of_region := self._zones_of(region)):
            return of_region
        known = [pack for pack in map(self._packs.get, jurisdictions) if pack is not None]
        return tuple(dict.fromkeys(zone for pack in known for zone in pack.zones))

    def number_zones(self, numbers: Iterable[str]) -> tuple[str, ...]:
        """Every zone in which the holders of some E.164 numbers may live, as far as packs know the countries."""
        return tuple(dict.fromkeys(zone for number in numbers for zone in self._numbers.zones_of(number)))

    def _zones_of(self, region: str) -> tuple[str, ...]:
        """A region's zones as its country's pack lists them; all of the country for one it does not list."""
        country = self._packs.get(region.partition("-")[0])
        return (country.zones_of(region) or country.zones) if country is not None else ()


def load_packs(directory: Path) -> Packs:
    """Reads every `*.yaml` of a folder; PackProblem names file, line and column of the first fault."""
    files = sorted(directory.glob("*.yaml"))
    if not files:
        raise PackProblem(directory, 1, 1, "no pack (*.yaml) lies in this folder")
    read: dict[str, tuple[PackFile, PackSource]] = {}
    for file in files:
        source = read_pack_source(file)
        pack = _parsed(source)
        if pack.pack in read:
            raise source.problem(("pack",), f"the pack {pack.pack} is also in {read[pack.pack][1].file.name}")
        read[pack.pack] = (pack, source)
    return Packs({pack_id: resolve(_lineage(pack_id, read)) for pack_id in read})


def _parsed(source: PackSource) -> PackFile:
    try:
        pack = PackFile.model_validate(source.data)
    except ValidationError as error:
        raise _first_fault(source, error) from error
    _check_rules(pack, source)
    _check_exceptions(pack, source)
    _check_places(pack, source)
    if pack.calendar is not None:
        _check_calendar(pack.calendar, source)
    return pack


def _first_fault(source: PackSource, error: ValidationError) -> PackProblem:
    """The fault that stands first in the file; of a list and its items the item's."""
    faults = {tuple(part for part in fault["loc"] if part != "[key]"): fault["msg"] for fault in error.errors()}
    inner = [path for path in faults if not any(other[: len(path)] == path for other in faults if other != path)]
    problems = [source.problem(path, _said(path, faults[path])) for path in inner]
    return min(problems, key=lambda problem: (problem.line, problem.column))


def _said(path: KeyPath, message: str) -> str:
    dotted = ".".join(str(part) for part in path)
    if message == "Extra inputs are not permitted":
        return f"unknown key {dotted}"
    message = message.removeprefix("Value error, ")
    return f"{dotted}: {message[:1].lower()}{message[1:]}"


def _check_rules(pack: PackFile, source: PackSource) -> None:
    seen: set[str] = set()
    for section in _RULE_SECTIONS:
        rules: Sequence[Rule] = getattr(pack, section)
        for index, rule in enumerate(rules):
            if rule.source not in pack.sources:
                raise source.problem((section, index, "source"), f"the source {rule.source!r} is not listed")
            if rule.rule in seen:
                raise source.problem((section, index, "rule"), f"the rule {rule.rule!r} stands twice")
            seen.add(rule.rule)


def _check_exceptions(pack: PackFile, source: PackSource) -> None:
    """An exception lifts limits of its own file, and those of the law only by the law's own word."""
    limits: dict[str, Rule] = {rule.rule: rule for rules in (pack.caps, pack.spacings) for rule in rules}
    for index, exception in enumerate(pack.exceptions):
        for position, rule_id in enumerate(exception.lifts):
            place, limit = ("exceptions", index, "lifts", position), limits.get(rule_id)
            if limit is None:
                raise source.problem(place, f"{rule_id!r} is no cap or spacing of this pack")
            if limit.basis is Layer.LAW and exception.basis is not Layer.LAW:
                raise source.problem(place, f"{rule_id!r} is law, which only the law itself may lift")


def _check_places(pack: PackFile, source: PackSource) -> None:
    _check_zones(pack.zones, ("zones",), source)
    for region, zones in pack.regions.items():
        _check_zones(zones, ("regions", region), source)
    for index, area in enumerate(pack.numbers.areas if pack.numbers else ()):
        _check_zones(area.zones, ("numbers", "areas", index, "zones"), source)
    if pack.status is PackStatus.COUNSEL_APPROVED and not pack.approved_by:
        raise source.problem(("status",), "an approved pack names its counsel in `approved_by`")
    if pack.first_year > pack.last_year:
        raise source.problem(("last_year",), "the last year lies before the first")


def _check_zones(zones: Iterable[str], path: KeyPath, source: PackSource) -> None:
    for index, zone in enumerate(zones):
        if zone_clock(zone) is None:
            raise source.problem((*path, index), f"{zone!r} is not a time zone of tzdata")


def _check_calendar(calendar: Calendar, source: PackSource) -> None:
    for fault in golden_faults(calendar):
        raise source.problem(("calendar", "golden"), f"holidays of {calendar.country}: {fault}")


def _lineage(pack_id: str, read: Mapping[str, tuple[PackFile, PackSource]]) -> list[PackFile]:
    """A pack and those it inherits from, nearest first."""
    line: list[PackFile] = []
    current: str | None = pack_id
    while current is not None:
        pack, source = read[current]
        line.append(pack)
        if pack.inherits is not None and pack.inherits not in read:
            raise source.problem(("inherits",), f"there is no pack {pack.inherits}")
        if pack.inherits in {ancestor.pack for ancestor in line}:
            raise source.problem(("inherits",), f"the pack {pack.inherits} inherits from itself")
        current = pack.inherits
    _check_replaced(line, read[pack_id][1])
    return line


def _check_replaced(line: Sequence[PackFile], source: PackSource) -> None:
    """Only the lender's own rules give way to a nearer pack's; law never does."""
    inherited = {rule.rule: rule for pack in line[1:] for section in _RULE_SECTIONS for rule in getattr(pack, section)}
    for index, rule_id in enumerate(line[0].replaces):
        rule = inherited.get(rule_id)
        if rule is None or rule.basis != "policy":
            raise source.problem(("replaces", index), f"{rule_id!r} is no policy rule of an inherited pack")
