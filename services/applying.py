"""Facts into the database together; where one of them can't be stored, in halves, until it is alone."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from schemas.dead_letter import BadRecord, DeadLetterReason
from services import telemetry
from services.clock import Clock
from services.database import Database
from services.intake import Fact, Handled, Intake

log = structlog.get_logger(__name__)

_POISON = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)


async def _at_once() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Applying:
    """Takes batches of facts in, each in a transaction of its own that is repeated while the server is away."""

    database: Database
    intake: Intake
    clock: Clock
    what: str
    before_commit: Callable[[], Awaitable[None]] = _at_once

    async def handle(self, facts: Sequence[Fact]) -> Handled:
        """What became of the facts; those that can't be stored are refused."""
        try:
            handled = await self.database.insist(lambda c: self._in_transaction(c, facts), what=self.what)
        except _POISON as error:
            return await self._in_halves(facts, error)
        for campaign, count in handled.planned.items():
            telemetry.MESSAGES_PLANNED.labels(campaign).inc(count)
        return handled

    async def _in_transaction(self, connection: Any, facts: Sequence[Fact]) -> Handled:
        handled = await self.intake.handle(connection, facts, self.clock.now())
        await self.before_commit()
        return handled

    async def _in_halves(self, facts: Sequence[Fact], error: Exception) -> Handled:
        if len(facts) > 1:
            middle = len(facts) // 2
            return _sum(await self.handle(facts[:middle]), await self.handle(facts[middle:]))
        log.warning("event_refused", event_type=facts[0].event_type, error=type(error).__name__)
        reason = f"the event can't be stored ({type(error).__name__})"
        return Handled(refused=[(facts[0], BadRecord(DeadLetterReason.PROCESSING_ERROR, reason))])


def _sum(first: Handled, second: Handled) -> Handled:
    planned = {
        name: first.planned.get(name, 0) + second.planned.get(name, 0) for name in {*first.planned, *second.planned}
    }
    return Handled(
        refused=[*first.refused, *second.refused],
        repeated=[*first.repeated, *second.repeated],
        applied=first.applied + second.applied,
        planned=planned,
    )
