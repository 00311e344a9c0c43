"""`puntual dlt` on a broker: what was put aside is listed, shown and put back once, as it was."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from services.dead_letter_reading import Place
from services.dead_letters import letter_at, newest_letters
from services.embedded.kafka import ADDRESS_FILE, EmbeddedBroker, announced, announced_address
from services.settings import Settings
from services.topics import wanted_topics

COMMAND = Path(sys.executable).with_name("puntual")
LENDING = "puntual.lending.events.v1"
DEBTORS = "puntual.debtors.v1"
OWN: list[tuple[str, bytes | None]] = [("ce_id", b"e-1"), ("trace", b"\x00\xff"), ("null", None)]


class Desk:
    """A broker with dead letters on it, and the command beside it."""

    def __init__(self, broker: EmbeddedBroker, folder: Path, database_url: str) -> None:
        self._database_url = database_url
        self.address = broker.address
        broker.ensure_topics(topic.name for topic in wanted_topics(Settings()))
        broker.ensure_topics([LENDING, DEBTORS])
        self._folder = folder
        self._producer = Producer({"bootstrap.servers": self.address, "linger.ms": 0, "log_level": 2})

    def bury(
        self,
        topic: str,
        value: bytes | None,
        *,
        reason: str = "invalid_event",
        at: str = "2026-11-24",
        origin: str | None = None,
    ) -> None:
        """Put a letter aside as ingest does."""
        told = {
            "original_topic": origin or topic,
            "original_partition": "0",
            "original_offset": "41",
            "original_timestamp": "1790000000000",
            "reason": reason,
            "message": "data.loanRef: is required",
            "failed_at": f"{at}T15:30:00Z",
        }
        headers = [*OWN, *((f"puntual_dlt_{name}", text.encode()) for name, text in told.items())]
        self._producer.produce(f"{topic}.dlt", key=b"D-1", value=value, headers=headers, partition=0)
        assert self._producer.flush(10) == 0

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `puntual dlt`."""
        given = settings or {"KAFKA_BOOTSTRAP_SERVERS": self.address}
        environment = {f"PUNTUAL_{name}": value for name, value in given.items()}
        environment["PUNTUAL_DATABASE_URL"] = self._database_url
        environment |= {"PATH": os.environ["PATH"], "PUNTUAL_NOW": "2026-11-24T16:00:00Z"}
        return subprocess.run(
            [str(COMMAND), "dlt", *arguments],
            env=environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def answer(self, *arguments: str) -> Any:
        """What the command says as JSON."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def on(self, topic: str) -> list[Any]:
        """Every record on a topic."""
        reading = {"group.id": "test", "enable.partition.eof": True, "auto.offset.reset": "earliest", "log_level": 2}
        consumer = Consumer({"bootstrap.servers": self.address, **reading})
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        found, left = [], len(partitions)
        while left:
            message = consumer.poll(10)
            assert message is not None
            if message.error() is None:
                found.append(message)
            else:
                left -= 1
        consumer.close()
        return found


@pytest.fixture
def desk(broker: EmbeddedBroker, tmp_path: Path, database_url: str) -> Desk:
    """A desk with nothing on it."""
    return Desk(broker, tmp_path, database_url)


@pytest.mark.slow
def test_letters_are_listed_with_their_reason_and_filtered(desk: Desk) -> None:
    desk.bury(LENDING, b"{}", at="2026-11-23")
    desk.bury(LENDING, b"x", reason="bad_framing")
    desk.bury(DEBTORS, None)
    assert [row["reason"] for row in desk.answer("list")] == ["invalid_event", "invalid_event", "bad_framing"]
    (framing,) = desk.answer("list", "--reason", "bad_framing")
    assert framing["place"] == f"{LENDING}.dlt/0/1"
    assert framing["message"] == "data.loanRef: is required"
    assert framing["original_topic"] == LENDING
    assert len(desk.answer("list", "--topic", DEBTORS)) == 1
    assert len(desk.answer("list", "--since", "2026-11-24T15:00:00Z")) == 2
    assert f"{LENDING}.dlt/0/1" in desk.run("list").stdout


def test_the_value_is_shown_only_when_asked_for(desk: Desk) -> None:
    desk.bury(LENDING, b'{"name": "Ana"}')
    hidden = desk.run("show", f"{LENDING}/0/0")
    assert "invalid_event" in hidden.stdout
    assert "Ana" not in hidden.stdout
    assert "D-1" not in hidden.stdout
    assert "0x00ff" in hidden.stdout
    shown = desk.answer("show", f"{LENDING}.dlt/0/0", "--value")
    assert (shown["key"], shown["value"]) == ("D-1", '{"name": "Ana"}')


@pytest.mark.slow
def test_a_letter_goes_back_as_it_was_and_only_once(desk: Desk) -> None:
    desk.bury(LENDING, b"\x00raw\xff")
    assert desk.answer("replay", "--all", "--dry-run")["replayed"] == [f"{LENDING}.dlt/0/0"]
    assert desk.on(LENDING) == []
    assert desk.run("replay", "--reason", "invalid_event").stdout == "replayed 1\n"
    (back,) = desk.on(LENDING)
    assert (back.key(), back.value(), back.headers()) == (b"D-1", b"\x00raw\xff", OWN)
    assert (back.partition(), back.timestamp()[1]) == (0, 1_790_000_000_000)
    assert desk.answer("list")[0]["replayed"]
    assert desk.answer("replay", "--all")["replayed_before"] == [f"{LENDING}.dlt/0/0"]
    assert len(desk.on(LENDING)) == 1
    desk.answer("replay", "--all", "--again")
    assert len(desk.on(LENDING)) == 2


def test_the_newest_of_each_partition_are_read_and_older_ones_told_of(desk: Desk) -> None:
    for number in range(3):
        desk.bury(LENDING, str(number).encode())
    desk.bury(DEBTORS, None)
    options, topics = {"bootstrap.servers": desk.address}, [f"{LENDING}.dlt", f"{DEBTORS}.dlt"]
    few = newest_letters(options, topics, 2)
    assert [str(each.place) for each in few.letters] == [
        f"{DEBTORS}.dlt/0/0",
        f"{LENDING}.dlt/0/1",
        f"{LENDING}.dlt/0/2",
    ]
    assert few.older
    assert not newest_letters(options, topics, 3).older
    desk.answer("replay", f"{LENDING}/0/1")
    marked = newest_letters(options, topics, 3).letters
    assert {str(each.place): each.replayed for each in marked}[f"{LENDING}.dlt/0/1"]


def test_one_letter_is_found_by_its_place_with_whether_it_went_back(desk: Desk) -> None:
    desk.bury(LENDING, b"first")
    desk.bury(LENDING, b"second")
    desk.answer("replay", f"{LENDING}/0/0")
    options = {"bootstrap.servers": desk.address}
    found = [letter_at(options, Place(f"{LENDING}.dlt", 0, offset)) for offset in range(4)]
    assert [(each[0].replayed, each[1].value) for each in found if each] == [(True, b"first"), (False, b"second")]
    assert letter_at(options, Place("nowhere.dlt", 0, 0)) is None


def test_an_erasure_and_chosen_places_go_back(desk: Desk) -> None:
    desk.bury(DEBTORS, None)
    desk.bury(DEBTORS, b"other")
    assert desk.answer("replay", f"{DEBTORS}/0/0")["replayed"] == [f"{DEBTORS}.dlt/0/0"]
    (back,) = desk.on(DEBTORS)
    assert back.value() is None
    assert [row["replayed"] for row in desk.answer("list")] == [True, False]


def test_a_letter_whose_topic_is_gone_stays_and_is_told(desk: Desk) -> None:
    desk.bury(LENDING, b"{}", origin="a.topic.of.old")
    desk.bury(LENDING, b"{}")
    done = desk.run("replay", "--all")
    assert done.returncode == 1
    assert done.stdout == "replayed 1\n"
    assert f"{LENDING}.dlt/0/0: the topic it came from does not exist" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["replay"], "say which", 2),
        (["show", "nowhere"], "TOPIC/PARTITION/OFFSET", 1),
        (["show", f"{LENDING}/0/9"], "no such dead letter", 1),
        (["list", "--since", "yesterday"], "2026-11-24T15:00:00Z", 1),
        (["list", "--topic", "weather"], "no dead-letter topic weather.dlt", 1),
        (["list", "--reason", "boredom"], "bad_framing", 2),
    ],
)
def test_bad_input_is_told_in_a_line(desk: Desk, arguments: list[str], said: str, code: int) -> None:
    done = desk.run(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_embedded_broker_is_found_by_the_address_it_leaves(desk: Desk, tmp_path: Path) -> None:
    desk.bury(LENDING, b"{}")
    without = desk.run("list", DATA_DIR=str(tmp_path / "data"))
    assert without.returncode == 1
    assert "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS" in without.stderr
    with announced(tmp_path / "data", desk.address):
        assert announced_address(tmp_path / "data") == desk.address
        assert "invalid_event" in desk.run("list", DATA_DIR=str(tmp_path / "data")).stdout
    assert not (tmp_path / "data" / ADDRESS_FILE).exists()
