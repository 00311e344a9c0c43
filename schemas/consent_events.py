"""Consents and suppressions that other systems recorded."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.enums import Channel, ConsentState, Purpose
from schemas.events_base import PREFIX, InboundEvent, Instant, Ref, Word


class SuppressionScope(StrEnum):
    """How far a suppression reaches."""

    PERSON = "person"
    LOAN = "loan"
    CHANNEL = "channel"
    CONTACT_POINT = "contactPoint"


class SuppressionReason(StrEnum):
    """Usual reasons of a suppression; others are taken too, since a stop must never fail on its reason."""

    REGISTRY = "registry"
    COMPLAINT = "complaint"
    LEGAL = "legal"
    DISPUTE = "dispute"
    DECEASED = "deceased"


class ConsentChanged(InboundEvent):
    """The debtor granted, denied or withdrew consent."""

    event_type = PREFIX + "consent.changed.v1"
    key_is_debtor = True

    debtor_ref: Ref
    channel: Channel
    purpose: Purpose
    state: ConsentState
    captured_via: Word
    effective_at: Instant
    basis: Word | None = None
    evidence_ref: Ref | None = None
    contact_point_ref: Ref | None = None


class _SuppressionEvent(InboundEvent):
    key_is_debtor = True

    debtor_ref: Ref
    scope: SuppressionScope
    channel: Channel | None = None
    contact_point_ref: Ref | None = None

    @model_validator(mode="after")
    def _scope_is_named(self) -> Self:
        needed = {
            SuppressionScope.PERSON: ("debtorRef", self.debtor_ref),
            SuppressionScope.LOAN: ("loanRef", self.loan_ref),
            SuppressionScope.CHANNEL: ("channel", self.channel),
            SuppressionScope.CONTACT_POINT: ("contactPointRef", self.contact_point_ref),
        }
        name, value = needed[self.scope]
        if value is None:
            raise ValueError(f"scope {self.scope} needs {name}")
        return self


class ContactSuppressed(_SuppressionEvent):
    """Nobody may contact this person, loan, channel or address, until an instant where one is given."""

    event_type = PREFIX + "contact.suppressed.v1"

    reason: Word
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None


class ContactUnsuppressed(_SuppressionEvent):
    """A suppression is over."""

    event_type = PREFIX + "contact.unsuppressed.v1"

    reason: Word | None = None


CONSENT_EVENTS: tuple[type[InboundEvent], ...] = (ConsentChanged, ContactSuppressed, ContactUnsuppressed)
