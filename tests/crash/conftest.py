"""The worlds of the end-to-end tests, and a real Kafka that a test may kill."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.topics import create_topics, wanted_topics
from tests.end_to_end.fixtures import make_world, world
from tests.real_kafka import RealKafka, missing_tools

__all__ = ["make_world", "world"]


@pytest.fixture
def own_kafka(run_folder: Path) -> Iterator[RealKafka]:
    """A real Apache Kafka of this test alone, with the topics of the product."""
    missing = missing_tools()
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"a real Kafka needs {' and '.join(missing)}, not found on this machine")
    kafka = RealKafka(run_folder / f"kafka-{uuid4().hex}")
    kafka.start()
    settings = Settings()
    create_topics(librdkafka_options(settings, kafka.bootstrap), wanted_topics(settings))
    yield kafka
    kafka.stop()
