"""Bodies of the HTTP interface: what callers send and what they are answered; camelCase outside."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import AliasChoices, ConfigDict, Field, model_validator

from schemas.consent_events import SuppressionScope
from schemas.enums import Channel, ConsentState, Purpose
from schemas.events_base import Instant, Ref, Shape, Word


class ConsentBody(Shape):
    """The debtor granted, denied or withdrew consent."""

    debtor_ref: Ref = Field(examples=["D-1"])
    channel: Channel
    purpose: Purpose
    state: ConsentState
    captured_via: Word = Field("api", examples=["branch"])
    effective_at: Instant | None = Field(
        default=None,
        validation_alias=AliasChoices("effectiveAt", "capturedAt"),
        serialization_alias="effectiveAt",
        description="when it was given; now, where left out",
    )
    basis: Word | None = None
    evidence_ref: Ref | None = None
    contact_point_ref: Ref | None = None


class SuppressionBody(Shape):
    """Nobody may contact this person, loan, channel or address, until an instant where one is given."""

    debtor_ref: Ref = Field(examples=["D-1"])
    scope: SuppressionScope = SuppressionScope.PERSON
    channel: Channel | None = None
    loan_ref: Ref | None = None
    contact_point_ref: Ref | None = None
    reason: Word = Field(examples=["complaint"])
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = None


class HoldBody(Shape):
    """Contact stops for a while: about one loan where one is named, else with the person."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string"}}} for name in ("debtorRef", "loanRef")
            ]
        }
    )

    debtor_ref: Ref | None = Field(default=None, examples=["D-1"])
    loan_ref: Ref | None = None
    reason: Word = Field(examples=["dispute"])
    until: Instant | None = Field(default=None, description="the first instant it holds no more; open where left out")

    @model_validator(mode="after")
    def _somebody_is_named(self) -> Self:
        if self.debtor_ref is None and self.loan_ref is None:
            raise ValueError("name a debtorRef or a loanRef")
        return self


class StopBody(Shape):
    """A kill switch: over one campaign, channel, provider or jurisdiction, or over everything where none is named."""

    campaign: Word | None = None
    channel: Channel | None = None
    provider: Word | None = None
    jurisdiction: Word | None = Field(default=None, examples=["CO"])
    reason: Word = Field(examples=["wrong balances in last night's load"])

    @model_validator(mode="after")
    def _one_at_most(self) -> Self:
        if sum(name is not None for name in (self.campaign, self.channel, self.provider, self.jurisdiction)) > 1:
            raise ValueError("name one of campaign, channel, provider and jurisdiction, or none for everything")
        return self

    @property
    def target(self) -> tuple[str, str | None]:
        """The scope of the switch and the name it is about."""
        for scope in ("campaign", "channel", "provider", "jurisdiction"):
            name = getattr(self, scope)
            if name is not None:
                return scope, str(name)
        return "all", None


class EventResult(Shape):
    """What became of one event."""

    index: int = Field(description="its place in the request, from 0")
    id: str | None = None
    source: str | None = None
    status: str = Field(description="accepted, repeated, ignored or rejected", examples=["accepted"])
    reason: str | None = None


class EventsAnswer(Shape):
    """What became of the events of a request, in their order."""

    accepted: int = 0
    repeated: int = 0
    ignored: int = 0
    rejected: int = 0
    results: tuple[EventResult, ...]


class DebtorAnswer(Shape):
    """What became of a snapshot: accepted, or outdated where a newer revision is known."""

    debtor_ref: str
    status: str = Field(examples=["accepted"])
    revision: int | None = Field(description="the revision in force")


class ConsentAnswer(Shape):
    """A consent that was recorded."""

    debtor_ref: str
    status: str = Field(examples=["accepted"])


class Recorded(Shape):
    """A suppression or hold that is in force; its id lifts it."""

    id: UUID
    debtor_ref: str | None
    loan_ref: str | None
    reason: str
    since: datetime
    until: datetime | None


class StopAnswer(Shape):
    """A kill switch."""

    id: UUID
    scope: str = Field(examples=["campaign"])
    name: str | None = Field(examples=["recordatorio-preventivo"])
    reason: str
    made_by: str
    since: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    warning: str | None = Field(default=None, description="set where nothing of that name is known here")


class StopsPage(Shape):
    """Kill switches, oldest first; `next` is the cursor of the following page."""

    items: tuple[StopAnswer, ...]
    next: str | None = None


class TimelineEntry(Shape):
    """One thing that happened to a debtor; `data` depends on the kind and never holds personal data."""

    at: datetime
    kind: str = Field(examples=["attempt"])
    ref: str
    data: dict[str, Any]


class TimelinePage(Shape):
    """What happened, oldest first; `next` is the cursor of the following page."""

    debtor_ref: str
    items: tuple[TimelineEntry, ...]
    next: str | None = None


class AttemptAnswer(Shape):
    """One try at one provider."""

    attempt_ref: UUID
    number: int
    channel: str
    contact_point_ref: str
    provider: str
    state: str
    provider_message_ref: str | None
    parts: int
    template: dict[str, Any]
    handed_at: datetime
    valid_until: datetime
    settled_at: datetime | None
    failure: str | None
    code: str | None


class MessageAnswer(Shape):
    """One message with its attempts."""

    message_ref: UUID
    debtor_ref: str
    loan_ref: str
    installment_number: int | None
    campaign: str
    step: str
    purpose: str
    channel: str | None
    state: str = Field(description="planned, claimed, done, cancelled, denied or expired")
    outcome: str | None
    reason: str | None
    rule: str | None
    earliest: datetime
    due_at: datetime
    expires_at: datetime
    trigger_event_id: str | None
    attempts: tuple[AttemptAnswer, ...]


class ReasonAnswer(Shape):
    """A rule that spoke against a contact, where it is written, and what it says."""

    rule: str
    basis: str
    source: str
    sentence: str


class DecisionAnswer(Shape):
    """One verdict of the contact policy, with what it was made from."""

    at: datetime
    channel: str | None
    verdict: str
    not_before: datetime | None
    not_after: datetime | None
    reasons: tuple[ReasonAnswer, ...]
    pack: str | None
    pack_version: str | None
    versions: dict[str, Any]
    inputs: dict[str, Any]
    sentence: str


class ExplanationAnswer(Shape):
    """Why a message was, or was not, sent."""

    message_ref: UUID
    debtor_ref: str
    language: str
    state: str
    outcome: str | None
    summary: str
    sentences: tuple[str, ...]
    next_permitted_at: datetime | None
    decisions: tuple[DecisionAnswer, ...]
