"""One valid sample of every event type, in and out."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from schemas.enums import Channel, FailureClass
from schemas.money import Money
from schemas.outcome_events import (
    ComplaintReceived,
    ContactPointInvalidated,
    DisputeRaised,
    Experiment,
    Failure,
    Instalment,
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
    OptInRecorded,
    OptOutRecorded,
    Outcome,
    PaymentClaimed,
    PromiseBroken,
    PromiseKept,
    PromiseRecorded,
    ReplyReceived,
    TaskCreated,
    TemplateRef,
    Trigger,
)
from schemas.outcome_words import (
    CancelledReason,
    ExpiredReason,
    Intent,
    InvalidReason,
    OptSource,
    Permanence,
    SuppressedReason,
    TaskType,
    UnknownReason,
)

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
EVENT_ID = UUID("01920000-0000-7000-8000-000000000001")
MESSAGE_ID = UUID("01920000-0000-7000-8000-000000000002")
ATTEMPT_ID = UUID("01920000-0000-7000-8000-000000000003")
OTHER_ID = UUID("01920000-0000-7000-8000-000000000004")


def inbound() -> dict[str, dict[str, Any]]:
    """Valid data of every inbound type."""
    files = sorted((GOLDEN / "inbound").glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def outbound() -> list[Outcome]:
    """One outcome of every type, with as many fields as it has."""
    return [*_planned(), *_handed_over(), *_said()]


def _message() -> dict[str, Any]:
    return {
        "message_ref": MESSAGE_ID,
        "debtor_ref": "D-1",
        "loan_ref": "L-1001",
        "installment_number": 7,
        "channel": Channel.SMS,
        "occurred_at": NOW,
        "campaign_ref": "recordatorio-preventivo",
        "campaign_version": 3,
        "step_ref": "vence-hoy",
        "template_ref": TemplateRef(id="vence_hoy", version="9f86d081", language="es-MX"),
        "experiment": Experiment(id="vence-hoy", arm="vence_hoy_corto"),
        "trigger": Trigger(event_id="7f0c", event_type="io.puntual.installment.due.v1"),
    }


def _planned() -> list[Outcome]:
    common = _message()
    return [
        MessageScheduled(**common, scheduled_for=NOW, not_after=NOW, reason="step"),
        MessageSuppressed(**common, reason=SuppressedReason.HOLIDAY, rule_ref="co-holiday", would_have_been_at=NOW),
        MessageCancelled(**common, reason=CancelledReason.PAID),
        MessageExpired(**common, expired_at=NOW, reason=ExpiredReason.TOO_LATE),
        MessageClicked(**common, link_ref="k1", at=NOW),
    ]


def _handed_over() -> list[Outcome]:
    common = _message() | {"attempt": 1, "attempt_ref": ATTEMPT_ID, "contact_point_ref": "cp1"}
    return [
        MessageAccepted(
            **common,
            provider="twilio-main",
            provider_message_ref="SM00000000000000000000000000000000",
            segments=1,
            cost=Money(Decimal("0.05"), "USD"),
        ),
        MessageDelivered(**common, delivered_at=NOW, provider="twilio-main"),
        MessageRead(**common, read_at=NOW, provider="twilio-main"),
        MessageFailed(
            **common,
            failure=Failure(permanence=Permanence.PERMANENT, code=FailureClass.OPTED_OUT, provider_code="21610"),
            will_retry=False,
            next_attempt_at=NOW,
            next_channel=Channel.EMAIL,
            provider="twilio-main",
        ),
        MessageUnknown(**common, since=NOW, reason=UnknownReason.NO_ANSWER, reconcile_until=NOW),
    ]


def _said() -> list[Outcome]:
    common: dict[str, Any] = {"debtor_ref": "D-1", "occurred_at": NOW, "reply_ref": OTHER_ID}
    when = Instalment(date=date(2026, 11, 30), amount=Decimal("500.00"))
    return [
        OptOutRecorded(**common, channel="all", source=OptSource.REPLY, effective_at=NOW, evidence_ref="e1"),
        OptInRecorded(**common, channel=Channel.SMS, source=OptSource.LINK, effective_at=NOW),
        ContactPointInvalidated(**common, contact_point_ref="cp1", reason=InvalidReason.WRONG_PERSON),
        ComplaintReceived(**common, channel=Channel.SMS, reason="threat", text_ref="t1"),
        ReplyReceived(
            **common, channel=Channel.SMS, intent=Intent.PROMISE, confidence=0.9, promise=(when,), text_ref="t1"
        ),
        PromiseRecorded(
            **common,
            promise_ref=OTHER_ID,
            loan_ref="L-1001",
            instalments=(when, Instalment(date=date(2026, 12, 15), amount=Money(Decimal("550.50"), "MXN"))),
            made_via="sms",
        ),
        PromiseKept(**common, promise_ref=OTHER_ID, loan_ref="L-1001"),
        PromiseBroken(**common, promise_ref=OTHER_ID, loan_ref="L-1001", promised_for=date(2026, 11, 30)),
        DisputeRaised(**common, channel=Channel.SMS, reason="not_mine", text_ref="t1"),
        PaymentClaimed(**common, channel=Channel.SMS, paid_on=date(2026, 11, 20)),
        TaskCreated(
            **common, task_ref=OTHER_ID, type=TaskType.CALL_BACK, reason="hardship", queue="sucursal", due_at=NOW
        ),
    ]
