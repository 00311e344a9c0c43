"""Contacts that people and other systems made, and tasks they closed."""

from enum import StrEnum

from schemas.events_base import PREFIX, InboundEvent, Instant, Ref, Word


class ContactWay(StrEnum):
    """How somebody was contacted outside this service."""

    CALL = "call"
    VISIT = "visit"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    LETTER = "letter"


class ContactOutcome(StrEnum):
    """What a contact came to."""

    ATTEMPTED = "attempted"
    ANSWERED = "answered"
    RIGHT_PARTY = "right_party"
    THIRD_PARTY = "third_party"


class ContactRecorded(InboundEvent):
    """Somebody contacted the debtor; it counts toward caps."""

    event_type = PREFIX + "contact.recorded.v1"
    key_is_debtor = True

    contact_ref: Ref
    debtor_ref: Ref
    at: Instant
    channel: ContactWay
    outcome: ContactOutcome
    agent_ref: Ref | None = None
    notes_ref: Ref | None = None


class TaskClosed(InboundEvent):
    """Somebody finished a task that this service handed out."""

    event_type = PREFIX + "task.closed.v1"
    key_is_debtor = True

    task_ref: Ref
    outcome: Word
    closed_at: Instant
    agent_ref: Ref | None = None


CONTACT_EVENTS: tuple[type[InboundEvent], ...] = (ContactRecorded, TaskClosed)
