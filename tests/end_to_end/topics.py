"""Both ends of Kafka as neighbours see them: events in, everything that comes out."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

LENDING = "puntual.lending.events.v1"
DEBTORS = "puntual.debtors.v1"
CONSENTS = "puntual.consents.v1"
CONTACTS = "puntual.contacts.v1"
MESSAGES = "puntual.message.events.v1"
CONTACT_EVENTS = "puntual.contact.events.v1"
TASKS = "puntual.tasks.v1"
INBOUND = (LENDING, DEBTORS, CONSENTS, CONTACTS)
OUTBOUND = (MESSAGES, CONTACT_EVENTS, TASKS)
DEAD = tuple(f"{name}.dlt" for name in INBOUND)
INGEST_GROUP = "puntual-ingest"
_PATIENCE = 10.0

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Record:
    """One Kafka record, byte for byte."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=list)

    def header(self, name: str) -> str:
        """A header's text; fails where it is missing or stands twice."""
        (value,) = [value for found, value in self.headers if found == name]
        assert value is not None, name
        return value.decode()


@dataclass(frozen=True, slots=True)
class OutboundEvent:
    """A published event; `kind` is its type without prefix and version."""

    record: Record

    @property
    def id(self) -> str:
        """Its CloudEvents id."""
        return self.record.header("ce_id")

    @property
    def kind(self) -> str:
        """For example `message.delivered`."""
        return self.record.header("ce_type").removeprefix("io.puntual.").removesuffix(".v1")

    @property
    def sequence(self) -> int:
        """Its place among the events of its message."""
        return int(self.record.header("ce_sequence"))

    @property
    def data(self) -> dict[str, Any]:
        """Its data."""
        assert self.record.value is not None
        data: dict[str, Any] = json.loads(self.record.value)
        return data

    @property
    def debtor(self) -> str | None:
        """Whom it is about."""
        return self.data.get("debtorRef")


class Topics:
    """A neighbour of Puntual on one Kafka."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 0, "log_level": 2})
        self._watcher = Consumer({"bootstrap.servers": bootstrap, "group.id": INGEST_GROUP, "log_level": 2})
        self._reader: Consumer | None = None
        self._records: dict[tuple[str, int, int], Record] = {}
        self._next: Counter[tuple[str, int]] = Counter()

    def produce(
        self, topic: str, *, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()
    ) -> None:
        """Put one record on a topic."""
        self._producer.produce(topic, key=key, value=value, headers=list(headers))

    def flush(self) -> None:
        """Return when Kafka has everything."""
        assert self._producer.flush(_PATIENCE) == 0, "Kafka did not take every record"

    def consumed(self) -> bool:
        """Whether ingest has committed the offsets of everything on the inbound topics."""
        places = [
            TopicPartition(name, number)
            for name, topic in self._watcher.list_topics(timeout=_PATIENCE).topics.items()
            if name in INBOUND
            for number in topic.partitions
        ]
        committed = {(p.topic, p.partition): p.offset for p in self._watcher.committed(places, timeout=_PATIENCE)}
        for place in places:
            low, high = self._watcher.get_watermark_offsets(place, timeout=_PATIENCE)
            if high > low and committed[place.topic, place.partition] < high:
                return False
        return True

    def events(self) -> list[OutboundEvent]:
        """Every outbound event so far, each id once, in the order of each partition."""
        found: dict[str, OutboundEvent] = {}
        for record in self.records(*OUTBOUND):
            event = OutboundEvent(record)
            found.setdefault(event.id, event)
        return list(found.values())

    def records(self, *topics: str) -> list[Record]:
        """Every record of these topics so far, repeats too."""
        self._read()
        return [record for record in self._records.values() if record.topic in topics]

    def catch_up(self, within: float = _PATIENCE) -> None:
        """Read to the present end of every outbound and dead-letter topic, in so many seconds."""
        reader = self._reading()
        ends = {
            (place.topic, place.partition): reader.get_watermark_offsets(place, timeout=_PATIENCE)[1]
            for place in reader.assignment()
        }
        deadline = time.monotonic() + within
        while any(self._next[place] < end for place, end in ends.items()):
            assert time.monotonic() < deadline, "Kafka did not give all it has"
            self._read()

    def close(self) -> None:
        """Let go of the broker."""
        self._watcher.close()
        if self._reader is not None:
            self._reader.close()

    def _read(self) -> None:
        for record in self._polled(self._reading()):
            self._records[record.topic, record.partition, record.offset] = record
            self._next[record.topic, record.partition] = record.offset + 1

    def _reading(self) -> Consumer:
        if self._reader is None:
            options = {"group.id": "neighbour", "enable.auto.commit": False, "fetch.wait.max.ms": 20, "log_level": 2}
            # What the broker let go before we read it is a fault of the test, never passed over in silence.
            options["auto.offset.reset"] = "error"
            self._reader = Consumer({"bootstrap.servers": self.bootstrap, **options})
            topics = self._reader.list_topics(timeout=_PATIENCE).topics
            self._reader.assign(
                [
                    TopicPartition(name, number, 0)
                    for name in (*OUTBOUND, *DEAD)
                    for number in (topics[name].partitions if name in topics else ())
                ]
            )
        return self._reader

    @staticmethod
    def _polled(reader: Consumer) -> Iterator[Record]:
        while batch := reader.consume(500, timeout=0.01):
            for message in batch:
                error = message.error()
                assert error is None or error.code() == KafkaError._PARTITION_EOF, error
                if error is None:
                    yield Record(
                        message.topic(),
                        message.partition(),
                        message.offset(),
                        message.key(),
                        message.value(),
                        message.headers() or [],
                    )
