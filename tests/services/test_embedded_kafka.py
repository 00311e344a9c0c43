"""The embedded broker: topics on request, records through the client that the product uses."""

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.embedded import EmbeddedProblem
from services.embedded.kafka import EmbeddedBroker
from services.kafka_options import aiokafka_options, librdkafka_options
from services.settings import Settings
from services.topics import ask_for_topics, existing_topics, wanted_topics


async def test_records_and_offsets_pass_through_it(broker: EmbeddedBroker) -> None:
    broker.ensure_topics(["puntual.tasks.v1"])
    options = aiokafka_options(Settings.load(), broker.address)
    async with AIOKafkaProducer(**options) as producer:
        await producer.send_and_wait("puntual.tasks.v1", b"value", key=b"D-1", headers=[("ce_id", b"1")])
    consumer = AIOKafkaConsumer(
        "puntual.tasks.v1", **options, group_id="test", auto_offset_reset="earliest", enable_auto_commit=False
    )
    async with consumer:
        record = await consumer.getone()
        await consumer.commit()
    assert (record.key, record.value, record.headers) == (b"D-1", b"value", (("ce_id", b"1"),))


def test_it_makes_the_topics_of_the_product_when_asked(broker: EmbeddedBroker) -> None:
    settings = Settings.load()
    options = librdkafka_options(settings, broker.address)
    names = [topic.name for topic in wanted_topics(settings)]
    assert ask_for_topics(options, names) == []
    assert set(names) <= set(existing_topics(options))


def test_two_brokers_know_nothing_of_each_other(broker: EmbeddedBroker) -> None:
    other = EmbeddedBroker()
    assert other.start() != broker.address
    broker.ensure_topics(["only.here"])
    assert "only.here" not in existing_topics(librdkafka_options(Settings.load(), other.address))
    other.stop()


def test_starting_twice_is_one_broker(broker: EmbeddedBroker) -> None:
    assert broker.start() == broker.address


def test_a_stopped_broker_says_so() -> None:
    with pytest.raises(EmbeddedProblem, match="not running"):
        EmbeddedBroker().ensure_topics(["x"])
