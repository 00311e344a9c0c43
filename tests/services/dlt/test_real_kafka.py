"""Dead letters on a real Apache Kafka: large ones, and `puntual dlt` from outside."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from schemas.dead_letter import BadRecord, DeadLetterReason
from services import telemetry
from services.burial import Burial
from services.clock import FakeClock
from services.doctor import Level, check_kafka
from services.kafka_clients import make_producer
from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.topics import LARGEST, Topic, create_topics, narrow_dead_letters, wanted_topics
from tests.end_to_end.waiting import eventually
from tests.services.dlt.test_burial import BAD, OWN, Record

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

COMMAND = Path(sys.executable).with_name("puntual")
MEBIBYTE = 2**20


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[AIOKafkaProducer]:
    producer = make_producer(Settings(), bootstrap)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def burial(producer: AIOKafkaProducer) -> Burial:
    return Burial(producer=producer, clock=FakeClock(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)))


def first_of(bootstrap: str, topic: str) -> Any:
    reader = Consumer({"bootstrap.servers": bootstrap, "group.id": "looking", "log_level": 2})
    reader.assign([TopicPartition(topic, 0, 0)])
    (found,) = reader.consume(1, timeout=60)
    reader.close()
    return found


async def test_a_letter_larger_than_its_topic_waits_until_the_topic_takes_it(kafka_bootstrap: str) -> None:
    options = librdkafka_options(Settings(), kafka_bootstrap)
    record = Record(topic="narrow", value=os.urandom(2 * MEBIBYTE))
    large = {LARGEST: str(4 * MEBIBYTE)}
    create_topics(options, [Topic("narrow", 1, large), Topic("narrow.dlt", 1, {})])
    assert narrow_dead_letters(options, ["narrow"]) == {"narrow": 4 * MEBIBYTE + 4096}
    async with producing(kafka_bootstrap) as producer:
        waiting = asyncio.create_task(burial(producer).put([(record, BAD)]))
        await eventually(lambda: telemetry.DEAD_LETTER_STUCK.labels("narrow")._value.get() == 1, "the gauge")
        entry = ConfigEntry(LARGEST, str(5 * MEBIBYTE), incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, "narrow.dlt", incremental_configs=[entry])
        admin = AdminClient(options)
        for future in admin.incremental_alter_configs([resource]).values():
            future.result(10)
        await asyncio.wait_for(waiting, 30)
    assert narrow_dead_letters(options, ["narrow"]) == {}
    letter = first_of(kafka_bootstrap, "narrow.dlt")
    assert (letter.key(), letter.value(), letter.headers()[:2]) == (record.key, record.value, OWN)


async def test_the_topics_that_we_make_take_whatever_their_sources_take(kafka_bootstrap: str) -> None:
    settings = Settings.load(kafka_bootstrap_servers=kafka_bootstrap, topic_prefix="roomy.")
    create_topics(librdkafka_options(settings, kafka_bootstrap), wanted_topics(settings))
    assert {finding.level for finding in await check_kafka(settings)} == {Level.OK}


async def test_letters_are_listed_shown_and_put_back_once(
    kafka_bootstrap: str, tmp_path: Path, database_url: str
) -> None:
    settings = Settings.load(topic_prefix="letters.")
    create_topics(librdkafka_options(settings, kafka_bootstrap), wanted_topics(settings))
    topic = "letters.puntual.lending.events.v1"
    value = b"\x00" + os.urandom(3 * MEBIBYTE // 4)
    async with producing(kafka_bootstrap) as producer:
        problem = BadRecord(DeadLetterReason.INVALID_EVENT, "data.loanRef: is required")
        record = Record(topic=topic, value=value, timestamp=time.time_ns() // 1_000_000)  # Kafka deletes what is old
        await burial(producer).put([(record, problem)])

    def dlt(*arguments: str) -> Any:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
            "PUNTUAL_TOPIC_PREFIX": "letters.",
            "PUNTUAL_DATABASE_URL": database_url,
            "PUNTUAL_DATA_DIR": str(tmp_path / "data"),
        }
        done = subprocess.run(
            [str(COMMAND), "dlt", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    (listed,) = await asyncio.to_thread(dlt, "list", "--json")
    assert (listed["reason"], listed["replayed"]) == ("invalid_event", False)
    await asyncio.to_thread(dlt, "replay", "--all", "--json")
    (after,) = await asyncio.to_thread(dlt, "list", "--json")
    assert after["replayed"] is True
    again = await asyncio.to_thread(dlt, "replay", "--all", "--json")
    assert again["replayed"] == []
    back = Consumer({"bootstrap.servers": kafka_bootstrap, "group.id": "back", "log_level": 2})
    back.assign([TopicPartition(topic, 3, 0)])
    (found,) = back.consume(1, timeout=60)
    back.close()
    assert (found.key(), found.value(), found.headers()) == (b"D-1", value, OWN)
