"""Putting records aside: nothing is dropped or shortened, however long Kafka refuses."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError

from schemas.dead_letter import BadRecord, DeadLetterReason
from services import telemetry
from services.burial import Burial
from services.clock import FakeClock
from tests.end_to_end.waiting import eventually

TOPIC = "test.burial"
OWN = [("trace", b"\x00\xff"), ("null", None)]
BAD = BadRecord(DeadLetterReason.BAD_FRAMING, "no CloudEvent")


@dataclass(frozen=True, slots=True)
class Record:
    """What a consumer hands over."""

    topic: str = TOPIC
    partition: int = 3
    offset: int = 41
    timestamp: int = 1_790_000_000_000
    key: bytes | None = b"D-1"
    value: bytes | None = b"\x00" * 2000
    headers: Any = field(default_factory=lambda: list(OWN))


class Refusing:
    """A producer whose broker refuses some times, then takes."""

    def __init__(self, *problems: Exception) -> None:
        self.problems = list(problems)
        self.taken: list[tuple[str, Any]] = []
        self.tries = 0

    async def send_and_wait(self, topic: str, **record: Any) -> None:
        """Refuse, or keep."""
        self.tries += 1
        if self.problems:
            raise self.problems.pop(0)
        self.taken.append((topic, record))


def stuck() -> float:
    return float(telemetry.DEAD_LETTER_STUCK.labels(TOPIC)._value.get())


@pytest.mark.parametrize("problem", [MessageSizeTooLargeError(), KafkaConnectionError()])
async def test_a_refused_letter_is_brought_again_whole(problem: Exception) -> None:
    producer, record = Refusing(problem, problem), Record()
    await Burial(producer=producer, clock=FakeClock(datetime(2026, 11, 24, tzinfo=UTC))).put([(record, BAD)])  # type: ignore[arg-type]
    ((topic, letter),) = producer.taken
    assert topic == f"{TOPIC}.dlt"
    assert (letter["key"], letter["value"], letter["headers"][:2]) == (record.key, record.value, OWN)
    assert stuck() == 0


async def test_while_a_letter_is_too_large_a_gauge_says_so() -> None:
    producer = Refusing(*[MessageSizeTooLargeError() for _ in range(50)])
    burial = Burial(producer=producer, clock=FakeClock(datetime(2026, 11, 24, tzinfo=UTC)))  # type: ignore[arg-type]
    waiting = asyncio.create_task(burial.put([(Record(), BAD)]))
    await eventually(lambda: stuck() == 1, "the gauge")
    producer.problems.clear()
    await waiting
    assert stuck() == 0
