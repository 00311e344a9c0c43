"""The relay's records on a broker: each event once and whole, in order per debtor, where Kafka's own clients look."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import asyncpg
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from services.clock import FakeClock
from services.database import Database
from services.embedded.kafka import EmbeddedBroker
from services.kafka_clients import make_producer
from services.relay import LANES, Relay
from services.settings import Settings
from services.store import outbox
from services.store.outbox import OutboxRow

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
TOPIC, OTHER = "puntual.message.events.v1", "puntual.tasks.v1"


def events(debtors: int, of_each: int, *, padding: int) -> Iterator[OutboxRow]:
    for number in range(of_each):
        for debtor in range(debtors):
            payload = f'{{"number": {number}, "pad": "{"x" * padding}"}}'
            topic = OTHER if debtor % 5 == 0 else TOPIC
            yield OutboxRow(uuid4(), topic, f"D-{debtor}", "io.puntual.x.v1", "message/1", payload, '{"sequence": "1"}')


async def published(broker: EmbeddedBroker, database_url: str, rows: list[OutboxRow]) -> list[Message]:
    """What the broker holds once the relay has nothing left."""
    settings = Settings.load()
    broker.ensure_topics([TOPIC, OTHER])
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await outbox.append(connection, rows, NOW)
    async with make_producer(settings, broker.address) as producer:
        relay = Relay(database=Database(None), producer=producer, clock=FakeClock(NOW))
        while await relay.turn(connection, range(LANES)):
            pass
    assert await connection.fetchval("select count(*) from outbox") == 0
    await connection.close()
    return [record for topic in (TOPIC, OTHER) for record in held(broker, topic)]


def held(broker: EmbeddedBroker, topic: str) -> list[Message]:
    """Everything on a topic, each partition in its order."""
    reader = Consumer({"bootstrap.servers": broker.address, "group.id": "looking", "log_level": 2})
    partitions = [TopicPartition(topic, number, 0) for number in reader.list_topics(topic).topics[topic].partitions]
    total = sum(reader.get_watermark_offsets(partition, timeout=10)[1] for partition in partitions)
    reader.assign(partitions)
    found: list[Message] = []
    while len(found) < total:
        found += reader.consume(total - len(found), timeout=1)
    reader.close()
    return found


def ids(records: Iterable[Any]) -> list[str]:
    return [dict(record.headers() or [])["ce_id"].decode() for record in records]


async def test_a_debtors_events_keep_their_order_over_full_batches(broker: EmbeddedBroker, database_url: str) -> None:
    rows = list(events(debtors=10, of_each=120, padding=2000))
    found = await published(broker, database_url, rows)
    places = {str(row.id): place for place, row in enumerate(rows)}
    assert sorted(ids(found)) == sorted(places)
    by_debtor = defaultdict(list)
    for record, event_id in zip(found, ids(found), strict=True):
        by_debtor[record.key()].append(places[event_id])
    assert len(by_debtor) == 10
    assert all(earlier < later for each in by_debtor.values() for earlier, later in pairwise(each))


async def test_a_key_lies_where_other_clients_would_put_it(broker: EmbeddedBroker, database_url: str) -> None:
    other = Producer({"bootstrap.servers": broker.address, "partitioner": "murmur2_random", "log_level": 2})
    for debtor in range(50):
        other.produce("mirror", key=f"D-{debtor}")
    other.flush(10)
    mirrored = {record.key(): record.partition() for record in held(broker, "mirror")}
    found = await published(broker, database_url, list(events(debtors=50, of_each=1, padding=10)))
    assert {record.key(): record.partition() for record in found} == mirrored


async def test_an_event_larger_than_a_batch_is_published_too(broker: EmbeddedBroker, database_url: str) -> None:
    rows = [*events(debtors=1, of_each=2, padding=300_000), *events(debtors=1, of_each=2, padding=10)]
    assert ids(await published(broker, database_url, rows)) == [str(row.id) for row in rows]
