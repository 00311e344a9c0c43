"""What is measured every two seconds of a soak: memory, lags, unknowns, and counts from which rates are drawn."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from tests.benchmarks.soak.company import Company, memory
from tests.benchmarks.soak.engines import Engines
from tests.benchmarks.soak.load import Load
from tests.end_to_end.topics import INBOUND, INGEST_GROUP, OUTBOUND
from tests.end_to_end.world import World

EVERY = 2.0
_PATIENCE = 2.0
_LEDGER = """
select (select count(*) from outbox) as outbox,
    (select coalesce(extract(epoch from $1 - min(created_at)), 0)::float8 from outbox) as outbox_age,
    (select count(*) from open_attempt) as open,
    (select count(*) from message where state = 'planned' and due_at <= $1) as waiting,
    (select count(*) from attempt where state = 'unknown') as unknown
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment, in seconds from the start; None is what could not be read then."""

    at: float
    told: int
    handed: int
    left: int
    memory: dict[str, float | None]
    ledger: dict[str, float | None] | None = None
    lag: int | None = None
    published: int | None = None


class Sampler:
    """Takes samples until it is told to end."""

    def __init__(self, world: World, company: Company, engines: Engines, load: Load, *, since: float) -> None:
        self._world, self._company, self._engines, self._load = world, company, engines, load
        self._since = since
        self._connection: asyncpg.Connection[Any] | None = None
        self._offsets = Offsets(engines.bootstrap)
        self.samples: list[Sample] = []

    async def run(self, ended: asyncio.Event) -> None:
        """Sample until `ended`; fails where a process ended by itself."""
        while not ended.is_set():
            self._company.must_live()
            sample = await self._sample()
            self.samples.append(sample)
            if sample.ledger is not None and sample.lag is not None:
                self._load.measured(int(sample.ledger["waiting"] or 0) + sample.lag // 3)
            await asyncio.sleep(EVERY)
        if self._connection is not None:
            await self._connection.close()

    async def _sample(self) -> Sample:
        at = round(asyncio.get_running_loop().time() - self._since, 1)
        pids = {**self._company.pids(), **self._engines.pids}
        weights = await asyncio.to_thread(lambda: {name: memory(pid) for name, pid in pids.items()})
        counts = len(self._load.told), len(self._world.handed), len(self._load.left)
        ledger = await self._ledger()
        lag, published = await asyncio.to_thread(self._offsets.read)
        return Sample(at, *counts, weights, ledger, lag, published)

    async def _ledger(self) -> dict[str, float | None] | None:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._engines.dsn, timeout=_PATIENCE)
            row = await self._connection.fetchrow(_LEDGER, self._world.clock.now(), timeout=10)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._connection = None
            return None
        return dict(row)


@dataclass(slots=True)
class Offsets:
    """How far producers and ingest have come on Kafka."""

    bootstrap: str
    _admin: AdminClient = field(init=False)
    _watcher: Consumer = field(init=False)

    def __post_init__(self) -> None:
        options = {"bootstrap.servers": self.bootstrap, "log_level": 0}
        self._admin = AdminClient(options)
        self._watcher = Consumer({**options, "group.id": INGEST_GROUP})

    def read(self) -> tuple[int | None, int | None]:
        """Records that ingest has not committed, and records on the outbound topics; None where Kafka is away."""
        try:
            topics = self._admin.list_topics(timeout=_PATIENCE).topics
            inbound = [TopicPartition(name, n) for name in INBOUND for n in topics[name].partitions]
            outbound = [TopicPartition(name, n) for name in OUTBOUND for n in topics[name].partitions]
            ends = self._ends([*inbound, *outbound])
            committed = self._watcher.committed(inbound, timeout=_PATIENCE)
        except KafkaException:
            return None, None
        done = sum(max(place.offset, 0) for place in committed)
        return sum(ends[place.topic, place.partition] for place in inbound) - done, sum(
            ends[place.topic, place.partition] for place in outbound
        )

    def _ends(self, places: list[TopicPartition]) -> dict[tuple[str, int], int]:
        asked = self._admin.list_offsets({place: OffsetSpec.latest() for place in places}, request_timeout=_PATIENCE)
        return {(place.topic, place.partition): future.result().offset for place, future in asked.items()}
