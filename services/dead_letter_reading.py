"""Records of dead-letter topics as they lie there: all, the newest of each partition, or from a place on."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.cimpl import Message

from services.topics import TopicsProblem, existing_topics

SUFFIX = ".dlt"
_GROUP = "puntual-dlt"
_BATCH = 200
_PATIENCE = 15.0
_POLL = 0.1

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


def partitions_of(options: dict[str, Any], topics: Sequence[str]) -> list[TopicPartition]:
    """The beginning of each partition of these topics; raises TopicsProblem."""
    partitions = existing_topics(options)
    return [TopicPartition(name, number, 0) for name in topics for number in range(partitions.get(name, 0))]


def newest_of(options: dict[str, Any], topics: Sequence[str], most: int) -> tuple[list[TopicPartition], bool]:
    """Where the last `most` records of each partition begin, and whether there are older ones."""
    starts, older = [], False
    with _consumer(options) as consumer:
        for each in partitions_of(options, topics):
            low, high = consumer.get_watermark_offsets(each, timeout=_PATIENCE)
            older = older or high - most > low
            starts.append(TopicPartition(each.topic, each.partition, max(low, high - most)))
    return starts, older


def read(options: dict[str, Any], starts: Sequence[TopicPartition]) -> Generator[Record]:
    """Every record from these places to what is there now; raises TopicsProblem."""
    if not starts:
        return
    with _consumer(options) as consumer:
        consumer.assign(list(starts))
        yield from _to_the_end(consumer.consume, {(start.topic, start.partition) for start in starts})


@contextmanager
def _consumer(options: dict[str, Any]) -> Iterator[Consumer]:
    """A reader of what is there, which leaves no trace; raises TopicsProblem where Kafka refuses."""
    reading = {
        "group.id": _GROUP,
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }
    consumer = Consumer({**options, **reading})
    try:
        yield consumer
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
