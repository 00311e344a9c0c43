"""Records that can't be used go aside byte for byte, and hold nothing up."""

import json
import os

import pytest

from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.topics import CONSENTS, CONTACTS, DEBTORS, INBOUND, LENDING, Headers, Record
from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

ADDED = {
    "original_topic",
    "original_partition",
    "original_offset",
    "original_timestamp",
    "original_consumer_group",
    "reason",
    "message",
    "attempts",
    "failed_at",
    "app_version",
}
FOREIGN: Headers = [("trace", b"\x00\xff\xfe\x80"), ("null", None)]


def bad_records(debtor: Debtor) -> dict[str, tuple[str, bytes | None, Headers, str]]:
    """By what is wrong with them: topic, value, headers, and the reason to be given."""
    value, headers = debtor.due().binary()
    wrong_type = json.dumps({"debtorRef": debtor.ref, "loanRef": debtor.loan, "installmentNumber": "siete"}).encode()
    envelope = debtor.due().structured()
    return {
        "random bytes": (LENDING, os.urandom(200), [], "bad_framing"),
        "no bytes": (CONTACTS, b"", [], "bad_framing"),
        "a null value": (LENDING, None, headers, "invalid_event"),
        "random bytes under good headers": (LENDING, os.urandom(50), headers, "invalid_event"),
        "wrong types": (LENDING, wrong_type, headers, "invalid_event"),
        "too large": (LENDING, value + b" " * 70_000, headers, "too_large"),
        "a header twice": (LENDING, value, [*headers, ("ce_id", b"other")], "invalid_event"),
        "no id": (LENDING, value, [pair for pair in headers if pair[0] != "ce_id"], "invalid_event"),
        "two content types": (LENDING, value, [*headers, ("content-type", b"text/plain")], "bad_framing"),
        "half an envelope": (CONSENTS, envelope[0][:-20], envelope[1], "invalid_event"),
        "an array": (DEBTORS, b"[]", [("content-type", b"application/cloudevents+json")], "invalid_event"),
        "NaN": (LENDING, value.replace(b'"1050.50"', b"NaN"), headers, "invalid_event"),
        "a name as a number": (DEBTORS, json.dumps({"debtorRef": debtor.ref, "displayName": 7}).encode(), headers, ""),
    }


async def test_what_cannot_be_read_goes_aside_unchanged_and_the_next_is_handled(world: World) -> None:
    debtor = world.debtor()
    bad = bad_records(world.debtor())
    for name, (topic, value, headers, _) in bad.items():
        world.topics.produce(topic, key=name.encode(), value=value, headers=[*headers, *FOREIGN])
    await world.tell(debtor.snapshot(), debtor.due())
    await world.outcome(debtor, "message.delivered")
    await world.rest()
    letters = {record.key: record for record in world.topics.records(*(f"{name}.dlt" for name in INBOUND))}
    assert len(letters) == len(bad)
    for name, (topic, value, headers, reason) in bad.items():
        letter = letters[name.encode()]
        assert letter.topic == f"{topic}.dlt", name
        assert letter.value == value, name
        assert letter.headers[: len(headers) + 2] == [*headers, *FOREIGN], name
        _told_why(letter, topic, reason)


async def test_a_good_event_with_foreign_headers_is_handled(world: World) -> None:
    debtor = world.debtor()
    value, headers = debtor.due().binary()
    world.topics.produce(LENDING, key=debtor.ref.encode(), value=value, headers=[*FOREIGN, *headers])
    await world.tell(debtor.snapshot())
    await world.outcome(debtor, "message.delivered")


async def test_a_type_nobody_knows_is_no_dead_letter(world: World) -> None:
    debtor = world.debtor()
    before = len(world.topics.records(*(f"{name}.dlt" for name in INBOUND)))
    value, headers = debtor.says("loan.admired", loanRef=debtor.loan).binary()
    world.topics.produce(LENDING, key=debtor.ref.encode(), value=value, headers=headers)
    await world.rest()
    assert len(world.topics.records(*(f"{name}.dlt" for name in INBOUND))) == before


async def test_a_loan_of_somebody_else_is_refused_and_nothing_changes(world: World) -> None:
    owner, other = world.debtor(product="espera"), world.debtor()
    await world.tell(owner.snapshot(), owner.due())
    await world.outcome(owner, "message.scheduled")
    value, headers = other.due(loan=owner.loan, amount="1.00").binary()
    world.topics.produce(LENDING, key=other.ref.encode(), value=value, headers=headers)
    await world.rest()
    letters = [letter for letter in world.topics.records(f"{LENDING}.dlt") if letter.key == other.ref.encode()]
    assert [letter.header("puntual_dlt_reason") for letter in letters] == ["invalid_event"]
    (row,) = await world.rows("select amount from installment where loan_ref = $1", owner.loan)
    assert row["amount"] == 1050.5


def _told_why(letter: Record, topic: str, reason: str) -> None:
    added = {name.removeprefix("puntual_dlt_") for name, _ in letter.headers if name.startswith("puntual_dlt_")}
    assert added == ADDED
    assert letter.header("puntual_dlt_original_topic") == topic
    assert letter.header("puntual_dlt_original_offset").isdecimal()
    assert reason in ("", letter.header("puntual_dlt_reason"))
    assert len(letter.header("puntual_dlt_message")) <= 512
