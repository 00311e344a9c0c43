"""The list of topics: names, dead letters, retention."""

from pathlib import Path

import pytest

from services.settings import Settings
from services.topics import TopicsProblem, existing_topics, wanted_topics
from services.yaml_document import DocumentProblem

DAY_MS = 86_400_000


def test_every_topic_of_the_contract_is_wanted_with_dead_letters_beside_inbound_ones() -> None:
    names = [topic.name for topic in wanted_topics(Settings.load())]
    inbound = ["puntual.lending.events.v1", "puntual.debtors.v1", "puntual.consents.v1", "puntual.contacts.v1"]
    outbound = ["puntual.message.events.v1", "puntual.contact.events.v1", "puntual.tasks.v1"]
    assert sorted(names) == sorted(inbound + outbound + [f"{name}.dlt" for name in inbound])


def test_the_prefix_stands_before_our_names_and_not_before_fineracts() -> None:
    topics = wanted_topics(Settings.load(topic_prefix="qa.", fineract_topic="external-events"))
    names = {topic.name for topic in topics}
    assert "external-events.dlt" in names
    assert "external-events" not in names
    assert all(name.startswith("qa.puntual.") for name in names - {"external-events.dlt"})


def test_retention_is_told_in_milliseconds() -> None:
    topics = {topic.name: topic.config for topic in wanted_topics(Settings.load())}
    assert topics["puntual.lending.events.v1"]["retention.ms"] == str(14 * DAY_MS)
    assert topics["puntual.consents.v1"]["retention.ms"] == "-1"
    assert topics["puntual.debtors.v1"] == {"cleanup.policy": "compact", "delete.retention.ms": str(7 * DAY_MS)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("retention: 2 weeks", ":5:5: topics.0.retention: write a number of days as 14d"),
        ("retention: 0d", ":5:5: topics.0.retention"),
        ("partitions: many", "topics.0.partitions"),
    ],
)
def test_a_fault_of_the_file_has_its_line(tmp_path: Path, line: str, said: str) -> None:
    lines = {"retention": "retention: 14d", "partitions": "partitions: 1", line.partition(":")[0]: line}
    body = "\n    ".join(["name: a.b", "direction: in", lines["partitions"], lines["retention"]])
    file = tmp_path / "topics.yaml"
    file.write_text(f"topics:\n  - {body}\n")
    with pytest.raises(DocumentProblem) as refused:
        wanted_topics(Settings.load(), file)
    assert said in str(refused.value)


def test_a_kafka_that_does_not_answer_is_told_with_a_remedy() -> None:
    with pytest.raises(TopicsProblem, match="PUNTUAL_KAFKA_BOOTSTRAP_SERVERS"):
        existing_topics({"bootstrap.servers": "127.0.0.1:1", "log_level": 2}, patience=0.5)
