"""What is published of a message at each turn of its life, built from its rows."""

import json
from datetime import datetime
from typing import Any

from campaigns.enrolment import NO_INSTALLMENT
from schemas.enums import Channel, FailureClass
from schemas.outcome_events import (
    Experiment,
    Failure,
    MessageAccepted,
    MessageCancelled,
    MessageDelivered,
    MessageExpired,
    MessageFailed,
    MessageRead,
    MessageScheduled,
    MessageSuppressed,
    MessageUnknown,
    TemplateRef,
    Trigger,
)
from schemas.outcome_words import (
    CancelledReason,
    ExpiredReason,
    Permanence,
    SuppressedReason,
    UnknownReason,
)
from services.publisher import Said
from services.store.attempts import AttemptRow
from services.store.messages import MessageRow


def scheduled(message: MessageRow, at: datetime, *, reason: str | None = None) -> Said:
    """Planned, or moved to another time."""
    outcome = MessageScheduled(
        **_common(message, at), scheduled_for=message.due_at, not_after=message.expires_at, reason=reason
    )
    return Said(outcome, message.next_sequence())


def suppressed(message: MessageRow, at: datetime, reason: SuppressedReason, rule: str | None) -> Said:
    """Due, and not sent."""
    outcome = MessageSuppressed(**_common(message, at), reason=reason, rule_ref=rule, would_have_been_at=message.due_at)
    return Said(outcome, message.next_sequence())


def cancelled(message: MessageRow, at: datetime, reason: CancelledReason) -> Said:
    """No longer called for."""
    return Said(MessageCancelled(**_common(message, at), reason=reason), message.next_sequence())


def expired(message: MessageRow, at: datetime, reason: ExpiredReason) -> Said:
    """Too late to be sent."""
    outcome = MessageExpired(**_common(message, at), expired_at=message.expires_at, reason=reason)
    return Said(outcome, message.next_sequence())


def accepted(message: MessageRow, attempt: AttemptRow, at: datetime) -> Said:
    """The provider took it."""
    outcome = MessageAccepted(
        **_of(message, attempt, at),
        provider=attempt.provider,
        provider_message_ref=attempt.provider_ref or "unnamed",
        segments=attempt.parts,
    )
    return Said(outcome, message.next_sequence())


def delivered(message: MessageRow, attempt: AttemptRow, at: datetime) -> Said:
    """It reached the debtor."""
    outcome = MessageDelivered(**_of(message, attempt, at), delivered_at=at, provider=attempt.provider)
    return Said(outcome, message.next_sequence())


def read(message: MessageRow, attempt: AttemptRow, at: datetime) -> Said:
    """The debtor opened it."""
    outcome = MessageRead(**_of(message, attempt, at), read_at=at, provider=attempt.provider)
    return Said(outcome, message.next_sequence())


def failed(
    message: MessageRow,
    attempt: AttemptRow,
    at: datetime,
    *,
    permanent: bool,
    retry_at: datetime | None = None,
    next_channel: str | None = None,
) -> Said:
    """Proven not to have reached the debtor; with `retry_at` the message goes on."""
    outcome = MessageFailed(
        **_of(message, attempt, at),
        provider=attempt.provider,
        failure=Failure(
            permanence=Permanence.PERMANENT if permanent else Permanence.TRANSIENT,
            code=FailureClass(attempt.failure or FailureClass.TEMPORARY),
            provider_code=attempt.code,
        ),
        will_retry=retry_at is not None,
        next_attempt_at=retry_at,
        next_channel=Channel(next_channel) if next_channel else None,
    )
    return Said(outcome, message.next_sequence())


def unknown(message: MessageRow, attempt: AttemptRow, at: datetime, reason: UnknownReason) -> Said:
    """Handed over, or maybe; no answer came."""
    outcome = MessageUnknown(
        **_of(message, attempt, at), since=attempt.handed_at, reason=reason, provider=attempt.provider
    )
    return Said(outcome, message.next_sequence())


def _common(message: MessageRow, at: datetime) -> dict[str, Any]:
    return {
        "message_ref": message.id,
        "debtor_ref": message.debtor_ref,
        "loan_ref": message.loan_ref,
        "installment_number": None if message.installment_number == NO_INSTALLMENT else message.installment_number,
        "channel": Channel(message.channel or Channel.SMS),
        "campaign_ref": message.campaign,
        "step_ref": message.step,
        "attempt": message.attempts,
        "trigger": _trigger(message),
        "occurred_at": at,
    }


def _trigger(message: MessageRow) -> Trigger | None:
    if message.trigger_id is None or message.trigger_type is None:
        return None
    return Trigger(event_id=message.trigger_id, event_type=message.trigger_type)


def _of(message: MessageRow, attempt: AttemptRow, at: datetime) -> dict[str, Any]:
    template = json.loads(attempt.template)
    return {
        **_common(message, at),
        "channel": Channel(attempt.channel),
        "attempt": attempt.number,
        "attempt_ref": attempt.id,
        "contact_point_ref": attempt.contact_point_ref,
        "template_ref": TemplateRef(id=template["name"], version=template["hash"][:16], language=template["language"]),
        "experiment": Experiment(id=f"{message.campaign}.{message.step}", arm=template["variant"])
        if template.get("variant")
        else None,
    }
