"""`POST /v1/events`: the same inbox as Kafka, an answer for each event."""

import json

import pytest

from services.wiring import Parts
from tests.services.api.application import Client, due

pytestmark = pytest.mark.asyncio(loop_scope="module")

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


async def test_a_structured_event_is_accepted_and_repeated_when_it_comes_again(admin: Client) -> None:
    first = await admin.send("POST", "/v1/events", due(), content_type=STRUCTURED)
    again = await admin.send("POST", "/v1/events", due(), content_type=STRUCTURED)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["results"] == [
        {"index": 0, "id": "e-1", "source": "urn:core:test", "status": "accepted", "reason": None}
    ]
    assert again.json()["repeated"] == 1


async def test_a_binary_event_takes_its_attributes_from_headers(admin: Client) -> None:
    event = due()
    headers = {f"ce_{name}": str(event[name]) for name in ("specversion", "id", "source", "type", "time")}
    answer = await admin.send("POST", "/v1/events", event["data"], **headers)
    assert answer.json()["accepted"] == 1
    assert (await admin.events(event)).json()["repeated"] == 1


async def test_a_batch_says_for_each_event_what_became_of_it_and_keeps_the_good_ones(
    admin: Client, parts: Parts
) -> None:
    invalid = due("e-2") | {"data": {"debtorRef": "D-1"}}
    foreign = due("e-3") | {"type": "com.example.other"}
    stale = due("e-4") | {"expirytime": "2026-11-24T00:00:00Z"}
    answer = await admin.events(due("e-1"), invalid, foreign, due("e-1"), stale, "nonsense", due("e-5", loan="L-2"))
    assert answer.status_code == 200
    told = answer.json()
    assert [each["status"] for each in told["results"]] == [
        "accepted",
        "rejected",
        "ignored",
        "repeated",
        "ignored",
        "rejected",
        "accepted",
    ]
    assert told["results"][1]["reason"].startswith("data.loanRef: is required")
    assert (told["accepted"], told["rejected"], told["ignored"], told["repeated"]) == (2, 2, 2, 1)
    async with parts.database.reading() as connection:
        assert await connection.fetchval("select count(*) from installment") == 2


async def test_an_event_that_the_database_cannot_store_leaves_the_rest_of_its_batch_alone(
    admin: Client, parts: Parts
) -> None:
    unstorable = due("e-bad", loan="L-3", dueDate="9999-12-31", installmentNumber=2**31 - 1)
    unstorable["data"]["totalOutstanding"]["amount"] = "9999999999999999999.00"
    answer = await admin.events(due("e-1"), unstorable, due("e-2", loan="L-2"))
    assert answer.status_code == 200
    assert [each["status"] for each in answer.json()["results"]][::2] == ["accepted", "accepted"]


async def test_a_refused_event_may_come_again_under_its_id_when_the_facts_have_changed(admin: Client) -> None:
    await admin.debtor("D-2")
    assert (await admin.send("POST", "/v1/events", due(debtor="D-1"), content_type=STRUCTURED)).status_code == 422
    moved = due("e-moved") | {
        "type": "io.puntual.loan.linked.v1",
        "data": {"loanRef": "L-1", "debtorRef": "D-1", "role": "borrower"},
    }
    assert (await admin.events(moved, due(debtor="D-1"))).json()["accepted"] == 2


async def test_a_single_rejected_event_is_a_problem_with_the_reason(admin: Client) -> None:
    answer = await admin.send("POST", "/v1/events", due(dueDate="soon"), content_type=STRUCTURED)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["results"][0]["status"] == "rejected"
    assert "data.dueDate" in answer.json()["detail"]


BAD_BODIES = (
    (STRUCTURED, b"{", 400),
    (STRUCTURED, b'{"id": 1, "id": 2}', 400),
    (BATCH, b"{}", 400),
    (BATCH, json.dumps([due(str(n)) for n in range(1001)]).encode(), 413),
    (STRUCTURED, json.dumps(due(padding="x" * 65536)).encode(), 413),
    ("text/plain", b"hello", 415),
    ("application/cloudevents+avro", b"x", 415),
)


async def test_a_body_that_cannot_be_read_is_a_problem(admin: Client) -> None:
    for content_type, body, status in BAD_BODIES:
        answer = await admin.send("POST", "/v1/events", body, content_type=content_type)
        assert answer.status_code == status, (content_type, body[:20])
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


async def test_an_event_over_64_kib_in_a_batch_is_rejected_alone(admin: Client) -> None:
    answer = await admin.events(due("e-1"), due("e-2", padding="x" * 65536))
    assert [each["status"] for each in answer.json()["results"]] == ["accepted", "rejected"]


async def test_a_thousand_events_are_taken_at_once(admin: Client) -> None:
    answer = await admin.events(*(due(f"e-{n}", debtor=f"D-{n}", loan=f"L-{n}") for n in range(1000)))
    assert answer.json()["accepted"] == 1000
