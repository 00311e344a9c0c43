"""The debtor directory as upstream systems send it: full snapshots, deactivations, erasures."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.enums import Channel, ConsentState, Purpose
from schemas.events_base import (
    PREFIX,
    Amount,
    Clock,
    Count,
    Day,
    Flag,
    InboundEvent,
    Instant,
    Number,
    Ref,
    Shape,
    SignedAmount,
    Word,
    is_ref,
)
from schemas.lending_events import PaymentRef
from schemas.lending_words import LoanRole, LoanStatus

REGISTER = "registry:"
"""Begins the reason of a hold that is a register's flag; the register's name follows."""

_FOUR_DIGITS = re.compile("^[0-9]{4}$")
PersonName = Annotated[str, Field(strict=True, min_length=1, max_length=200)]


class DebtorStatus(StrEnum):
    """What a debtor is in law; only `active` may be contacted."""

    ACTIVE = "active"
    DECEASED = "deceased"
    MINOR = "minor"
    INCAPACITATED = "incapacitated"
    BANKRUPT = "bankrupt"
    DEACTIVATED = "deactivated"


class ContactPointKind(StrEnum):
    """What an address is."""

    PHONE = "phone"
    EMAIL = "email"
    PUSH = "push"
    WHATSAPP = "whatsapp"


class PhoneType(StrEnum):
    """What stands at the other end of a number."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    VOIP = "voip"
    UNKNOWN = "unknown"


class ContactPointStatus(StrEnum):
    """Whether an address still leads to the debtor."""

    ACTIVE = "active"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    REASSIGNED = "reassigned"
    COMPLAINED = "complained"


class ChannelCapability(Shape):
    """Which channels an address can take, where the source knows."""

    sms: Flag | None = None
    whatsapp: Flag | None = None
    voice: Flag | None = None
    email: Flag | None = None


class ContactPoint(Shape):
    """One address; `value` is as the source wrote it, to be normalised where numbers are understood."""

    contact_point_ref: Ref
    kind: ContactPointKind
    value: Annotated[str, Field(strict=True, min_length=1, max_length=254)] = Field(repr=False)
    phone_type: PhoneType | None = None
    ownership: Word | None = None
    verified: Flag | None = None
    status: ContactPointStatus | None = None
    priority: Count | None = None
    channels: ChannelCapability | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _reference_is_a_token(self) -> Self:
        if self.contact_point_ref == self.value:
            raise ValueError("contactPointRef is published, so it must be a token, not the address itself")
        return self


class ConsentRecord(Shape):
    """What the debtor said about a channel and purpose; without `captured_at` the event's time counts."""

    channel: Channel
    purpose: Purpose
    state: ConsentState
    captured_at: Instant | None = None
    captured_via: Word | None = None
    legal_basis: Word | None = None
    evidence_ref: Ref | None = None
    expires_at: Instant | None = None
    contact_point_ref: Ref | None = None


class Window(Shape):
    """Hours the debtor prefers, local time; start inclusive, end exclusive."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.start == self.end:
            raise ValueError("from and to are the same, which leaves no hour at all")
        return self


class Preferences(Shape):
    """The debtor's own wishes; `channels` in order of liking."""

    channels: tuple[Channel, ...] | None = None
    preferred_channel: Channel | None = None
    window: Window | None = Field(
        default=None, validation_alias=AliasChoices("window", "preferredWindow"), serialization_alias="window"
    )
    digital_only: Flag | None = None


class Suppression(Shape):
    """Reasons in the directory why a debtor may not be contacted, until an instant where one is given."""

    registry_flags: tuple[Word, ...] | None = None
    legal_hold: Flag | None = None
    dispute: Flag | None = None
    represented_by_lawyer: Flag | None = None
    bankruptcy: Flag | None = None
    disaster_area: Flag | None = None
    until: Instant | None = None

    @property
    def reasons(self) -> Sequence[str]:
        """The reasons that are in force, as words; a register's flag is one too, though it may stop offers alone."""
        named = {
            "legal": self.legal_hold,
            "dispute": self.dispute,
            "lawyer": self.represented_by_lawyer,
            "bankruptcy": self.bankruptcy,
            "disaster": self.disaster_area,
        }
        registers = [f"{REGISTER}{flag}" for flag in dict.fromkeys(self.registry_flags or ())]
        return [*(reason for reason, holds in named.items() if holds), *registers]


def _four_digits(value: Any) -> Any:
    return value if isinstance(value, str) and _FOUR_DIGITS.fullmatch(value) else None


FourDigits = Annotated[str | None, BeforeValidator(_four_digits)]


class Verification(Shape):
    """What a debtor may be asked on the phone, to show that they are the one; kept sealed.

    `document` are the last four digits of the identity document. What is not four digits is passed over, since no
    call needs it.
    """

    document: FourDigits = Field(default=None, repr=False, pattern=_FOUR_DIGITS.pattern)
    birth_year: FourDigits = Field(default=None, repr=False, pattern=_FOUR_DIGITS.pattern)


class DebtorLoan(Shape):
    """A loan of the debtor as the directory knows it."""

    loan_ref: Ref
    role: LoanRole = LoanRole.BORROWER
    product_code: Word | None = None
    product_name: Word | None = None
    creditor_ref: Ref | None = None
    status: LoanStatus | None = None
    principal_outstanding: SignedAmount | None = None
    total_outstanding: SignedAmount | None = None
    overdue_amount: Amount | None = None
    days_past_due: Count | None = None
    as_of: Day | None = None
    delinquency_bucket: Word | None = None
    next_due_date: Day | None = None
    next_amount_due: Amount | None = None
    installment_number: Count | None = None
    installment_count: Count | None = None
    autopay: Flag | None = None
    payment_refs: tuple[PaymentRef, ...] | None = None


def _object_or_none(value: Any) -> Any:
    return value if isinstance(value, dict | Verification) else None


class DebtorUpserted(InboundEvent):
    """A full snapshot of a debtor; what it leaves out is no longer so. A lower `revision` is older."""

    event_type = PREFIX + "debtor.upserted.v1"
    key_is_debtor = True

    debtor_ref: Ref
    display_name: PersonName = Field(repr=False)
    contact_points: tuple[ContactPoint, ...]
    revision: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] | None = None
    updated_at: Instant | None = None
    status: DebtorStatus = DebtorStatus.ACTIVE
    given_name: PersonName | None = Field(default=None, repr=False)
    family_names: PersonName | None = Field(default=None, repr=False)
    preferred_name: PersonName | None = Field(default=None, repr=False)
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    municipality: Word | None = None
    timezone: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}$")] | None = None
    consents: tuple[ConsentRecord, ...] = ()
    preferences: Preferences | None = None
    suppression: Suppression | None = None
    verification: Annotated[Verification | None, BeforeValidator(_object_or_none)] = Field(default=None, repr=False)
    segment: Word | None = None
    subsegment: Word | None = None
    risk_score: Number | None = None
    tags: tuple[Word, ...] = ()
    loans: tuple[DebtorLoan, ...] = ()

    @model_validator(mode="after")
    def _references_are_unique(self) -> Self:
        points = [point.contact_point_ref for point in self.contact_points]
        loans = [loan.loan_ref for loan in self.loans]
        if len(set(points)) != len(points):
            raise ValueError("contactPoints repeat a contactPointRef")
        if len(set(loans)) != len(loans):
            raise ValueError("loans repeat a loanRef")
        return self


class DebtorPatched(DebtorUpserted):
    """A word of a source that knows a debtor in part: members that are not there stay as they were.

    Never read off a topic of ours, where snapshots are full; other dialects become it.
    """


class DebtorDeactivated(InboundEvent):
    """The lender no longer deals with this debtor: nothing is sent any more."""

    event_type = PREFIX + "debtor.deactivated.v1"
    key_is_debtor = True

    debtor_ref: Ref
    reason: Word | None = None


def erased_ref(key: bytes | None) -> str:
    """Whom a record without a value on the debtors' topic erases; raises BadRecord for an unusable key."""
    try:
        ref = (key or b"").decode("utf-8")
    except UnicodeDecodeError:
        ref = ""
    if not is_ref(ref):
        raise BadRecord(DeadLetterReason.INVALID_EVENT, "an erasure needs the debtorRef as its key")
    return ref


DEBTOR_EVENTS: tuple[type[InboundEvent], ...] = (DebtorUpserted, DebtorDeactivated)
