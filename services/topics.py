"""The topics of the product as `deploy/topics.yaml` lists them, and their making on a Kafka."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import structlog
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType  # type: ignore[attr-defined]
from confluent_kafka.cimpl import NewTopic
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.settings import PROJECT_ROOT, Settings
from services.yaml_document import read_document

log = structlog.get_logger(__name__)

TOPICS_FILE = PROJECT_ROOT / "deploy" / "topics.yaml"
_DAY_MS = 24 * 3600 * 1000
_PAUSE = 0.05
_FOREVER = "-1"
_DEAD_LETTER_DAYS = "14d"
LARGEST = "max.message.bytes"
# A letter is the record and our headers; Kafka's own default for a record is one mebibyte.
_LARGEST_LETTER = 16 * 1024 * 1024
_HEADERS_ROOM = 4096
_RETENTION = re.compile(r"forever|[1-9]\d{0,3}d")


class TopicsProblem(Exception):
    """Kafka could not be asked, or would not make a topic; the text says what to do."""


class TopicState(StrEnum):
    """What became of a topic that should exist."""

    EXISTS = "exists"
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic by its name on this deployment's Kafka."""

    name: str
    partitions: int
    config: dict[str, str]


def _retention(text: str) -> str:
    if not _RETENTION.fullmatch(text):
        raise ValueError("write a number of days as 14d, or forever")
    return text


class _TopicEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,200}$")]
    direction: Literal["in", "out"]
    partitions: Annotated[int, Field(ge=1, le=1000)]
    retention: Annotated[str, AfterValidator(_retention)]
    compacted: bool = False


class _TopicsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topics: Annotated[list[_TopicEntry], Field(min_length=1)]


def wanted_topics(settings: Settings, path: Path = TOPICS_FILE) -> list[Topic]:
    """Every topic this deployment needs, dead letters included; raises DocumentProblem."""
    entries = read_document(path, _TopicsFile).topics
    topics = [Topic(settings.topic(entry.name), entry.partitions, _config(entry)) for entry in entries]
    inbound = [settings.topic(entry.name) for entry in entries if entry.direction == "in"]
    if settings.fineract_topic:
        inbound.append(settings.fineract_topic)
    dead = {"retention.ms": _milliseconds(_DEAD_LETTER_DAYS), LARGEST: str(_LARGEST_LETTER)}
    return topics + [Topic(f"{name}.dlt", 1, dead) for name in inbound]


def topics_of_others(settings: Settings) -> list[str]:
    """Topics that are read here and made elsewhere."""
    return [settings.fineract_topic] if settings.fineract_topic else []


def prepare_topics(settings: Settings, options: dict[str, Any]) -> None:
    """In production missing topics are a TopicsProblem; in development they are made, and failing that is a warning."""
    wanted, foreign = wanted_topics(settings), topics_of_others(settings)
    if settings.production:
        present = existing_topics(options)
        missing = [topic.name for topic in wanted if topic.name not in present]
        if missing:
            raise TopicsProblem(f"topics are missing: {', '.join(missing)}: run `puntual topics create`")
        if not present.keys() >= set(foreign):
            raise TopicsProblem(f"there is no topic {foreign[0]}: whoever writes to it makes it")
        return
    try:
        missing_here = set(ask_for_topics(options, [*(topic.name for topic in wanted), *foreign])) - set(foreign)
        create_topics(options, [topic for topic in wanted if topic.name in missing_here])
    except TopicsProblem as problem:
        log.warning("topics_not_made", problem=str(problem))


def existing_topics(options: dict[str, Any], *, patience: float = 10.0) -> dict[str, int]:
    """Names and partition counts of the topics on a Kafka; raises TopicsProblem."""
    return _listed(AdminClient(options), patience)


def narrow_dead_letters(options: dict[str, Any], topics: Sequence[str], *, patience: float = 10.0) -> dict[str, int]:
    """Inbound topics whose records may be too large for their dead letters, with the bytes those should take.

    A broker that does not tell its configuration is taken at its word.
    """
    if not topics:
        return {}
    admin = AdminClient(options)
    resources = [ConfigResource(ResourceType.TOPIC, name) for topic in topics for name in (topic, topic + ".dlt")]
    asked = admin.describe_configs(resources, request_timeout=patience)
    try:
        limits = {resource.name: int(future.result(patience)[LARGEST].value) for resource, future in asked.items()}
    except (KafkaException, TimeoutError, KeyError, ValueError):
        return {}
    wanted = {topic: limits[topic] + _HEADERS_ROOM for topic in topics}
    return {topic: size for topic, size in wanted.items() if limits[topic + ".dlt"] < size}


def create_topics(
    options: dict[str, Any], topics: Sequence[Topic], *, replication: int = -1, patience: float = 15.0
) -> dict[str, TopicState]:
    """Make the topics that are missing and leave the others as they are; raises TopicsProblem.

    `replication` is the number of copies of each partition, -1 for the brokers' own default.
    """
    admin = AdminClient(options)
    present = _listed(admin, patience)
    missing = [topic for topic in topics if topic.name not in present]
    futures = _request(admin, missing, replication, patience)
    states = {topic.name: TopicState.EXISTS for topic in topics}
    for name, future in futures.items():
        states[name] = _outcome(name, future)
    _await_listed(admin, {topic.name for topic in topics}, patience)
    return states


def ask_for_topics(options: dict[str, Any], names: Sequence[str], *, patience: float = 10.0) -> list[str]:
    """Name each topic to a broker that makes topics when asked; returns those that still do not exist."""
    admin = AdminClient(options)
    try:
        for name in names:
            admin.list_topics(name, timeout=patience)
    except KafkaException as error:
        raise TopicsProblem(_unreachable(error)) from error
    present = _listed(admin, patience)
    return [name for name in names if name not in present]


def _config(entry: _TopicEntry) -> dict[str, str]:
    if entry.compacted:
        return {"cleanup.policy": "compact", "delete.retention.ms": _milliseconds(entry.retention)}
    return {"cleanup.policy": "delete", "retention.ms": _milliseconds(entry.retention)}


def _milliseconds(retention: str) -> str:
    return _FOREVER if retention == "forever" else str(int(retention.removesuffix("d")) * _DAY_MS)


def _listed(admin: AdminClient, patience: float) -> dict[str, int]:
    try:
        metadata = admin.list_topics(timeout=patience)
    except KafkaException as error:
        raise TopicsProblem(_unreachable(error)) from error
    return {name: len(topic.partitions) for name, topic in metadata.topics.items() if topic.error is None}


def _await_listed(admin: AdminClient, names: set[str], patience: float) -> None:
    """Brokers learn of a new topic a moment after the controller made it."""
    deadline = time.monotonic() + patience
    while missing := names - _listed(admin, patience).keys():
        if time.monotonic() > deadline:
            raise TopicsProblem(f"Kafka made {', '.join(sorted(missing))} but does not list it; look at its log")
        time.sleep(_PAUSE)


def _request(admin: AdminClient, topics: Sequence[Topic], replication: int, patience: float) -> dict[str, Future[None]]:
    if not topics:
        return {}
    new = [
        NewTopic(topic.name, topic.partitions, replication_factor=replication, config=topic.config) for topic in topics
    ]
    futures: dict[str, Future[None]] = admin.create_topics(new, operation_timeout=patience, request_timeout=patience)
    return futures


def _outcome(name: str, future: Future[None]) -> TopicState:
    try:
        future.result()
    except KafkaException as error:
        fault: KafkaError = error.args[0]
        if fault.code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return TopicState.EXISTS
        raise TopicsProblem(f"Kafka would not make topic {name}: {fault.str()}") from error
    return TopicState.CREATED


def _unreachable(error: KafkaException) -> str:
    said = error.args[0].str()
    return f"Kafka does not answer: {said}; check PUNTUAL_KAFKA_BOOTSTRAP_SERVERS and the security beside it"
