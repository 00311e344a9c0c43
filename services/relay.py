"""The relay: moves outbox rows to Kafka in order per debtor, at least once, with ids that never change.

Debtors fall into lanes by hash. Each lane has one relay at a time, and relays share the lanes evenly.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential_jitter

from services import telemetry
from services.clock import Clock
from services.database import UNAVAILABLE, Database
from services.failpoints import failpoint
from services.publisher import SOURCE
from services.store import outbox

log = structlog.get_logger(__name__)

LANES = 16
_SOURCE = SOURCE.encode()
_BATCH = 1000
_FEW = 250
"""A turn costs much the same whatever it moves: after one of so few it is worth a moment to gather more."""
_IDLE_SECONDS = 0.05
_AWAY_SECONDS = 0.5
_LANE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Batch:
    """Records of one partition."""

    topic: str
    partition: int
    builder: Any

    def take(self, row: Any, key: bytes) -> bool:
        """Add a row; False where the batch is full."""
        taken = self.builder.append(timestamp=None, key=key, value=row["payload"].encode(), headers=headers_of(row))
        return taken is not None


class Relay:
    """Publishes the lanes that this process owns; a debtor is always in the same lane."""

    def __init__(self, *, database: Database, producer: AIOKafkaProducer, clock: Clock) -> None:
        self._database = database
        self._producer = producer
        self._clock = clock

    async def run(self, stopping: asyncio.Event) -> None:
        """Own what lanes are free, and publish them until told to stop."""
        while not stopping.is_set():
            try:
                async with self._database.owning() as owner:
                    await self._publish_owned(owner, stopping)
            except UNAVAILABLE as error:
                log.warning("database_unavailable", what="relay", error=type(error).__name__)
                await _pause(stopping, _AWAY_SECONDS)

    async def _publish_owned(self, owner: Any, stopping: asyncio.Event) -> None:
        """`owner` is a session that holds the locks of our lanes; losing it loses the lanes."""
        lanes: list[int] = []
        seated = await outbox.take_seat(owner, LANES)
        looked = float("-inf")
        while not stopping.is_set():
            if seated and self._clock.monotonic() - looked >= _LANE_SECONDS:
                await _share_lanes(owner, lanes)
                looked = self._clock.monotonic()
            if not lanes or await self.turn(owner, lanes) < _FEW:
                await _pause(stopping, _IDLE_SECONDS)
            seated = seated or await outbox.take_seat(owner, LANES)

    async def turn(self, connection: Any, lanes: Sequence[int]) -> int:
        """Publish the oldest rows of some lanes; gives how many."""
        every = len(lanes) == LANES
        rows = await outbox.next_rows(connection, limit=_BATCH, lanes=lanes, of=1 if every else LANES)
        if not rows:
            telemetry.OUTBOX_LAG.set(0)
            return 0
        telemetry.OUTBOX_LAG.set((self._clock.now() - rows[0]["created_at"]).total_seconds())
        await self._publish(rows)
        await failpoint("relay.after_publish")
        await outbox.delete(connection, [row["seq"] for row in rows])
        await failpoint("relay.after_delete")
        telemetry.BATCH_SIZE.labels("relay").observe(len(rows))
        return len(rows)

    async def _publish(self, rows: Sequence[Any]) -> None:
        """All rows in order, or none forgotten: what a lost broker refused is sent again, whole."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(KafkaError),
            wait=wait_exponential_jitter(multiplier=0.1, max=5.0),
            before_sleep=lambda state: log.warning("kafka_unavailable", attempt=state.attempt_number),
        ):
            with attempt:
                await asyncio.gather(*[await self._send(batch) for batch in await self._batches(rows)])

    async def _batches(self, rows: Sequence[Any]) -> list[_Batch]:
        """The rows in order as batches of their partitions, which costs a third of sending each by itself."""
        topics = {row["topic"] for row in rows}
        counts = {topic: len(await self._producer.partitions_for(topic)) for topic in topics}
        filling: dict[tuple[str, int], _Batch] = {}
        batches: list[_Batch] = []
        for row in rows:
            topic, key = row["topic"], row["key"].encode()
            place = topic, _hash(key) % counts[topic]
            batch = filling.get(place)
            if batch is None or not batch.take(row, key):
                batch = filling[place] = _Batch(*place, self._producer.create_batch())
                batch.take(row, key)
                batches.append(batch)
        return batches

    async def _send(self, batch: _Batch) -> Any:
        return await self._producer.send_batch(batch.builder, batch.topic, partition=batch.partition)


@lru_cache(maxsize=20_000)
def _hash(key: bytes) -> int:
    """As Kafka's own clients do, so that a key has one partition whoever writes; a message's events come together."""
    hashed: int = murmur2(key)
    return hashed & 0x7FFFFFFF


async def _share_lanes(owner: Any, lanes: list[int]) -> None:
    """Leave what is more than our part, or take what is free of it; nothing is under way between two turns.

    A relay that takes over sends what was not yet deleted, once more and before anything newer.
    """
    part = -(-LANES // max(1, await outbox.seats_taken(owner, LANES)))
    while len(lanes) > part:
        await outbox.leave_lane(owner, lanes.pop())
    for lane in range(LANES):
        if len(lanes) >= part:
            return
        if lane not in lanes and await outbox.take_lane(owner, lane):
            lanes.append(lane)


def headers_of(row: Any) -> list[tuple[str, bytes]]:
    """The attributes of a binary-mode CloudEvent."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(row["id"]).encode()),
        ("ce_source", _SOURCE),
        ("ce_type", row["type"].encode()),
        ("content-type", b"application/json"),
    ]
    if row["subject"]:
        headers.append(("ce_subject", row["subject"].encode()))
    headers += [("ce_" + name, value.encode()) for name, value in orjson.loads(row["headers"]).items()]
    return headers


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
