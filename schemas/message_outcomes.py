"""The life of a message, as published: planned, handed over, received, or ended and why."""

from uuid import UUID

from pydantic import Field

from schemas.enums import Channel, FailureClass
from schemas.events_base import PREFIX, Amount, Count, Flag, Instant, Ref
from schemas.outcome_base import Outcome, OutcomePart, ProviderRef, SourceId, Token
from schemas.outcome_words import (
    CancelledReason,
    ExpiredReason,
    Permanence,
    SuppressedReason,
    UnknownReason,
)


class TemplateRef(OutcomePart):
    """Which words were used: template, content version, language."""

    id: Token
    version: Token
    language: Token


class Experiment(OutcomePart):
    """Which arm of an experiment a message belongs to."""

    id: Token
    arm: Token


class Trigger(OutcomePart):
    """The inbound event that a message goes back to."""

    event_id: SourceId
    event_type: Token


class Failure(OutcomePart):
    """Why a provider did not deliver: whether for good, in our word, and in the provider's."""

    permanence: Permanence = Field(serialization_alias="class")
    code: FailureClass
    provider_code: Token | None = None


class MessageOutcome(Outcome):
    """Anything about one message; `attempt` counts from 1, and is 0 before the first."""

    topic = "puntual.message.events.v1"
    about = ("message", "message_ref")

    message_ref: UUID
    debtor_ref: Ref
    channel: Channel
    attempt: Count = 0
    attempt_ref: UUID | None = None
    contact_point_ref: Ref | None = None
    campaign_ref: Token | None = None
    campaign_version: Count | None = None
    step_ref: Token | None = None
    template_ref: TemplateRef | None = None
    experiment: Experiment | None = None
    trigger: Trigger | None = None


class MessageScheduled(MessageOutcome):
    """A message was planned, or moved to another time."""

    event_type = PREFIX + "message.scheduled.v1"
    scheduled_for: Instant
    not_after: Instant | None = None
    reason: Token | None = None


class MessageSuppressed(MessageOutcome):
    """A message that was due is not sent, and will not be."""

    event_type = PREFIX + "message.suppressed.v1"
    reason: SuppressedReason
    rule_ref: Token | None = None
    would_have_been_at: Instant | None = None


class MessageCancelled(MessageOutcome):
    """A planned message is no longer called for."""

    event_type = PREFIX + "message.cancelled.v1"
    reason: CancelledReason


class MessageExpired(MessageOutcome):
    """It is too late to send a message."""

    event_type = PREFIX + "message.expired.v1"
    expired_at: Instant
    reason: ExpiredReason


class AttemptOutcome(MessageOutcome):
    """Anything about one attempt to hand a message to a provider."""

    attempt: Count
    attempt_ref: UUID
    contact_point_ref: Ref


class MessageAccepted(AttemptOutcome):
    """The provider took it; `segments` in SMS parts."""

    event_type = PREFIX + "message.accepted.v1"
    provider: Token
    provider_message_ref: ProviderRef
    segments: Count | None = None
    cost: Amount | None = None


class MessageDelivered(AttemptOutcome):
    """It reached the debtor's device or mailbox."""

    event_type = PREFIX + "message.delivered.v1"
    delivered_at: Instant
    provider: Token | None = None


class MessageRead(AttemptOutcome):
    """The debtor opened it."""

    event_type = PREFIX + "message.read.v1"
    read_at: Instant
    provider: Token | None = None


class MessageFailed(AttemptOutcome):
    """It is proven not to have reached the debtor; `will_retry` says whether the message goes on."""

    event_type = PREFIX + "message.failed.v1"
    failure: Failure
    will_retry: Flag
    next_attempt_at: Instant | None = None
    next_channel: Channel | None = None
    provider: Token | None = None


class MessageUnknown(AttemptOutcome):
    """It was, or may have been, handed over and no answer came; it counts as a contact."""

    event_type = PREFIX + "message.unknown.v1"
    since: Instant
    reason: UnknownReason
    reconcile_until: Instant | None = None
    provider: Token | None = None


class MessageClicked(MessageOutcome):
    """The debtor followed a link in it."""

    event_type = PREFIX + "message.clicked.v1"
    link_ref: Token
    at: Instant


MESSAGE_OUTCOMES: tuple[type[MessageOutcome], ...] = (
    MessageScheduled,
    MessageSuppressed,
    MessageCancelled,
    MessageExpired,
    MessageAccepted,
    MessageDelivered,
    MessageRead,
    MessageFailed,
    MessageUnknown,
    MessageClicked,
)
