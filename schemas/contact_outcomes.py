"""What debtors told us, and work for people, as published; never their words, numbers or names."""

from typing import Literal
from uuid import UUID

from schemas.enums import Channel
from schemas.events_base import PREFIX, Amount, Day, Instant, PlainAmount, Ref
from schemas.outcome_base import Confidence, Outcome, OutcomePart, Token
from schemas.outcome_words import Intent, InvalidReason, OptScope, OptSource, TaskType


class ContactOutcome(Outcome):
    """Anything a debtor did that is not the life of a message; refs lead back to reply and message."""

    topic = "puntual.contact.events.v1"
    about = ("debtor", "debtor_ref")

    message_ref: UUID | None = None
    attempt_ref: UUID | None = None
    reply_ref: UUID | None = None


class OptOutRecorded(ContactOutcome):
    """The debtor wants no more on a channel, or on all."""

    event_type = PREFIX + "optout.recorded.v1"
    channel: Channel | Literal["all"]
    scope: OptScope = OptScope.PERSON
    contact_point_ref: Ref | None = None
    source: OptSource
    effective_at: Instant
    evidence_ref: Token | None = None


class OptInRecorded(ContactOutcome):
    """The debtor wants messages again."""

    event_type = PREFIX + "optin.recorded.v1"
    channel: Channel | Literal["all"]
    scope: OptScope = OptScope.PERSON
    contact_point_ref: Ref | None = None
    source: OptSource
    effective_at: Instant
    evidence_ref: Token | None = None


class ContactPointInvalidated(ContactOutcome):
    """An address does not lead to the debtor."""

    event_type = PREFIX + "contactpoint.invalidated.v1"
    contact_point_ref: Ref
    reason: InvalidReason
    channel: Channel | None = None
    provider_code: Token | None = None


class ComplaintReceived(ContactOutcome):
    """The debtor complains."""

    event_type = PREFIX + "complaint.received.v1"
    channel: Channel | None = None
    reason: Token | None = None
    text_ref: Token | None = None


class Instalment(OutcomePart):
    """One date of a promise, in the debtor's calendar, and how much, in a currency or none."""

    date: Day
    amount: Amount | PlainAmount | None = None


class ReplyReceived(ContactOutcome):
    """A reply came; what it says stays sealed with us, `text_ref` names it."""

    event_type = PREFIX + "reply.received.v1"
    about = ("reply", "reply_ref")

    reply_ref: UUID
    channel: Channel
    intent: Intent
    confidence: Confidence | None = None
    promise: tuple[Instalment, ...] | None = None
    in_reply_to: UUID | None = None
    text_ref: Token | None = None


class PromiseRecorded(ContactOutcome):
    """The debtor promised to pay."""

    event_type = PREFIX + "promise.recorded.v1"
    about = ("promise", "promise_ref")

    promise_ref: UUID
    loan_ref: Ref
    instalments: tuple[Instalment, ...]
    made_via: Token


class PromiseKept(ContactOutcome):
    """A promise made to us was kept."""

    event_type = PREFIX + "promise.kept.v1"
    about = ("promise", "promise_ref")

    promise_ref: UUID
    loan_ref: Ref


class PromiseBroken(ContactOutcome):
    """A promise made to us was not kept."""

    event_type = PREFIX + "promise.broken.v1"
    about = ("promise", "promise_ref")

    promise_ref: UUID
    loan_ref: Ref
    promised_for: Day | None = None


class DisputeRaised(ContactOutcome):
    """The debtor says that they do not owe it."""

    event_type = PREFIX + "dispute.raised.v1"
    channel: Channel | None = None
    reason: Token | None = None
    text_ref: Token | None = None


class PaymentClaimed(ContactOutcome):
    """The debtor says that they have paid."""

    event_type = PREFIX + "payment.claimed.v1"
    channel: Channel | None = None
    paid_on: Day | None = None
    amount: Amount | None = None
    text_ref: Token | None = None


class TaskCreated(Outcome):
    """Work for a person."""

    event_type = PREFIX + "task.created.v1"
    topic = "puntual.tasks.v1"
    about = ("task", "task_ref")

    task_ref: UUID
    type: TaskType
    reason: Token
    queue: Token | None = None
    due_at: Instant | None = None
    message_ref: UUID | None = None
    reply_ref: UUID | None = None
    campaign_ref: Token | None = None
    step_ref: Token | None = None


CONTACT_OUTCOMES: tuple[type[Outcome], ...] = (
    OptOutRecorded,
    OptInRecorded,
    ContactPointInvalidated,
    ComplaintReceived,
    ReplyReceived,
    PromiseRecorded,
    PromiseKept,
    PromiseBroken,
    DisputeRaised,
    PaymentClaimed,
)
TASK_OUTCOMES: tuple[type[Outcome], ...] = (TaskCreated,)
