"""What is published of a message at each turn of its life, built from its rows."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from campaigns.enrolment import NO_INSTALLMENT
from schemas import rfc3339
from schemas.enums import Channel, FailureClass
from schemas.message_outcomes import MessageOutcome
from schemas.outcome_events import (
    Experiment,
    Failure,
    MessageAccepted,
    MessageCancelled,
    MessageClicked,
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
from services.publisher import Said, Written
from services.store.attempts import AttemptRow
from services.store.messages import MessageRow

_REF = re.compile("[!-*,-~][!-~]{0,255}")


def scheduled(message: MessageRow, at: datetime, *, reason: str | None = None) -> Said:
    """Planned, or moved to another time."""
    data = _written(message, at, message.channel or Channel.SMS.value, message.attempts)
    data["scheduledFor"] = rfc3339.text(message.due_at)
    data["notAfter"] = rfc3339.text(message.expires_at)
    if reason is not None:
        data["reason"] = reason
    return _said(MessageScheduled, message, data)


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
    data = _written_of(message, attempt, at)
    data["provider"] = attempt.provider
    data["providerMessageRef"] = _printable(attempt.provider_ref)
    data["segments"] = attempt.parts
    return _said(MessageAccepted, message, data)


def delivered(message: MessageRow, attempt: AttemptRow, at: datetime) -> Said:
    """It reached the debtor."""
    data = _written_of(message, attempt, at)
    data["deliveredAt"] = data["occurredAt"]
    data["provider"] = attempt.provider
    return _said(MessageDelivered, message, data)


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


def clicked(message: MessageRow, attempt: AttemptRow | None, link_ref: str, at: datetime) -> Said:
    """The debtor followed its link, for the first time."""
    about = _of(message, attempt, at) if attempt is not None else _common(message, at)
    return Said(MessageClicked(**about, link_ref=link_ref, at=at), message.next_sequence())


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
    template = orjson.loads(attempt.template)
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


def _said(model: type[MessageOutcome], message: MessageRow, data: dict[str, Any]) -> Said:
    """What every message says is written straight: building and dumping the model costs ten times as much."""
    subject = f"message/{data['messageRef']}"
    return Said(Written(model.event_type, model.topic, message.debtor_ref, subject, data), message.next_sequence())


def _written(message: MessageRow, at: datetime, channel: str, attempt: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "debtorRef": message.debtor_ref,
        "loanRef": message.loan_ref,
        "occurredAt": rfc3339.text(at),
        "messageRef": str(message.id),
        "channel": channel,
        "attempt": attempt,
        "campaignRef": message.campaign,
        "stepRef": message.step,
    }
    if message.installment_number != NO_INSTALLMENT:
        data["installmentNumber"] = message.installment_number
    if message.trigger_id is not None and message.trigger_type is not None:
        data["trigger"] = {"eventId": message.trigger_id, "eventType": message.trigger_type}
    return data


def _written_of(message: MessageRow, attempt: AttemptRow, at: datetime) -> dict[str, Any]:
    data = _written(message, at, attempt.channel, attempt.number)
    ref, variant = _template_of(attempt.template)
    data["attemptRef"] = str(attempt.id)
    data["contactPointRef"] = attempt.contact_point_ref
    data["templateRef"] = ref
    if variant:
        data["experiment"] = {"id": f"{message.campaign}.{message.step}", "arm": variant}
    return data


@lru_cache(maxsize=1_024)
def _template_of(text: str) -> tuple[Mapping[str, str], str | None]:
    """What is said of an attempt's words, and their variant; thousands of attempts share them."""
    template = orjson.loads(text)
    ref = {"id": template["name"], "version": template["hash"][:16], "language": template["language"]}
    return ref, template.get("variant")


def _printable(provider_ref: str | None) -> str:
    """The provider's name for it, where it can't be mistaken for an address or a text."""
    return provider_ref if provider_ref is not None and _REF.fullmatch(provider_ref) else "unnamed"
