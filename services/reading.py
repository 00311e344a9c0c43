"""Reads a Kafka record as facts: native CloudEvents, erasures, and the dialects of other cores."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas import fineract, rfc3339
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.debtor_events import DebtorPatched, erased_ref
from schemas.envelope import CloudEvent, decode_record
from schemas.events_base import InboundEvent, parse_as
from schemas.fineract.mapping import Native
from schemas.inbound import parse_inbound
from schemas.values import value
from services.intake import Fact

Parse = Callable[[CloudEvent], InboundEvent | None]


@value
class Reading:
    """What a record turned out to be: facts, or why there are none.

    A record of several events may hold facts beside what is bad: they count, and come again with a replay in vain.
    """

    facts: Sequence[Fact] = ()
    bad: BadRecord | None = None
    ignored: str | None = None
    ignored_types: Sequence[str] = ()
    releases: frozenset[str] = frozenset()


def read_native(record: Any, now: datetime, *, erasures: bool) -> Reading:
    """A record of one of our own topics; on the debtors' topic a null value erases."""
    try:
        if record.value is None:
            if not erasures:
                raise BadRecord(DeadLetterReason.INVALID_EVENT, "the value is null, which erases debtors only")
            return Reading((_erasure(record, now),))
        event = decode_record(key=record.key, value=record.value, headers=record.headers)
        return read_event(event, received_at=event.time or stamped(record, now), now=now)
    except BadRecord as error:
        return Reading(bad=error)


def read_fineract(record: Any, now: datetime, *, tenant: str) -> Reading:
    """A record of Apache Fineract's topic, which may hold several events."""
    try:
        events = fineract.decode(record.key, record.value, tenant=tenant)
    except BadRecord as error:
        return Reading(bad=error)
    received_at = stamped(record, now)
    readings = [_read_part(event, received_at, now) for event in events]
    ignored = [reading.ignored for reading in readings if reading.ignored]
    return Reading(
        facts=[fact for reading in readings for fact in reading.facts],
        bad=next((reading.bad for reading in readings if reading.bad), None),
        ignored=ignored[0] if len(ignored) == len(readings) else None,
        ignored_types=[name for reading in readings for name in reading.ignored_types],
        releases=frozenset(event.extensions[fineract.RELEASE] for event in events if event.data is not None),
    )


def read_event(event: CloudEvent, *, received_at: datetime, now: datetime, parse: Parse = parse_inbound) -> Reading:
    """A decoded event; raises BadRecord where a known type is invalid."""
    if _is_stale(event, now):
        return Reading(ignored="expired")
    fact = parse(event)
    if fact is None:
        return Reading(ignored="unknown_type", ignored_types=(event.type,))
    at = min(event.time or received_at, now)
    return Reading((Fact(event.source, event.id, event.type, at, fact),))


def read_answer(native: Native, *, source: str, event_id: str, at: datetime) -> Fact:
    """What Fineract answered as a fact of that instant; raises BadRecord where it is no valid event of ours."""
    event = CloudEvent(
        id=event_id,
        source=source,
        type=native.type,
        time=at,
        subject=native.subject,
        datacontenttype="application/json",
        data=native.data,
        extensions={},
    )
    (fact,) = read_event(event, received_at=at, now=at, parse=_parse_fineract).facts
    return fact


def stamped(record: Any, now: datetime) -> datetime:
    """When the record reached Kafka, never later than now."""
    if record.timestamp is None or record.timestamp < 0:
        return now
    return min(datetime.fromtimestamp(record.timestamp / 1000, UTC), now)


def _read_part(event: CloudEvent, received_at: datetime, now: datetime) -> Reading:
    try:
        return read_event(event, received_at=received_at, now=now, parse=_parse_fineract)
    except BadRecord as error:
        return Reading(bad=error)


def _parse_fineract(event: CloudEvent) -> InboundEvent | None:
    """Its word on a client has no loans, consents or preferences, which it does not take away either."""
    if event.type == DebtorPatched.event_type:
        return parse_as(DebtorPatched, event)
    return parse_inbound(event)


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
