"""What a campaign achieves: each version and variant against the people held out, by intention to treat.

Everybody counts where chance put them, whether or not a message reached them, from the moment their first message
was wanted; those held out have such a moment too. Whoever's days are not over yet waits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from campaigns.definition import Definition, Variant
from campaigns.experiment import pick_variant
from campaigns.experiment_statistics import (
    ALPHA,
    LEVEL,
    Interval,
    Share,
    always_valid,
    difference,
    verdict,
    wilson,
)
from channels.config import Prices
from schemas.enums import Channel
from services.running import RunningCampaigns
from services.store import experiments as store
from services.store.experiments import PersonRow

USUAL, WITHIN = timedelta(days=90), 14
"""The period that is looked at if none is named, and the days for which each person is followed."""

CONTACTED, HOLDOUT = "contacted", "holdout"
OUTCOMES = ("replied", "promised", "paid")
_STAGES = ("sent", "delivered", "read", "clicked", *OUTCOMES)
METHOD = (
    f"Intention to treat. Intervals for one look at {LEVEL:.0%} by Wilson and Newcombe; `always` is the confidence"
    f" sequence of the mixture sequential probability ratio test at {ALPHA:.0%}, which holds however often one looks,"
    " and alone decides the verdict."
)


class NoSuchCampaign(Exception):
    """There never was a campaign of this name."""


@dataclass(frozen=True, slots=True)
class Period:
    """First messages wanted from `since` until before `until`; each person is followed for `within`."""

    since: datetime
    until: datetime
    within: timedelta


@dataclass(frozen=True, slots=True, order=True)
class ArmName:
    """Who: of a version, contacted or held out, or those whom chance gave a variant of a step."""

    version: int
    step: str
    name: str


@dataclass(slots=True)
class Arm:
    """Counts of people, and what was spent and recovered."""

    assigned: int = 0
    stages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_STAGES, 0))
    messages: int = 0
    units: dict[str, int] = field(default_factory=lambda: {channel.value: 0 for channel in Channel})
    recovered: dict[str, Decimal] = field(default_factory=dict)

    def take(self, person: PersonRow) -> None:
        """Count one person."""
        self.assigned += 1
        self.messages += person.messages
        for stage in _STAGES:
            self.stages[stage] += _reached(person, stage)
        for channel, units in person.units.items():
            self.units[channel] += units
        for currency, amount in person.recovered.items():
            self.recovered[currency] = self.recovered.get(currency, Decimal(0)) + amount

    def share(self, stage: str) -> Share:
        """How many of the assigned came so far."""
        return Share(self.stages[stage], self.assigned)


async def report(
    connection: Any, running: RunningCampaigns, campaign: str, period: Period, *, now: datetime, prices: Prices | None
) -> dict[str, Any]:
    """The report as a document; raises NoSuchCampaign. Reads in the caller's transaction."""
    known = await store.versions(connection, campaign)
    if not known:
        raise NoSuchCampaign
    arms: dict[ArmName, Arm] = {}
    recent = 0
    rows = store.people(connection, campaign, since=period.since, until=period.until, within=period.within)
    for version_id in known:
        await running.load(connection, version_id)
    async for person in rows:
        if person.since + period.within > now:
            recent += 1
            continue
        for name in _arms_of(person, running.version(person.version_id).definition):
            arms.setdefault(name, Arm()).take(person)
    return _document(campaign, period, now, arms, recent, prices)


def _arms_of(person: PersonRow, definition: Definition) -> Iterator[ArmName]:
    """Where one person counts."""
    yield ArmName(person.version, "", HOLDOUT if person.held else CONTACTED)
    for step in definition.steps if not person.held else ():
        variants = _variants(step.variants, *(choice.variants for choice in step.choose))
        if step.id in person.steps and variants:
            drawn = pick_variant(variants, campaign=definition.campaign, step=step.id, debtor_ref=person.debtor_ref)
            yield ArmName(person.version, step.id, drawn.template)


def _variants(*found: Sequence[Variant]) -> Sequence[Variant]:
    """The variants of a step; of a step that chooses, those of its first branch that has some."""
    return next((variants for variants in found if variants), ())


def _reached(person: PersonRow, stage: str) -> bool:
    if stage == "sent":
        return person.messages > 0
    return bool(person.recovered) if stage == "paid" else bool(getattr(person, stage))


def _document(
    campaign: str, period: Period, now: datetime, arms: Mapping[ArmName, Arm], recent: int, prices: Prices | None
) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "from": period.since.isoformat(),
        "to": period.until.isoformat(),
        "within_days": period.within.days,
        "as_of": now.isoformat(),
        "people": sum(arm.assigned for name, arm in arms.items() if not name.step),
        "too_recent": recent,
        "method": METHOD,
        "arms": [_arm(name, arms[name], prices) for name in sorted(arms)],
        "comparisons": [row for one, other in _pairs(arms) for row in _compared(one, other, arms)],
    }


def _arm(name: ArmName, arm: Arm, prices: Prices | None) -> dict[str, Any]:
    cost = prices.of(arm.units) if prices is not None else None
    got = arm.recovered.get(prices.currency) if prices is not None else None
    return {
        "version": name.version,
        "step": name.step or None,
        "arm": name.name,
        "assigned": arm.assigned,
        **arm.stages,
        "messages": arm.messages,
        "rates": {
            stage: {"rate": round(arm.share(stage).rate, 6), **_shown(wilson(arm.share(stage)))} for stage in OUTCOMES
        },
        "recovered": {currency: format(amount, "f") for currency, amount in sorted(arm.recovered.items())},
        "cost": format(cost, "f") if cost is not None else None,
        "currency": prices.currency if prices is not None else None,
        "cost_per_recovered": round(float(cost / got), 6) if cost is not None and got else None,
    }


def _pairs(arms: Mapping[ArmName, Arm]) -> Iterator[tuple[ArmName, ArmName]]:
    """Each version against those held out from it, and each variant against the step's first."""
    for name in sorted(arms):
        if not name.step and name.name == CONTACTED and (held := ArmName(name.version, "", HOLDOUT)) in arms:
            yield name, held
        elif name.step:
            first = min(each for each in arms if (each.version, each.step) == (name.version, name.step))
            if first != name:
                yield name, first


def _compared(one: ArmName, other: ArmName, arms: Mapping[ArmName, Arm]) -> Iterator[dict[str, Any]]:
    for outcome in OUTCOMES if not one.step else ("clicked", *OUTCOMES):
        first, second = arms[one].share(outcome), arms[other].share(outcome)
        yield {
            "version": one.version,
            "step": one.step or None,
            "arm": one.name,
            "against": other.name,
            "outcome": outcome,
            "uplift": round(first.rate - second.rate, 6),
            **_shown(difference(first, second)),
            "always": _shown(always_valid(first, second)),
            "verdict": verdict(first, second).value,
        }


def _shown(interval: Interval) -> dict[str, float]:
    return {"low": round(interval.low, 6), "high": round(interval.high, 6)}
