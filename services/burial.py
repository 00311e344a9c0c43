"""Puts records that can't be used on their dead-letter topics, byte for byte, and waits for Kafka as long as it takes.

A record is never dropped or shortened: where the dead-letter topic refuses its size, ingest stands still and says so
until somebody raises the topic's `max.message.bytes`.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from schemas import dead_letter
from schemas.dead_letter import BadRecord
from services import telemetry
from services.clock import Clock

log = structlog.get_logger(__name__)

GROUP = "puntual-ingest"
APP_VERSION = "0.1.0"


class Burial:
    """The way to the dead letters."""

    def __init__(self, *, producer: AIOKafkaProducer, clock: Clock) -> None:
        self._producer = producer
        self._clock = clock

    async def put(self, bad: Sequence[tuple[Any, BadRecord]]) -> None:
        """Return when Kafka has every one of them."""
        for record, error in bad:
            telemetry.DEAD_LETTERS.labels(record.topic, error.reason.value).inc()
            await self._insist(record, error)

    async def _insist(self, record: Any, error: BadRecord) -> None:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(KafkaError),
            wait=wait_exponential_jitter(multiplier=0.2, max=10.0),
            before_sleep=lambda state: _say(record, state),
        ):
            with attempt:
                headers = [*record.headers, *self._told(record, error)]
                await self._producer.send_and_wait(
                    f"{record.topic}.dlt", value=record.value, key=record.key, headers=headers
                )
        telemetry.DEAD_LETTER_STUCK.labels(record.topic).set(0)

    def _told(self, record: Any, error: BadRecord) -> list[tuple[str, bytes]]:
        return dead_letter.headers(
            error,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp_ms=record.timestamp,
            consumer_group=GROUP,
            attempts=1,
            failed_at=self._clock.now(),
            app_version=APP_VERSION,
        )


def _say(record: Any, state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    place = f"{record.topic}/{record.partition}/{record.offset}"
    if not isinstance(error, MessageSizeTooLargeError):
        log.warning("kafka_unavailable", what="dead letters", place=place, error=type(error).__name__)
        return
    telemetry.DEAD_LETTER_STUCK.labels(record.topic).set(1)
    size = len(record.value or b"")
    remedy = f"raise max.message.bytes of {record.topic}.dlt above {size} and room for headers; ingest waits for it"
    log.error("dead_letter_too_large", place=place, size=size, remedy=remedy)
