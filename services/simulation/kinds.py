"""Debtors of one kind: alike in all that a simulation depends on, but for what their course will be asked about.

A kind has one debtor in memory, who is dressed as each of its members in turn: their references, names, amounts and
whatever else only conditions and templates read.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from campaigns.definition import Definition
from campaigns.person import Installment, Loan
from channels.phones import canonical
from schemas.enums import Channel, ConsentState
from schemas.money import Money
from services.imports.rows import PortfolioRow
from services.intake import first_name
from services.simulation.debtors import Debtor
from services.simulation.engine import Engine
from services.simulation.phones import surely_reachable

Key = tuple[Any, ...]


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


def known_of(rows: Sequence[PortfolioRow]) -> Known:
    """The person of these rows."""
    if len(rows) == 1:
        return _of_row(rows[0])
    told = {name: _last(rows, name) for name in _COLUMNS}
    return Known(
        name=rows[-1].name, tags=_last(rows, "tags") or (), risk_score=_last(rows, "risk_score", told=_is_told), **told
    )


def _of_row(row: PortfolioRow) -> Known:
    return Known(
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
    )


def _last(rows: Sequence[PortfolioRow], name: str, *, told: Callable[[Any], bool] = bool) -> Any:
    return next((value for row in reversed(rows) if told(value := getattr(row, name))), None)


def _is_told(value: Any) -> bool:
    return value is not None


class Kinds:
    """Sorts debtors by kind, for the campaigns of one engine."""

    def __init__(self, engine: Engine, home_country: str | None) -> None:
        self._policy = engine.policy
        self._home_country = home_country
        self._definitions = [version.definition for version in engine.versions if _starts_by_itself(version.definition)]
        self._purposes = {each.purpose for each in self._definitions}
        self._catalogs = [(version.definition, version.templates) for version in engine.versions]
        self._speakers = engine.speakers
        self._product = lru_cache(maxsize=4096)(self._product_of)
        self._place = lru_cache(maxsize=4096)(self._place_of)
        self._language = lru_cache(maxsize=4096)(self._language_of)

    def key(self, rows: Sequence[PortfolioRow], known: Known) -> Key:
        """What a kind's members have in common."""
        loans = self._loans(rows)
        if loans is None:
            return ()
        phone = known.phone
        if phone is not None and not surely_reachable(phone):
            phone = canonical(phone, known.country or self._home_country)
        zones: Key = ()
        if known.timezone is None and phone is not None:
            zones = self._policy.law.number_zones((phone,))
        place, consents_needed = self._place(known.country, known.region, known.timezone is None)
        return (
            known.timezone,
            zones,
            place,
            self._language(known.language),
            known.preferred_channel,
            phone is not None,
            known.email is not None,
            _consents(rows, denials_only=not consents_needed),
            loans,
        )

    def _loans(self, rows: Sequence[PortfolioRow]) -> Key | None:
        """What they owe; None where that is one loan for which there is no campaign."""
        if len(rows) == 1:
            return self._row(rows[0]) if True in self._product(rows[0].product)[1:] else None
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

    def _place_of(self, country: str | None, region: str | None, unknown_zone: bool) -> tuple[Key, bool]:
        """The packs in force, the days they close, and where the debtor may live if nobody says it.

        And whether these packs ask for consents; where they do not, a consent is as good as none said.
        """
        found: list[Any] = []
        needed = False
        for speaker in self._speakers.values():
            packs = self._policy.jurisdictions(speaker.jurisdiction, country, region)
            found.append(packs)
            for pack in filter(None, map(self._policy.law.get, packs)):
                found += [pack.closed_days(rule, region) for rule in pack.closures]
                needed = needed or any(not rule.purposes or self._purposes & {*rule.purposes} for rule in pack.consents)
            if unknown_zone:
                found += [self._policy.law.candidate_zones(packs, None, region), self._policy.home_zone(packs, region)]
        return tuple(found), needed

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


def _consents(rows: Sequence[PortfolioRow], *, denials_only: bool) -> Key:
    told = rows[0].consents if len(rows) == 1 else {c: s for row in rows for c, s in row.consents.items()}
    if denials_only:
        return tuple(channel for channel, state in told.items() if state is not ConsentState.GRANTED)
    return tuple(told.items())


def _sign(amount: Decimal | None) -> int | None:
    return None if amount is None else (amount > 0) - (amount < 0)


class Figure:
    """The one debtor that stands for a kind."""

    def __init__(self, debtor: Debtor, rows: Sequence[PortfolioRow]) -> None:
        self.personal: dict[str, Any] = dict(debtor.personal)
        self.debtor = Debtor(debtor.person, self.personal)
        self._loans = [(loan, _places(rows, loan.loan_ref)) for loan in debtor.person.loans.values()]
        self._installments = [
            [
                (place, installment)
                for place, row in enumerate(rows)
                if row.loan_ref == loan.loan_ref and (installment := loan.installments.get(_number(row))) is not None
            ]
            for loan, _ in self._loans
        ]

    @classmethod
    def of(cls, debtor: Debtor, rows: Sequence[PortfolioRow], known: Known) -> "Figure | None":
        """The figure, None where these rows make a debtor that can't be dressed as another."""
        if len({(row.loan_ref, _number(row)) for row in rows}) < len(rows):
            return None
        figure = cls(debtor, rows)
        as_built = figure._worn()
        figure.dress(rows, known)
        return figure if figure._worn() == as_built else None

    def _worn(self) -> Key:
        """All that a dress changes."""
        person = self.debtor.person
        return (
            (person.debtor_ref, person.segment, tuple(person.tags), person.region, person.country, person.language),
            (person.risk_score, self.personal["name"], self.personal["first_name"]),
            [
                (ref, loan.loan_ref, loan.debtor_ref, loan.product, loan.total_outstanding, loan.overdue_amount)
                for ref, loan in person.loans.items()
            ],
            [
                [(number, each.number, each.amount) for number, each in loan.installments.items()]
                for loan in person.loans.values()
            ],
        )

    def dress(self, rows: Sequence[PortfolioRow], known: Known) -> None:
        """Make it this debtor, of whom nothing has happened yet."""
        person = self.debtor.person
        person.debtor_ref = rows[0].debtor_ref
        person.history, person.campaign_contacts = [], []
        person.segment, person.tags = known.segment, list(known.tags)
        person.region, person.country, person.language = known.region, known.country, known.language
        person.risk_score = float(known.risk_score) if known.risk_score is not None else None
        person.loans = {}
        for (loan, places), installments in zip(self._loans, self._installments, strict=True):
            _dress_loan(loan, [rows[place] for place in places], person.debtor_ref)
            loan.installments = {}
            for place, installment in installments:
                _dress_installment(installment, rows[place])
                loan.installments[installment.number] = installment
            person.loans[loan.loan_ref] = loan
        self.personal["name"], self.personal["first_name"] = known.name, first_name(known.name)


def _places(rows: Sequence[PortfolioRow], loan_ref: str) -> list[int]:
    return [place for place, row in enumerate(rows) if row.loan_ref == loan_ref]


def _number(row: PortfolioRow) -> int:
    return row.installment_number if row.installment_number is not None else 1


def _dress_loan(loan: Loan, rows: Sequence[PortfolioRow], debtor_ref: str) -> None:
    loan.loan_ref, loan.debtor_ref = rows[0].loan_ref, debtor_ref
    for row in rows:
        if row.product is not None:
            loan.product = row.product
        if row.total_outstanding is not None:
            loan.total_outstanding = row.total_outstanding
        if row.overdue_amount is not None:
            loan.overdue_amount = row.overdue_amount


def _dress_installment(installment: Installment, row: PortfolioRow) -> None:
    installment.number = _number(row)
    amount = row.amount_due if row.amount_due is not None else row.overdue_amount
    if amount is not None:
        installment.amount = Money(amount, installment.amount.currency)
