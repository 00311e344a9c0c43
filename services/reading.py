"""Reads a Kafka record as facts: native CloudEvents, erasures, and the dialects of other cores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas import rfc3339
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.debtor_events import erased_ref
from schemas.envelope import CloudEvent, decode_record
from schemas.inbound import parse_inbound
from services.intake import Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record turned out to be: facts, or why there are none."""

    facts: Sequence[Fact] = ()
    bad: BadRecord | None = None
    ignored: str | None = None


def read_native(record: Any, now: datetime, *, erasures: bool) -> Reading:
    """A record of one of our own topics; on the debtors' topic a null value erases."""
    try:
        if record.value is None:
            if not erasures:
                raise BadRecord(DeadLetterReason.INVALID_EVENT, "the value is null, which erases debtors only")
            return Reading((_erasure(record, now),))
        event = decode_record(key=record.key, value=record.value, headers=record.headers)
        return read_event(event, received_at=stamped(record, now), now=now)
    except BadRecord as error:
        return Reading(bad=error)


def read_event(event: CloudEvent, *, received_at: datetime, now: datetime) -> Reading:
    """A decoded event; raises BadRecord where a known type is invalid."""
    if _is_stale(event, now):
        return Reading(ignored="expired")
    fact = parse_inbound(event)
    if fact is None:
        return Reading(ignored="unknown_type")
    at = min(event.time or received_at, now)
    return Reading((Fact(event.source, event.id, event.type, at, fact),))


def stamped(record: Any, now: datetime) -> datetime:
    """When the record reached Kafka, never later than now."""
    if record.timestamp is None or record.timestamp < 0:
        return now
    return min(datetime.fromtimestamp(record.timestamp / 1000, UTC), now)


def _erasure(record: Any, now: datetime) -> Fact:
    place = f"{record.topic}/{record.partition}"
    ref = erased_ref(record.key)
    return Fact(f"kafka:{place}", str(record.offset), "erasure", stamped(record, now), None, erased=ref)


def _is_stale(event: CloudEvent, now: datetime) -> bool:
    text = event.extensions.get("expirytime")
    if text is None:
        return False
    try:
        return rfc3339.instant(text) <= now
    except ValueError as error:
        raise BadRecord(DeadLetterReason.INVALID_EVENT, f"expirytime: {error}") from None
