"""Debtors of one kind: alike in all that a simulation depends on, but for what their course will be asked about.

That is what conditions and templates read, what chance draws, consents and preferred channels.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from campaigns.definition import Definition
from campaigns.zones import day_number
from channels.phones import canonical
from schemas.enums import Channel, ConsentState
from services.imports.rows import PortfolioRow
from services.imports.values import ENDS
from services.simulation.clocks import clock_of
from services.simulation.engine import Engine, Span
from services.simulation.phones import surely_reachable

Key = tuple[Any, ...]

_AROUND = 60
_DAY, _FOR_EVER = timedelta(days=1), timedelta(days=200_000)

_COLUMNS = (
    "language",
    "country",
    "region",
    "timezone",
    "segment",
    "preferred_channel",
    "phone",
    "email",
    "creditor_ref",
)


class Known(NamedTuple):
    """What a debtor's rows say of the person: the last word of each column."""

    debtor_ref: str
    name: str
    language: str | None
    country: str | None
    region: str | None
    timezone: str | None
    segment: str | None
    preferred_channel: Channel | None
    phone: str | None
    email: str | None
    creditor_ref: str | None
    tags: tuple[str, ...]
    risk_score: Decimal | None
    consents: Mapping[Channel, ConsentState]


def known_of(rows: Sequence[PortfolioRow]) -> Known:
    """The person of these rows."""
    if len(rows) == 1:
        return _of_row(rows[0])
    told = {name: _last(rows, name) for name in _COLUMNS}
    return Known(
        debtor_ref=rows[0].debtor_ref,
        name=rows[-1].name,
        tags=_last(rows, "tags") or (),
        risk_score=_last(rows, "risk_score", told=_is_told),
        consents={channel: state for row in rows for channel, state in row.consents.items()},
        **told,
    )


def _of_row(row: PortfolioRow) -> Known:
    return Known(
        row.debtor_ref,
        row.name,
        row.language,
        row.country,
        row.region,
        row.timezone,
        row.segment,
        row.preferred_channel,
        row.phone,
        row.email,
        row.creditor_ref,
        row.tags,
        row.risk_score,
        row.consents,
    )


def _last(rows: Sequence[PortfolioRow], name: str, *, told: Callable[[Any], bool] = bool) -> Any:
    return next((value for row in reversed(rows) if told(value := getattr(row, name))), None)


def _is_told(value: Any) -> bool:
    return value is not None


class _Place(NamedTuple):
    """The packs in force and the days they close, with the clocks where the debtor may live if nobody says it.

    Where no pack needs consents, a consent is as good as none said.
    """

    law: Key
    candidates: tuple[Key, ...]
    needs_consents: bool


class Kinds:
    """Sorts debtors by kind, for the campaigns of one engine and the simulated days."""

    def __init__(self, engine: Engine, home_country: str | None, span: Span) -> None:
        self._policy = engine.policy
        self._home_country = home_country
        self._definitions = [version.definition for version in engine.versions if _starts_by_itself(version.definition)]
        self._purposes = {each.purpose for each in self._definitions}
        self._catalogs = [(version.definition, version.templates) for version in engine.versions]
        self._speakers = engine.speakers
        self._over = span.start - _reach(self._definitions)
        self._product = lru_cache(maxsize=4096)(self._product_of)
        self._place = lru_cache(maxsize=4096)(self._place_of)
        self._language = lru_cache(maxsize=4096)(self._language_of)
        self._elsewhere = lru_cache(maxsize=4096)(self._elsewhere_of)
        self._near = frozenset(range(day_number(span.start) - _AROUND, day_number(span.start) + span.days + _AROUND))
        self._clock = lru_cache(maxsize=1024)(lambda name: clock_of(name, span))

    def matter(self, rows: Sequence[PortfolioRow]) -> Sequence[PortfolioRow]:
        """The rows of loans for which there is anything to plan; loans of several rows are taken as they are."""
        if len(rows) == 1:
            return () if self._is_idle(rows[0]) else rows
        refs = [row.loan_ref for row in rows]
        return [row for row in rows if refs.count(row.loan_ref) > 1 or not self._is_idle(row)]

    def key(self, rows: Sequence[PortfolioRow], known: Known) -> Key:
        """What a kind's members have in common; `rows` are those that matter."""
        if not rows:
            return ()
        phone = known.phone
        if phone is not None and not surely_reachable(phone):
            phone = canonical(phone, known.country or self._home_country)
        place = self._place(known.country, known.region, known.timezone is None)
        zones: Key = ()
        if known.timezone is None and phone is not None:
            zones = self._elsewhere(place.candidates, self._policy.law.number_zones((phone,)))
        return (
            place.needs_consents,
            self._clock(known.timezone),
            zones,
            place.law,
            self._language(known.language),
            phone is not None,
            known.email is not None,
            self._loans(rows),
        )

    def needs_consents(self, known: Known) -> bool:
        """Whether a pack in force asks for consents; where none does, a consent is as good as none said."""
        return self._place(known.country, known.region, known.timezone is None).needs_consents

    def _is_idle(self, row: PortfolioRow) -> bool:
        """Whether a loan of this one row is over, too long due for any step, or of no campaign."""
        over = row.due_date is not None and row.due_date < self._over
        return over or row.status in ENDS or True not in self._product(row.product)[1:]

    def _loans(self, rows: Sequence[PortfolioRow]) -> Key:
        """What they owe."""
        if len(rows) == 1:
            return self._row(rows[0])
        refs = list(dict.fromkeys(row.loan_ref for row in rows))
        order = tuple(sorted(range(len(refs)), key=refs.__getitem__))
        numbers = sorted({row.installment_number or 1 for row in rows})
        told = ((refs.index(row.loan_ref), numbers.index(row.installment_number or 1), *self._row(row)) for row in rows)
        return order, *told

    def _row(self, row: PortfolioRow) -> Key:
        return (
            row.status,
            row.due_date,
            row.days_past_due,
            row.timezone if row.due_date is None else None,
            row.currency,
            row.creditor_ref,
            self._product(row.product),
            _sign(row.total_outstanding),
            _sign(row.overdue_amount),
            _sign(row.amount_due),
        )

    def _product_of(self, product: str | None) -> Key:
        """Which campaigns are for it; what conditions make of it, they are asked."""
        wanted = (each.audience.products for each in self._definitions)
        return product is None, *(products is None or product in products for products in wanted)

    def _place_of(self, country: str | None, region: str | None, unknown_zone: bool) -> "_Place":
        law: list[Any] = []
        candidates: list[Key] = []
        needed = False
        for speaker in self._speakers.values():
            packs = self._policy.jurisdictions(speaker.jurisdiction, country, region)
            law.append(packs)
            for pack in filter(None, map(self._policy.law.get, packs)):
                law += [pack.closed_days(rule, region) & self._near for rule in pack.closures]
                needed = needed or any(not rule.purposes or self._purposes & {*rule.purposes} for rule in pack.consents)
            if unknown_zone:
                zones = self._policy.law.candidate_zones(packs, None, region)
                candidates.append(tuple(map(self._clock, zones)))
                law += [candidates[-1], self._clock(self._policy.home_zone(packs, region))]
        return _Place(tuple(law), tuple(candidates), needed)

    def _elsewhere_of(self, candidates: tuple[Key, ...], zones: tuple[str, ...]) -> Key:
        """What the zones of numbers add to each lender's candidates."""
        clocks = list(dict.fromkeys(map(self._clock, zones)))
        return tuple(tuple(clock for clock in clocks if clock not in known) for known in candidates)

    def _language_of(self, language: str | None) -> Key:
        """Which templates there are for readers of a language."""
        found = []
        for definition, templates in self._catalogs:
            for name in sorted(_templates(definition)):
                for channel in Channel:
                    spoken = language or definition.language
                    found.append(templates.find(name, channel, spoken, definition.language) is not None)
        return tuple(found)


def _starts_by_itself(definition: Definition) -> bool:
    """Whether any step starts without an event, of which a debtor who is counted by kind has none."""
    return definition.schedule is not None or any(step.at is not None for step in definition.steps)


def _templates(definition: Definition) -> set[str]:
    names = {step.template for step in definition.steps}
    for step in definition.steps:
        names |= {variant.template for variant in step.variants}
        for choice in step.choose:
            names |= {choice.template, *(variant.template for variant in choice.variants)}
    return {name for name in names if name is not None}


def _reach(definitions: Sequence[Definition]) -> timedelta:
    """After how long nothing is left of what a due date calls for; a calendar asks whatever is due."""
    if any(each.schedule is not None for each in definitions):
        return _FOR_EVER
    steps = [step for each in definitions for step in each.steps if step.at is not None]
    days = max((step.at or 0 for step in steps), default=0)
    return timedelta(days=days + 3) + max((step.expires or _DAY for step in steps), default=_DAY)


def _sign(amount: Decimal | None) -> int | None:
    return None if amount is None else (amount > 0) - (amount < 0)
