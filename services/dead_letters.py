"""Dead-letter topics read and replayed: what is on them, and the way back to the topic it came from.

A replayed letter stays where it is. Behind it, on the same dead-letter topic, goes a mark (a record without key and
value whose header names the letter), so that it is not replayed again by accident; marks and letters age together.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.cimpl import Message

from schemas import dead_letter, rfc3339
from services.settings import Settings
from services.topics import TopicsProblem, existing_topics, wanted_topics

SUFFIX = ".dlt"
REPLAYED = dead_letter.PREFIX + "replayed"
REPLAYED_AT = dead_letter.PREFIX + "replayed_at"
_GROUP = "puntual-dlt"
_BATCH = 200
_PATIENCE = 15.0
_POLL = 0.1
_LARGEST_RECORD = 16 * 1024 * 1024

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a letter lies; written `topic/partition/offset`."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """A place as it is written, the topic with or without `.dlt`; raises ValueError."""
        topic, partition, offset = text.rsplit("/", 2)
        return cls(topic.removesuffix(SUFFIX) + SUFFIX, int(partition), int(offset))


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a dead-letter topic, byte for byte."""

    place: Place
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Letter:
    """What the headers tell of a dead letter; absent ones are empty, for others may write to the topic too."""

    place: Place
    headers: Headers
    size: int
    replayed: bool = False

    def told(self, name: str) -> str:
        """One of our headers as text."""
        wanted = dead_letter.PREFIX + name
        found = next((value for header, value in self.headers if header == wanted), None)
        return (found or b"").decode("utf-8", "replace")

    @property
    def failed_at(self) -> datetime | None:
        """When it was put aside."""
        try:
            return rfc3339.instant(self.told("failed_at"))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of the letters that were chosen."""

    replayed: Sequence[Place]
    repeated: Sequence[Place]
    without_origin: Sequence[Place]


def dead_letter_topics(settings: Settings, options: dict[str, Any]) -> list[str]:
    """The dead-letter topics of this deployment that exist; raises TopicsProblem."""
    present = existing_topics(options)
    return [name for topic in wanted_topics(settings) if (name := topic.name).endswith(SUFFIX) and name in present]


def letters(options: dict[str, Any], topics: Sequence[str]) -> list[Letter]:
    """Every letter on these topics by its place, without its value; raises TopicsProblem."""
    found: list[Letter] = []
    marked: set[Place] = set()
    for record in _records(options, topics):
        mark = next((value for name, value in record.headers if name == REPLAYED), None)
        if mark is None:
            found.append(Letter(record.place, record.headers, len(record.value or b"")))
        else:
            marked.add(Place.parse(mark.decode()))
    found.sort(key=lambda letter: letter.place)
    return [Letter(each.place, each.headers, each.size, each.place in marked) for each in found]


def record_at(options: dict[str, Any], place: Place) -> Record | None:
    """The record at a place, None where there is none (any more)."""
    start = TopicPartition(place.topic, place.partition, place.offset)
    if place.topic not in existing_topics(options):
        return None
    return next((each for each in _read(options, [start]) if each.place == place), None)


def replay(options: dict[str, Any], chosen: Sequence[Letter], *, again: bool, now: datetime) -> Replay:
    """Put letters back where they came from, in order, as they were; raises TopicsProblem.

    Handled events come again in vain: the inbox knows them by source and id. Records keep their timestamps, by which
    events without a time of their own are ordered; what is older than its topic's retention Kafka may delete again
    before anybody reads it, unless ingest is running.
    """
    partitions = existing_topics(options)
    homeless = [each.place for each in chosen if each.told("original_topic") not in partitions]
    repeated = [each.place for each in chosen if each.replayed and not again and each.place not in homeless]
    wanted = {each.place for each in chosen} - {*homeless, *repeated}
    with _Sender(options) as sender:
        batch: list[Record] = []
        for record in _records(options, sorted({place.topic for place in wanted})):
            if record.place in wanted:
                batch.append(record)
            if len(batch) == _BATCH:
                _send_back(sender, batch, partitions, now)
                batch = []
        _send_back(sender, batch, partitions, now)
    return Replay(sorted(wanted), repeated, homeless)


def _send_back(sender: "_Sender", batch: Sequence[Record], partitions: dict[str, int], now: datetime) -> None:
    """First the records, then their marks: a crash between makes a second replay, which the inbox takes."""
    for record in batch:
        letter = Letter(record.place, record.headers, 0)
        topic, partition = letter.told("original_topic"), letter.told("original_partition")
        usual = partition.isdecimal() and int(partition) < partitions[topic]
        timestamp = letter.told("original_timestamp")
        sender.send(
            topic,
            key=record.key,
            value=record.value,
            headers=list(dead_letter.strip(record.headers)),
            partition=int(partition) if usual else -1,
            timestamp=int(timestamp) if timestamp.isdecimal() else 0,
        )
    sender.flush()
    at = rfc3339.text(now).encode()
    for record in batch:
        mark: Headers = [(REPLAYED, str(record.place).encode()), (REPLAYED_AT, at)]
        sender.send(record.place.topic, key=None, value=None, headers=mark, partition=record.place.partition)
    sender.flush()


class _Sender:
    """A producer that tells when a record was not taken."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._producer = Producer({**options, "enable.idempotence": True, "message.max.bytes": _LARGEST_RECORD})
        self._refused: list[KafkaError] = []

    def __enter__(self) -> "_Sender":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._producer.purge()

    def send(self, topic: str, **record: Any) -> None:
        """Hand a record over."""
        self._producer.produce(topic, on_delivery=self._delivered, **record)

    def flush(self) -> None:
        """Wait until Kafka has everything; raises TopicsProblem where it does not take it."""
        left = self._producer.flush(_PATIENCE)
        if self._refused:
            raise TopicsProblem(f"Kafka did not take a record back: {self._refused[0].str()}")
        if left:
            raise TopicsProblem(f"Kafka did not answer within {_PATIENCE:g} s; some letters may not be replayed")

    def _delivered(self, error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            self._refused.append(error)


def _records(options: dict[str, Any], topics: Sequence[str]) -> Iterator[Record]:
    """Every record of these topics, from the oldest to what is there now."""
    partitions = existing_topics(options)
    starts = [TopicPartition(name, number, 0) for name in topics for number in range(partitions.get(name, 0))]
    return _read(options, starts) if starts else iter(())


def _read(options: dict[str, Any], starts: Sequence[TopicPartition]) -> Iterator[Record]:
    reading = {
        "group.id": _GROUP,
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }
    consumer = Consumer({**options, **reading})
    try:
        consumer.assign(list(starts))
        yield from _to_the_end(consumer.consume, {(start.topic, start.partition) for start in starts})
    except KafkaException as error:
        raise TopicsProblem(f"Kafka does not let the dead letters be read: {error.args[0].str()}") from error
    finally:
        consumer.close()


def _to_the_end(consume: Callable[..., list[Message]], unread: set[tuple[str, int]]) -> Iterator[Record]:
    deadline = time.monotonic() + _PATIENCE
    while unread:
        batch = consume(_BATCH, timeout=_POLL)
        if batch:
            deadline = time.monotonic() + _PATIENCE
        elif time.monotonic() > deadline:
            raise TopicsProblem(f"Kafka gave nothing for {_PATIENCE:g} s; is it up?")
        for message in batch:
            error = message.error()
            if error is None:
                yield _record(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                unread.discard((str(message.topic()), message.partition() or 0))
            else:
                raise KafkaException(error)


def _record(message: Message) -> Record:
    place = Place(str(message.topic()), message.partition() or 0, message.offset() or 0)
    headers = cast(Headers, message.headers() or [])
    return Record(place, message.key(), message.value(), headers)
