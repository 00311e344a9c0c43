"""The topics of the product on a real Apache Kafka, and the script that runs one."""

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.topics import Topic, TopicsProblem, TopicState, create_topics, existing_topics, wanted_topics
from tests.real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


def test_missing_topics_are_made_and_existing_ones_left_alone(kafka_bootstrap: str) -> None:
    settings = Settings.load(topic_prefix="made.")
    options = librdkafka_options(settings, kafka_bootstrap)
    wanted = wanted_topics(settings)
    assert set(create_topics(options, wanted[:2]).values()) == {TopicState.CREATED}
    states = create_topics(options, wanted)
    assert [states[topic.name] for topic in wanted[:2]] == [TopicState.EXISTS] * 2
    assert {states[topic.name] for topic in wanted[2:]} == {TopicState.CREATED}
    present = existing_topics(options)
    assert {topic.name: present[topic.name] for topic in wanted} == {t.name: t.partitions for t in wanted}


def test_the_snapshots_are_compacted(kafka_bootstrap: str) -> None:
    settings = Settings.load(topic_prefix="compact.")
    options = librdkafka_options(settings, kafka_bootstrap)
    create_topics(options, wanted_topics(settings))
    resource = ConfigResource(ResourceType.TOPIC, "compact.puntual.debtors.v1")
    admin = AdminClient(options)
    config = admin.describe_configs([resource])[resource].result(10)
    assert config["cleanup.policy"].value == "compact"


def test_a_topic_that_kafka_refuses_is_named(kafka_bootstrap: str) -> None:
    options = librdkafka_options(Settings.load(), kafka_bootstrap)
    with pytest.raises(TopicsProblem, match="would not make topic refused"):
        create_topics(options, [Topic("refused", 1, {"cleanup.policy": "nonsense"})])


def test_the_script_knows_that_its_node_runs(real_kafka: RealKafka) -> None:
    assert real_kafka.bootstrap in real_kafka.run("status")
    assert "already running" in real_kafka.run("start")
