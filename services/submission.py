"""Takes in facts that came by HTTP, as those from Kafka: all in one transaction, the unusable one by one aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg
import structlog

from schemas.dead_letter import BadRecord
from schemas.envelope import CloudEvent
from services import telemetry
from services.intake import Fact, Handled, Intake
from services.reading import Reading, read_event

log = structlog.get_logger(__name__)

_UNSTORABLE = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError, ArithmeticError)


class Fate(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    IGNORED = "ignored"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one event, and why where it had no effect."""

    fate: Fate
    reason: str | None = None


def read(event: CloudEvent | BadRecord, now: datetime) -> Reading:
    """An event as facts; one that can't be used says why."""
    if isinstance(event, BadRecord):
        return Reading(bad=event)
    try:
        return read_event(event, received_at=now, now=now)
    except BadRecord as error:
        return Reading(bad=error)


async def submit(connection: Any, intake: Intake, readings: Sequence[Reading], now: datetime) -> list[Received]:
    """Apply what was read, in the caller's transaction; tells for each reading what became of it."""
    facts = [fact for reading in readings for fact in reading.facts]
    fates: dict[int, Received] = {}
    await _apply(connection, intake, facts, now, fates)
    received = [_fate(reading, fates) for reading in readings]
    for each in received:
        telemetry.EVENTS.labels("http", each.fate.value).inc()
    return received


async def _apply(
    connection: Any, intake: Intake, facts: Sequence[Fact], now: datetime, fates: dict[int, Received]
) -> None:
    """Apply facts together; where one of them can't be stored, in halves, until it is alone."""
    if not facts:
        return
    try:
        async with connection.transaction():
            handled = await intake.handle(connection, facts, now)
    except _UNSTORABLE as error:
        if len(facts) > 1:
            middle = len(facts) // 2
            await _apply(connection, intake, facts[:middle], now, fates)
            await _apply(connection, intake, facts[middle:], now, fates)
            return
        log.warning("event_refused", event_type=facts[0].event_type, error=type(error).__name__)
        fates[id(facts[0])] = Received(Fate.REJECTED, f"the event can't be stored ({type(error).__name__})")
        return
    fates.update(_fates(facts, handled))
    _count(handled.planned)


def _fates(facts: Sequence[Fact], handled: Handled) -> dict[int, Received]:
    fates = {id(fact): Received(Fate.ACCEPTED) for fact in facts}
    fates.update((id(fact), Received(Fate.REPEATED, "handled before")) for fact in handled.repeated)
    fates.update((id(fact), Received(Fate.REJECTED, error.message)) for fact, error in handled.refused)
    return fates


def _fate(reading: Reading, fates: Mapping[int, Received]) -> Received:
    if reading.bad is not None:
        return Received(Fate.REJECTED, reading.bad.message)
    if reading.ignored is not None:
        return Received(Fate.IGNORED, reading.ignored)
    return fates[id(reading.facts[0])]


def _count(planned: Mapping[str, int]) -> None:
    for campaign, count in planned.items():
        telemetry.MESSAGES_PLANNED.labels(campaign).inc(count)
