"""What we know of one debtor and their loans: the projection that events build and decisions read."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from campaigns.facts import ConsentFact, ContactFact
from schemas.money import NO_CURRENCY, Money
from schemas.values import value


@dataclass(slots=True)
class Installment:
    """One installment as last announced; `amount_at` is when the core said so."""

    number: int
    due_date: date
    amount: Money
    amount_at: datetime
    paid_at: datetime | None = None
    payment_refs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Payment:
    """A payment of a loan; `amount` is None while only its reversal is known."""

    payment_ref: str
    amount: Money | None
    at: datetime
    reversed_at: datetime | None = None


@dataclass(slots=True)
class ContactPoint:
    """A way to reach the debtor; its value is sealed and known here only by its blind index.

    `faults` are the channels on which it was found useless, or "all"; `verified` says that the core knows it to be
    the debtor's own.
    """

    contact_point_ref: str
    kind: str
    blind: bytes
    usable: bool
    phone_type: str | None = None
    faults: frozenset[str] = frozenset()
    verified: bool = False


@value
class Suppression:
    """One row of the append-only log of stops; `kind` is suppress or lift."""

    kind: str
    scope: str
    reason: str
    since: datetime
    until: datetime | None
    channel: str | None
    loan_ref: str | None
    contact_point_ref: str | None
    source: str


@dataclass(slots=True)
class Hold:
    """A temporary stop, of a person or of one loan by where it is kept; without `id` it is not stored yet."""

    reason: str
    since: datetime
    until: datetime | None
    source: str
    id: UUID | None = None
    released_at: datetime | None = None


@dataclass(slots=True)
class Promise:
    """A date on which the debtor said they would pay."""

    promise_ref: str
    promised_for: date
    amount: Money | None
    state: str
    at: datetime
    made_via: str | None = None


@dataclass(slots=True)
class Loan:
    """A loan as far as events told; instants say which word is newer."""

    loan_ref: str
    debtor_ref: str | None = None
    creditor_ref: str | None = None
    product: str | None = None
    status: str = "active"
    status_at: datetime | None = None
    currency: str | None = None
    total_outstanding: Decimal | None = None
    outstanding_at: datetime | None = None
    overdue_amount: Decimal | None = None
    overdue_at: datetime | None = None
    cured_at: datetime | None = None
    rescheduled_at: datetime | None = None
    stale_since: datetime | None = None
    installments: dict[int, Installment] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    @property
    def known_currency(self) -> str | None:
        """The loan's currency as far as any amount of it tells; cores need not send what is outstanding in all."""
        if self.currency is not None:
            return self.currency
        told = [row.amount for row in self.installments.values()]
        told += [payment.amount for payment in self.payments.values() if payment.amount is not None]
        return next((amount.currency for amount in told if amount.currency != NO_CURRENCY), None)


@dataclass(slots=True)
class Person:
    """A debtor with everything a decision may read."""

    debtor_ref: str
    state: str = "awaited"
    revision: int | None = None
    person_key: bytes | None = None
    sealed: bytes | None = None
    language: str | None = None
    country: str | None = None
    region: str | None = None
    timezone: str | None = None
    segment: str | None = None
    risk_score: float | None = None
    tags: list[str] = field(default_factory=list)
    preferred_channels: list[str] = field(default_factory=list)
    window_from: time | None = None
    window_until: time | None = None
    status: str = "active"
    snapshot_at: datetime | None = None
    number_zones: tuple[str, ...] = ()
    contact_points: list[ContactPoint] = field(default_factory=list)
    consents: list[ConsentFact] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    history: list[ContactFact] = field(default_factory=list)
    campaign_contacts: list[tuple[str, datetime]] = field(default_factory=list)
    failed_contacts: dict[UUID, list[ContactFact]] = field(default_factory=dict)
    loans: dict[str, Loan] = field(default_factory=dict)
