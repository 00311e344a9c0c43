"""Everything that we publish: the outcome types by name, and an outcome as a CloudEvent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.contact_outcomes import (
    CONTACT_OUTCOMES,
    TASK_OUTCOMES,
    ComplaintReceived,
    ContactPointInvalidated,
    DisputeRaised,
    Instalment,
    OptInRecorded,
    OptOutRecorded,
    PaymentClaimed,
    PromiseBroken,
    PromiseKept,
    PromiseRecorded,
    ReplyReceived,
    TaskCreated,
)
from schemas.envelope import CloudEvent
from schemas.message_outcomes import (
    MESSAGE_OUTCOMES,
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
from schemas.outcome_base import Outcome

__all__ = [
    "OUTBOUND",
    "SCHEMA_URN",
    "ComplaintReceived",
    "ContactPointInvalidated",
    "DisputeRaised",
    "Experiment",
    "Failure",
    "Instalment",
    "MessageAccepted",
    "MessageCancelled",
    "MessageClicked",
    "MessageDelivered",
    "MessageExpired",
    "MessageFailed",
    "MessageRead",
    "MessageScheduled",
    "MessageSuppressed",
    "MessageUnknown",
    "OptInRecorded",
    "OptOutRecorded",
    "Outcome",
    "PaymentClaimed",
    "PromiseBroken",
    "PromiseKept",
    "PromiseRecorded",
    "ReplyReceived",
    "TaskCreated",
    "TemplateRef",
    "Trigger",
    "to_cloud_event",
]

SCHEMA_URN = "urn:puntual:schema:outbound:"
OUTBOUND: dict[str, type[Outcome]] = {
    model.event_type: model for model in (*MESSAGE_OUTCOMES, *CONTACT_OUTCOMES, *TASK_OUTCOMES)
}


def to_cloud_event(
    outcome: Outcome,
    *,
    id: UUID,
    source: str,
    time: datetime,
    sequence: int,
    debtor_ref: str | None = None,
    extensions: Mapping[str, str] | None = None,
) -> CloudEvent:
    """The event to publish; `sequence` sorts as text, the partition key is the debtor where one is known."""
    data: dict[str, Any] = outcome.data()
    debtor = outcome.debtor_ref or debtor_ref
    if debtor is not None:
        data["debtorRef"] = debtor
    subject = outcome.subject
    return CloudEvent(
        id=str(id),
        source=source,
        type=outcome.event_type,
        time=time,
        subject=subject,
        datacontenttype="application/json",
        dataschema=SCHEMA_URN + outcome.event_type,
        data=data,
        extensions={
            "partitionkey": debtor or subject or str(id),
            "sequence": f"{sequence:019d}",
            "dataclassification": "confidential",
            **(extensions or {}),
        },
    )
