"""The ingest loop: batches from Kafka into one transaction each, offsets after the commit, the unreadable aside."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from schemas.dead_letter import BadRecord
from schemas.fineract.unused import label_of
from schemas.values import value
from services import telemetry
from services.applying import Applying
from services.burial import Burial
from services.clock import Clock
from services.database import Database
from services.failpoints import failpoint
from services.intake import Fact, Intake
from services.reading import Reading

log = structlog.get_logger(__name__)

_MOST_RECORDS = 500
_PATIENCE_MS = 200
_READ_AT_ONCE = 25

Reader = Callable[[Any, datetime], Reading]


@value
class _Read:
    record: Any
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one fetch brought."""

    partitions: Mapping[TopicPartition, Sequence[Any]]
    read: Sequence[_Read]


class Ingest:
    """Takes in what the topics of `readers` bring."""

    def __init__(
        self,
        *,
        consumer: AIOKafkaConsumer,
        burial: Burial,
        readers: Mapping[str, Reader],
        database: Database,
        intake: Intake,
        clock: Clock,
        noticed: Callable[[Iterable[Fact]], None],
    ) -> None:
        self._consumer = consumer
        self._burial = burial
        self._readers = readers
        self._applying = Applying(database, intake, clock, "ingest", partial(failpoint, "ingest.before_commit"))
        self._clock = clock
        self._noticed = noticed
        self._ahead: asyncio.Task[_Batch] | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; the batch under way is finished first, one read ahead is left for the next start."""
        try:
            while not stopping.is_set():
                await self.turn()
        finally:
            if self._ahead is not None:
                self._ahead.cancel()

    async def turn(self) -> int:
        """Handle one batch, while the next is fetched and read; gives how many records it had."""
        waiting = self._ahead or asyncio.create_task(self._take())
        self._ahead = None
        batch = await waiting
        if not batch.read:
            return 0
        self._ahead = asyncio.create_task(self._take())
        bad = [(each.record, each.reading.bad) for each in batch.read if each.reading.bad is not None]
        bad += await self._apply(batch.read)
        await failpoint("ingest.after_commit")
        await self._burial.put(bad)
        await failpoint("ingest.before_offsets")
        await self._commit(batch.partitions)
        self._noticed(fact for each in batch.read for fact in each.reading.facts)
        _count(batch.read)
        return len(batch.read)

    async def _take(self) -> _Batch:
        partitions = await self._fetch()
        now = self._clock.now()
        read = []
        for records in partitions.values():
            for record in records:
                read.append(_Read(record, self._readers[record.topic](record, now)))
                if len(read) % _READ_AT_ONCE == 0:
                    await asyncio.sleep(0)
        return _Batch(partitions, read)

    async def _fetch(self) -> Mapping[TopicPartition, Sequence[Any]]:
        """What the topics have; again and again while Kafka refuses."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(KafkaError),
            wait=wait_exponential_jitter(multiplier=0.2, max=5.0),
            before_sleep=_say,
        ):
            with attempt:
                fetched: Mapping[TopicPartition, Sequence[Any]] = await self._consumer.getmany(
                    timeout_ms=_PATIENCE_MS, max_records=_MOST_RECORDS
                )
                return fetched
        raise AssertionError("tenacity gave up without being told to")

    async def _apply(self, read: Sequence[_Read]) -> list[tuple[Any, BadRecord]]:
        facts = [fact for each in read for fact in each.reading.facts]
        if not facts:
            return []
        telemetry.BATCH_SIZE.labels("ingest").observe(len(facts))
        refused = (await self._applying.handle(facts)).refused
        if not refused:
            return []
        owners = {id(fact): each.record for each in read for fact in each.reading.facts}
        return [(owners[id(fact)], error) for fact, error in refused]

    async def _commit(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Commit offsets; failing is safe, since the inbox drops what comes again."""
        offsets = {partition: records[-1].offset + 1 for partition, records in batches.items()}
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.info("offsets_not_committed", reason=type(error).__name__)
        except KafkaError as error:
            log.warning("offsets_not_committed", reason=type(error).__name__)


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("kafka_unavailable", what="ingest", attempt=state.attempt_number, error=type(error).__name__)


def _count(read: Sequence[_Read]) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    for each in read:
        reading = each.reading
        outcomes[each.record.topic, "dead_letter" if reading.bad else reading.ignored or "handled"] += 1
        for name in reading.ignored_types:
            telemetry.EVENTS_IGNORED.labels(label_of(name)).inc()
        for release in reading.releases:
            telemetry.FINERACT_RECORDS.labels(release).inc()
    for labels, count in outcomes.items():
        telemetry.EVENTS.labels(*labels).inc(count)
