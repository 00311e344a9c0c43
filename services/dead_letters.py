"""Dead-letter topics read and replayed: what is on them, and the way back to the topic it came from.

A replayed letter stays where it is. Behind it, on the same dead-letter topic, goes a mark (a record without key and
value whose header names the letter), so that it is not replayed again by accident; marks and letters age together.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confluent_kafka import KafkaError, Producer, TopicPartition
from confluent_kafka.cimpl import Message

from schemas import dead_letter, rfc3339
from services.dead_letter_reading import SUFFIX, Headers, Place, Record, newest_of, partitions_of, read
from services.settings import Settings
from services.topics import TopicsProblem, existing_topics, wanted_topics

REPLAYED = dead_letter.PREFIX + "replayed"
REPLAYED_AT = dead_letter.PREFIX + "replayed_at"
_BATCH = 200
_PATIENCE = 15.0
_LARGEST_RECORD = 16 * 1024 * 1024


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
class Newest:
    """Letters by their place, and whether there are older records that were not read."""

    letters: list[Letter]
    older: bool


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
    return _letters(_records(options, topics))


def newest_letters(options: dict[str, Any], topics: Sequence[str], most: int) -> Newest:
    """The letters among the last `most` records of each partition, marks counted; raises TopicsProblem.

    A mark lies behind its letter, so that of every letter that is read it is known whether it was replayed.
    """
    starts, older = newest_of(options, topics, most)
    return Newest(_letters(read(options, starts)), older)


def _letters(records: Iterable[Record]) -> list[Letter]:
    found: list[Letter] = []
    marked: set[Place | None] = set()
    for record in records:
        if (mark := _marked(record)) is None:
            found.append(Letter(record.place, record.headers, len(record.value or b"")))
        else:
            marked.add(mark)
    found.sort(key=lambda letter: letter.place)
    return [Letter(each.place, each.headers, each.size, each.place in marked) for each in found]


def _marked(record: Record) -> Place | None:
    """The letter that a mark is about; None for what is no mark."""
    mark = next((value for name, value in record.headers if name == REPLAYED), None)
    return Place.parse(mark.decode()) if mark is not None else None


def record_at(options: dict[str, Any], place: Place) -> Record | None:
    """The record at a place, None where there is none (any more)."""
    with closing(_from(options, place)) as records:
        return _there(records, place)


def letter_at(options: dict[str, Any], place: Place) -> tuple[Letter, Record] | None:
    """The letter at a place with its record, None where there is none (any more); raises TopicsProblem."""
    with closing(_from(options, place)) as records:
        record = _there(records, place)
        if record is None or _marked(record) is not None:
            return None
        replayed = any(_marked(each) == place for each in records)
    return Letter(place, record.headers, len(record.value or b""), replayed), record


def _there(records: Iterator[Record], place: Place) -> Record | None:
    """The first of the records, if it is the one at the place: what is no longer there is not looked for further."""
    record = next(records, None)
    return record if record is not None and record.place == place else None


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
    with _Sender(options) as sender, closing(_behind(options, wanted)) as records:
        batch: list[Record] = []
        left = set(wanted)
        while left and (record := next(records, None)) is not None:
            if record.place in left:
                left.discard(record.place)
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
    return read(options, partitions_of(options, topics))


def _from(options: dict[str, Any], place: Place) -> Generator[Record]:
    """The records of a partition from a place on."""
    if place.partition < existing_topics(options).get(place.topic, 0):
        yield from read(options, [TopicPartition(place.topic, place.partition, place.offset)])


def _behind(options: dict[str, Any], wanted: set[Place]) -> Generator[Record]:
    """The records of each partition from the first place that is wanted there."""
    first: dict[tuple[str, int], int] = {}
    for place in wanted:
        key = (place.topic, place.partition)
        first[key] = min(first.get(key, place.offset), place.offset)
    return read(options, [TopicPartition(*key, offset) for key, offset in first.items()])
