"""The Kafka clients of a process: how they consume and produce."""

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.burial import GROUP
from services.kafka_options import aiokafka_options
from services.settings import Settings

_LARGEST_RECORD = 16 * 1024 * 1024
_BATCH_BYTES = 256 * 1024
"""A relay's whole turn in one request; a topic's `max.message.bytes`, 1 MiB by default, must allow it."""
_SESSION_MS = 6000
"""A worker that died is missed after this long, the least that Kafka's brokers allow by default."""


def make_consumer(settings: Settings, bootstrap: str, topics: Iterable[str]) -> AIOKafkaConsumer:
    """A consumer of the inbound topics; offsets are ours to commit."""
    return AIOKafkaConsumer(
        *topics,
        group_id=GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_poll_interval_ms=600_000,
        session_timeout_ms=_SESSION_MS,
        heartbeat_interval_ms=_SESSION_MS // 4,
        **aiokafka_options(settings, bootstrap),
    )


def make_producer(settings: Settings, bootstrap: str) -> AIOKafkaProducer:
    """A producer that keeps the order of each key and survives a broker's restart without repeats.

    It does not linger: those who write here hand over all they have before they wait.
    """
    return AIOKafkaProducer(
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=_BATCH_BYTES,
        max_request_size=_LARGEST_RECORD,
        **aiokafka_options(settings, bootstrap),
    )
