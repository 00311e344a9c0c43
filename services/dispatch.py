"""The dispatch loop: claim what may start now, hand it over with no session open, settle answers as they come."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog

from channels.provider import SendResult, Unknown
from services import telemetry
from services.attempting import Sending
from services.clock import Clock
from services.database import Database
from services.delivery import Claimed, Delivery
from services.failpoints import failpoint
from services.grouping import Grouped
from services.settling import News, Settling, word_of_result
from services.ways import Ways

log = structlog.get_logger(__name__)

_IDLE_SECONDS = 0.05
_SETTLE_SECONDS = 0.05
_SETTLE_ROWS = 500
_CLAIMS_IN_LIMIT = 4


class Dispatch:
    """Hands messages over, at most `limit` at a time in this process."""

    def __init__(
        self,
        *,
        database: Database,
        delivery: Delivery,
        settling: Settling,
        ways: Ways,
        clock: Clock,
        limit: int,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._settling = settling
        self._ways = ways
        self._clock = clock
        self._limit = limit
        self._in_flight = 0
        self._calls: set[asyncio.Task[None]] = set()
        self._least = max(1, limit // _CLAIMS_IN_LIMIT)
        self._room = asyncio.Event()
        self._settled = Grouped(self._settle, pause=_SETTLE_SECONDS, most=min(_SETTLE_ROWS, max(1, limit // 2)))

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; what is in flight is waited for and settled."""
        drained = asyncio.Event()
        settling = asyncio.create_task(self._settled.run(drained))
        try:
            while not stopping.is_set():
                if settling.done():
                    await settling
                if self._crowded:
                    self._room.clear()
                    await _pause(self._room, _IDLE_SECONDS)
                if await self.turn() == 0 and not self._crowded:
                    await _pause(stopping, _IDLE_SECONDS)
            while self._calls:
                await asyncio.wait(self._calls)
        finally:
            drained.set()
            await settling

    @property
    def _crowded(self) -> bool:
        """Whether a claim now would be for so few that it is worth waiting a moment for more room."""
        return self._in_flight > self._limit - self._least

    async def turn(self) -> int:
        """Claim once and start what was claimed; gives how many messages were considered."""
        capacity = self._ways.capacity(self._clock.monotonic()) if self._ways.any() else self._limit
        free = min(self._limit - self._in_flight, capacity)
        if free <= 0:
            return 0
        claimed = await self._database.insist(lambda c: self._claim(c, free), what="claim")
        if claimed.sendings:
            await failpoint("dispatch.after_claim")
        self._in_flight += len(claimed.sendings)
        loop = asyncio.get_running_loop()
        for sending in claimed.sendings:
            call = loop.create_task(self._hand_over(sending))
            self._calls.add(call)
            call.add_done_callback(self._answered)
        if claimed.considered:
            telemetry.BATCH_SIZE.labels("claim").observe(claimed.considered)
        return claimed.considered

    async def _claim(self, connection: Any, limit: int) -> Claimed:
        claimed = await self._delivery.claim(
            connection, limit=limit, now=self._clock.now(), monotonic=self._clock.monotonic()
        )
        if claimed.sendings:
            await failpoint("dispatch.before_claim_commit")
        return claimed

    async def _hand_over(self, sending: Sending) -> None:
        """At most one request for an attempt, whatever happens here."""
        started = self._clock.monotonic()
        await failpoint("dispatch.before_call")
        result = await self._send(sending)
        await failpoint("dispatch.after_call")
        ended = self._clock.monotonic()
        self._ways.record(sending.way, result, ended)
        channel = sending.handover.content.channel.value
        _call_seconds(sending.way.provider.id, channel).observe(ended - started)
        _attempts(sending.way.provider.id, channel, type(result).__name__).inc()
        self._settled.add(News(sending.attempt_id, word_of_result(result), closes=True), self._landed)

    async def _send(self, sending: Sending) -> SendResult:
        try:
            return await sending.way.provider.send(sending.handover)
        except Exception as error:
            # A fault of ours after the request may have left: the only safe word is unknown.
            log.exception("provider_call_failed", attempt=str(sending.attempt_id), error=type(error).__name__)
            return Unknown("no_answer", "internal")

    async def _settle(self, news: Sequence[News]) -> None:
        await self._database.insist(lambda c: self._settle_in(c, news, self._clock.now()), what="settle")
        await failpoint("dispatch.after_settle")

    async def _settle_in(self, connection: Any, news: Sequence[News], now: datetime) -> None:
        await self._settling.settle(connection, news, now)
        await failpoint("dispatch.before_settle_commit")

    def _answered(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        if call.cancelled():
            self._landed(None)
        elif (error := call.exception()) is not None:
            self._landed(error)

    def _landed(self, error: BaseException | None) -> None:
        """A hand-over is over when its answer is settled, or can't be."""
        self._in_flight -= 1
        if not self._crowded:
            self._room.set()
        if error is not None:
            log.error("attempt_not_settled", error=type(error).__name__)


@lru_cache(maxsize=1024)
def _call_seconds(provider: str, channel: str) -> Any:
    return telemetry.CALL_SECONDS.labels(provider, channel)


@lru_cache(maxsize=1024)
def _attempts(provider: str, channel: str, result: str) -> Any:
    return telemetry.ATTEMPTS.labels(provider, channel, result.lower())


async def _pause(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, so many seconds at most."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
