"""Which messages a definition asks for, and from when until when each is wanted; pure, without law."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.conditions import Facts
from campaigns.definition import Choice, Definition, Step, StepEvent, Variant
from campaigns.experiment import pick_variant
from campaigns.intervals import DAY, Intervals
from campaigns.zones import ZoneClock, date_of, day_number, zone_clock
from schemas.enums import Channel
from schemas.values import value

_FIRST_DAY, _LAST_DAY = day_number(date(1970, 1, 3)), day_number(date(9000, 1, 1))


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step wanted from `earliest` until `expires_at` (exclusive); `occurrence` is its local day."""

    step_id: str
    occurrence: date
    earliest: datetime
    expires_at: datetime


@value
class Content:
    """What a step sends to one debtor; `variant` names it where several templates are compared."""

    template: str
    channels: tuple[Channel, ...]
    variant: str | None


def plan_installment(definition: Definition, *, due_date: date, zone: ZoneInfo, now: datetime) -> list[PlannedStep]:
    """The steps counted from a due date that are not over at `now`, in the order of the definition."""
    planned: list[PlannedStep] = []
    due = day_number(due_date)
    for step in definition.steps:
        if step.at is not None:
            found = _on_day(step.id, due + step.at, step.between, step.expires, zone.key)
            if found is not None and found.expires_at > now and _in_term(definition, found.occurrence):
                planned.append(found)
    return planned


def plan_event(
    definition: Definition, *, kind: StepEvent | str, at: datetime, zone: ZoneInfo, now: datetime
) -> list[PlannedStep]:
    """The steps that an event starts at once and that are not over at `now`; their day is the event's."""
    clock = _clock(zone.key)
    day = clock.local_day(at.timestamp())
    planned: list[PlannedStep] = []
    for step in definition.steps:
        if step.on == kind and _in_term(definition, date_of(day)):
            expires_at = at + step.expires if step.expires else _end_of_day(clock, day)
            if max(at, now) < expires_at:
                planned.append(PlannedStep(step.id, date_of(day), at.astimezone(UTC), expires_at))
    return planned


def plan_schedule(definition: Definition, *, zone: ZoneInfo, since: datetime, until: datetime) -> list[PlannedStep]:
    """The steps of a calendar whose cron comes from `since` (inclusive) until `until` (exclusive), by day."""
    if definition.schedule is None:
        return []
    clock, cron = _clock(zone.key), definition.schedule.cron
    planned: list[PlannedStep] = []
    for day in range(clock.local_day(since.timestamp()), clock.local_day(until.timestamp()) + 1):
        start = _first_instant(clock, day, cron.at) if cron.matches(date_of(day)) else None
        if start is not None and since <= start < until and _in_term(definition, date_of(day)):
            planned.extend(_scheduled(definition, clock, day, start))
    return planned


def next_wish(step: Step, *, zone: ZoneInfo, not_before: datetime, expires_at: datetime) -> datetime | None:
    """The first instant from `not_before` inside the step's hours on any day, None if `expires_at` comes first."""
    if step.between is None:
        return not_before if not_before < expires_at else None
    clock = _clock(zone.key)
    first, last = clock.local_day(not_before.timestamp()), clock.local_day(expires_at.timestamp())
    for day in range(first, last + 1):
        for start, end in _spans(clock, day, *step.between):
            wish = max(not_before, _instant(start))
            if wish < min(_instant(end), expires_at):
                return wish
    return None


def choose_content(definition: Definition, step: Step, activation: Facts, *, debtor_ref: str) -> Content | None:
    """What the step sends to this debtor; None for a task, and where no branch of `choose` matches."""
    if step.choose:
        choice = next((choice for choice in step.choose if _matches(choice, activation)), None)
        if choice is None:
            return None
        template, variants, channels = choice.template, choice.variants, choice.channels or step.channels
    else:
        template, variants, channels = step.template, step.variants, step.channels
    if variants:
        variant = _variant(definition, step, variants, debtor_ref)
        return Content(variant.template, channels, variant.template)
    return Content(template, channels, None) if template is not None else None


def _matches(choice: Choice, activation: Facts) -> bool:
    return choice.when is None or choice.when.evaluate(activation)


def _variant(definition: Definition, step: Step, variants: tuple[Variant, ...], debtor_ref: str) -> Variant:
    return pick_variant(variants, campaign=definition.campaign, step=step.id, debtor_ref=debtor_ref)


@lru_cache(maxsize=4_096)
def _on_day(
    step_id: str, day: int, between: tuple[time, time] | None, expires: timedelta | None, zone: str
) -> PlannedStep | None:
    """A step on a local day, the same for everybody in a zone; None on a day that the zone left out."""
    if not _FIRST_DAY <= day <= _LAST_DAY:
        return None
    clock = _clock(zone)
    earliest = _first_instant(clock, day, between[0] if between else time())
    if earliest is None:
        return None
    expires_at = earliest + expires if expires else _end_of_day(clock, day)
    return PlannedStep(step_id, date_of(day), earliest, expires_at) if earliest < expires_at else None


def _scheduled(definition: Definition, clock: ZoneClock, day: int, start: datetime) -> Iterator[PlannedStep]:
    for step in definition.steps:
        expires_at = start + step.expires if step.expires else _end_of_day(clock, day)
        yield PlannedStep(step.id, date_of(day), start, expires_at)


def _in_term(definition: Definition, local: date) -> bool:
    return (definition.starts is None or definition.starts <= local) and (
        definition.ends is None or local <= definition.ends
    )


def _first_instant(clock: ZoneClock, day: int, at: time) -> datetime | None:
    """The first instant of a local day whose wall clock shows `at` or later; None if the day has none."""
    spans = clock.spans(day, _seconds(at), DAY)
    return _instant(spans[0][0]) if spans else None


def _end_of_day(clock: ZoneClock, day: int) -> datetime:
    return _instant(clock.day_start(day + 1))


def _spans(clock: ZoneClock, day: int, start: time, end: time) -> Intervals:
    return clock.spans(day, _seconds(start), _seconds(end))


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _clock(zone: str) -> ZoneClock:
    clock = zone_clock(zone)
    if clock is None:
        raise ValueError(f"the time zone {zone} is not in the time-zone data")
    return clock
