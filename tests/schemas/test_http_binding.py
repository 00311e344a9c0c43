"""CloudEvents in HTTP requests."""

import json

import pytest

from schemas.envelope import BadRecord, CloudEvent, to_json
from schemas.http_binding import decode_request

EVENT = CloudEvent(
    id="7f0c",
    source="urn:core:demo",
    type="io.puntual.installment.due.v1",
    subject="loan/ñ 1",
    datacontenttype="application/json",
    data={"loanRef": "L-1"},
    extensions={"partitionkey": "D-1"},
)
ONE = json.dumps(to_json(EVENT)).encode()
BINARY = {
    "CE-SpecVersion": "1.0",
    "ce-id": "7f0c",
    "ce-source": "urn:core:demo",
    "ce-type": "io.puntual.installment.due.v1",
    "ce-subject": "loan/%C3%B1%201",
    "ce-partitionkey": "D-1",
    "Content-Type": "application/json",
}


@pytest.mark.parametrize(
    ("headers", "body", "count"),
    [
        ({"Content-Type": "application/cloudevents+json; charset=utf-8"}, ONE, 1),
        ({"content-type": "application/cloudevents-batch+json"}, b"[%b,%b]" % (ONE, ONE), 2),
        ({"content-type": "application/json"}, ONE, 1),
        ({"content-type": "application/json"}, b" [%b]" % ONE, 1),
        ({}, ONE, 1),
        (BINARY, b'{"loanRef":"L-1"}', 1),
    ],
)
def test_every_mode_gives_the_same_event(headers: dict[str, str], body: bytes, count: int) -> None:
    assert decode_request(headers, body) == [EVENT] * count


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/cloudevents+avro"}, ONE),
        ({"content-type": "application/cloudevents-batch+json"}, ONE),
        ({"content-type": "application/cloudevents+json"}, b""),
        ({**BINARY, "ce-id": ""}, b"{}"),
        ({**BINARY, "ce-subject": "%ff"}, b"{}"),
        (BINARY, b"{"),
    ],
)
def test_what_is_no_event_is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadRecord):
        decode_request(headers, body)
