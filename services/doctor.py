"""What `puntual check` asks of a deployment: one finding a part, each with its remedy."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg

from services import migrations
from services.creditors import load_creditors
from services.embedded import EmbeddedProblem
from services.embedded.kafka import EmbeddedBroker
from services.embedded.postgres import EmbeddedPostgres
from services.kafka_options import librdkafka_options
from services.settings import Settings, unknown_variables
from services.topics import TopicsProblem, existing_topics, narrow_dead_letters, wanted_topics
from services.yaml_document import DocumentProblem

_OLDEST_SERVER = 140_000
_PATIENCE = 5.0
_ZONE_FACTS = (
    ("America/Mexico_City", datetime(2026, 7, 1, tzinfo=UTC), -6),
    ("America/Asuncion", datetime(2026, 7, 1, tzinfo=UTC), -3),
    ("America/Coyhaique", datetime(2026, 7, 1, tzinfo=UTC), -3),
    ("America/Bogota", datetime(2026, 7, 1, tzinfo=UTC), -5),
)


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one part."""

    part: str
    level: Level
    message: str


Check = Callable[[Settings], Awaitable[list[Finding]]]


def check_settings(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Settings that could be read, and variables that look like settings and are none."""
    strangers = unknown_variables(environment)
    if strangers:
        return [Finding("settings", Level.WARNING, str(fault)) for fault in strangers]
    return [Finding("settings", Level.OK, settings.env)]


async def check_database(settings: Settings) -> list[Finding]:
    """Whether PostgreSQL answers, is new enough, and has the schema of this version."""
    if settings.database_url is not None:
        return [await _database(settings, settings.database_url, "")]
    server = EmbeddedPostgres(settings.data_dir)
    try:
        return [await _database(settings, server.start(), "embedded, ")]
    except EmbeddedProblem as error:
        return [Finding("database", Level.PROBLEM, str(error))]
    finally:
        server.stop()


async def check_kafka(settings: Settings) -> list[Finding]:
    """Whether Kafka answers, and has the topics of the product."""
    if settings.kafka_bootstrap_servers is not None:
        return _kafka(settings, settings.kafka_bootstrap_servers)
    broker = EmbeddedBroker()
    try:
        address = broker.start()
    except EmbeddedProblem as error:
        return [Finding("kafka", Level.PROBLEM, str(error))]
    broker.stop()
    return [
        Finding("kafka", Level.OK, f"embedded broker starts ({address}); it keeps nothing, for development only"),
        Finding("topics", Level.OK, "the embedded broker makes them at start"),
    ]


async def check_creditors(settings: Settings) -> list[Finding]:
    """Whether the creditors file can be read."""
    try:
        creditors = load_creditors(settings.creditors_file)
    except DocumentProblem as error:
        return [Finding("creditors", Level.PROBLEM, fault) for fault in error.faults]
    return [Finding("creditors", Level.OK, f"{len(creditors)} in {settings.creditors_file}")]


async def check_zones(settings: Settings) -> list[Finding]:
    """Whether the time-zone data knows the latest changes of the countries we serve."""
    wrong = [zone for zone, at, hours in _ZONE_FACTS if _offset(zone, at) != timedelta(hours=hours)]
    if not wrong:
        return [Finding("time zones", Level.OK, "data knows the latest changes")]
    remedy = "update the tzdata package, and unset PYTHONTZPATH"
    return [Finding("time zones", Level.PROBLEM, f"data is out of date for {', '.join(wrong)}; {remedy}")]


async def _database(settings: Settings, dsn: str, kind: str) -> Finding:
    try:
        connection = await asyncpg.connect(dsn, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        message = f"no connection ({type(error).__name__}); check PUNTUAL_DATABASE_URL and that the server runs"
        return Finding("database", Level.PROBLEM, message)
    try:
        number = int(await connection.fetchval("show server_version_num"))
        version = await connection.fetchval("show server_version")
    finally:
        await connection.close()
    if number < _OLDEST_SERVER:
        return Finding("database", Level.PROBLEM, f"PostgreSQL {version} is too old; use 14 or newer")
    return await _schema(settings, dsn, f"{kind}PostgreSQL {version}")


async def _schema(settings: Settings, dsn: str, server: str) -> Finding:
    revision, head = await migrations.current(dsn), migrations.head()
    if revision == head:
        return Finding("database", Level.OK, f"{server}, schema {head}")
    held = f"has schema {revision}" if revision else "has no schema yet"
    if settings.production:
        return Finding("database", Level.PROBLEM, f"{server} {held}, this version needs {head}; run `puntual migrate`")
    return Finding("database", Level.WARNING, f"{server} {held}; `puntual serve` or `puntual migrate` brings {head}")


def _kafka(settings: Settings, bootstrap: str) -> list[Finding]:
    options = librdkafka_options(settings, bootstrap)
    try:
        present = existing_topics(options, patience=_PATIENCE)
        wanted = {topic.name: topic.partitions for topic in wanted_topics(settings)}
    except TopicsProblem as error:
        return [Finding("kafka", Level.PROBLEM, str(error))]
    except DocumentProblem as error:
        return [Finding("topics", Level.PROBLEM, fault) for fault in error.faults]
    beside = [name for name in present if f"{name}.dlt" in wanted and f"{name}.dlt" in present]
    narrow = narrow_dead_letters(options, beside, patience=_PATIENCE)
    tight = [
        Finding("topics", Level.WARNING, f"{name}.dlt can't take every record of {name}; set max.message.bytes={size}")
        for name, size in narrow.items()
    ]
    return [Finding("kafka", Level.OK, bootstrap), *_topics(settings, wanted, present), *tight]


def _topics(settings: Settings, wanted: Mapping[str, int], present: Mapping[str, int]) -> list[Finding]:
    missing_level = Level.PROBLEM if settings.production else Level.WARNING
    found = [
        Finding("topics", missing_level, f"{name} is missing; run `puntual topics create`")
        for name in wanted
        if name not in present
    ]
    found += [
        Finding("topics", Level.WARNING, f"{name} has {present[name]} partitions instead of {partitions}")
        for name, partitions in wanted.items()
        if 0 < present.get(name, 0) < partitions
    ]
    if settings.fineract_topic and settings.fineract_topic not in present:
        found.append(Finding("topics", Level.WARNING, f"{settings.fineract_topic} is not there; Fineract makes it"))
    return found or [Finding("topics", Level.OK, f"{len(wanted)} as they should be")]


def _offset(zone: str, at: datetime) -> timedelta | None:
    try:
        return at.astimezone(ZoneInfo(zone)).utcoffset()
    except ZoneInfoNotFoundError:
        return None
