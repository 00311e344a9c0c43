"""CloudEvents in Kafka records: both modes, strictly."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent as SdkEvent

from schemas.envelope import (
    MAX_BYTES,
    BadRecord,
    CloudEvent,
    DeadLetterReason,
    decode_batch,
    decode_body,
    decode_json,
    decode_record,
    encode_binary,
    to_json,
)

Headers = list[tuple[str, bytes | None]]
DATA = {"loanRef": "L-1", "note": "María"}
BINARY: Headers = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"7f0c"),
    ("ce_source", b"urn:core:demo"),
    ("ce_type", b"io.puntual.installment.due.v1"),
    ("ce_time", b"2026-11-21T00:00:00-06:00"),
    ("ce_subject", b"loan/L-1"),
    ("ce_partitionkey", b"D-1"),
    ("content-type", b"application/json"),
]
EVENT = CloudEvent(
    id="7f0c",
    source="urn:core:demo",
    type="io.puntual.installment.due.v1",
    time=datetime(2026, 11, 21, 6, tzinfo=UTC),
    subject="loan/L-1",
    datacontenttype="application/json",
    data=DATA,
    extensions={"partitionkey": "D-1"},
)
STRUCTURED: Headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


def binary(value: bytes | None = json.dumps(DATA).encode(), headers: Headers = BINARY) -> CloudEvent:
    return decode_record(key=None, value=value, headers=headers)


def structured(changes: dict[str, Any] | None = None, headers: Headers = STRUCTURED) -> CloudEvent:
    envelope = {**to_json(EVENT), **(changes or {})}
    return decode_record(key=None, value=json.dumps(envelope).encode(), headers=headers)


def without(*names: str) -> Headers:
    return [header for header in BINARY if header[0] not in names]


def test_binary_mode_is_read_with_its_time_in_utc() -> None:
    assert binary() == EVENT


def test_structured_mode_is_read() -> None:
    assert structured() == EVENT


def test_structured_wins_over_copies_in_headers() -> None:
    copies: Headers = [("ce_id", b"other"), ("ce_specversion", b"0.3"), *STRUCTURED]
    assert structured(headers=copies) == EVENT


@pytest.mark.parametrize(
    "content_type",
    [b"Application/CloudEvents+JSON", b"application/cloudevents+json;charset=utf-8", b" application/cloudevents+json"],
)
def test_mode_is_told_by_the_start_of_the_content_type_in_any_case(content_type: bytes) -> None:
    assert structured(headers=[("content-type", content_type)]) == EVENT


@pytest.mark.parametrize(
    "foreign",
    [
        ("kafka_dlt-original-offset", b"\x00\x00\xff\xfe"),
        ("traceid", b"\xff"),
        ("nothing", None),
        ("ce_foo-bar", b"\xff"),
        ("ce_expirytime", None),
    ],
)
def test_foreign_and_null_headers_are_left_alone(foreign: tuple[str, bytes | None]) -> None:
    assert binary(headers=[*BINARY, foreign]) == EVENT


@pytest.mark.parametrize("key", [None, b"D-1", b"\x00\x00\x00\x00\x00\x00\x00\xff"])
def test_any_key_is_kept_beside_the_event(key: bytes | None) -> None:
    event = decode_record(key=key, value=b"{}", headers=BINARY)
    assert event.key == key
    assert event.extensions == {"partitionkey": "D-1"}


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
@pytest.mark.parametrize("value", [None, b"", b" "])
def test_a_required_attribute_is_never_invented(name: str, value: bytes | None) -> None:
    with pytest.raises(BadRecord, match=name) as caught:
        binary(headers=[*without(f"ce_{name}"), (f"ce_{name}", value)])
    assert caught.value.reason is DeadLetterReason.INVALID_EVENT


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
@pytest.mark.parametrize("value", [None, "", 7, {}, ["x"], True])
def test_required_attributes_of_a_structured_event_are_texts(name: str, value: object) -> None:
    with pytest.raises(BadRecord, match=name):
        structured({name: value})


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ([*BINARY, ("ce_id", b"7f0d")], "ce_id stands twice"),
        ([*BINARY, ("ce_id", b"7f0c")], "ce_id stands twice"),
        ([*BINARY, ("content-type", b"text/plain")], "two different content-type"),
        ([*without("ce_specversion"), ("ce_specversion", b"0.3")], "specversion must be 1.0"),
        ([*without("ce_time"), ("ce_time", b"2026-11-21 06:00")], "time must be an RFC 3339 time"),
        ([*without("ce_time"), ("ce_time", b"2026-02-30T06:00:00Z")], "time is not a real time"),
        ([*without("ce_time"), ("ce_time", b"2026-11-21T06:00:00")], "offset"),
        ([*without("ce_subject"), ("ce_subject", b"\xff")], "ce_subject is not UTF-8"),
        ([*without("ce_id"), ("ce_id", b"a\x00b")], "id holds a control character"),
        ([*without("ce_id"), ("ce_id", b"a" * 513)], "id is over 512 bytes"),
    ],
)
def test_faulty_headers_are_refused(headers: Headers, says: str) -> None:
    with pytest.raises(BadRecord, match=says):
        binary(headers=headers)


def test_a_record_of_neither_mode_is_bad_framing() -> None:
    for value in (None, b"", b"{}", b"\xc3\x01"):
        with pytest.raises(BadRecord) as caught:
            binary(value, [])
        assert caught.value.reason is DeadLetterReason.BAD_FRAMING


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/cloudevents-batch+json",
        b"application/cloudevents+avro",
        b"application/cloudevents+json; charset=utf-16",
    ],
)
def test_other_event_formats_are_bad_framing(content_type: bytes) -> None:
    with pytest.raises(BadRecord) as caught:
        structured(headers=[("content-type", content_type)])
    assert caught.value.reason is DeadLetterReason.BAD_FRAMING


@pytest.mark.parametrize("value", [b"[]", b'"x"', b"null", b"7", b""])
def test_an_envelope_is_an_object(value: bytes) -> None:
    with pytest.raises(BadRecord):
        decode_record(key=None, value=value, headers=STRUCTURED)


def test_size_is_bounded() -> None:
    fits = b'"' + b"a" * (MAX_BYTES - 2) + b'"'
    assert len(binary(fits).data) == MAX_BYTES - 2
    with pytest.raises(BadRecord) as caught:
        binary(fits + b" ")
    assert caught.value.reason is DeadLetterReason.TOO_LARGE


def test_data_of_another_kind_stays_bytes() -> None:
    event = binary(b"\xff\x00", [*without("content-type"), ("content-type", b"application/octet-stream")])
    assert event.data == b"\xff\x00"


def test_no_value_is_no_data() -> None:
    assert binary(None).data is None


def test_base64_data_of_a_json_event_is_json() -> None:
    body = base64.b64encode(json.dumps(DATA).encode()).decode()
    envelope = {name: value for name, value in to_json(EVENT).items() if name != "data"}
    assert decode_json(envelope | {"data_base64": body}) == EVENT
    for wrong in ({"data_base64": "%%"}, {"data_base64": 7}, {"data_base64": body, "data": {}}):
        with pytest.raises(BadRecord):
            decode_json(envelope | wrong)


def test_extensions_of_a_structured_event_become_texts() -> None:
    event = structured({"retries": 3, "urgent": True, "traceparent": "00-x", "gone": None, "my-name": "x"})
    assert event.extensions == {
        "partitionkey": "D-1",
        "retries": "3",
        "urgent": "true",
        "traceparent": "00-x",
    }
    with pytest.raises(BadRecord):
        structured({"odd": {"a": 1}})


def test_messages_never_quote_the_payload() -> None:
    secret = "+523312345678"
    records: list[tuple[bytes, Headers]] = [
        (b'{"a": ' + secret.encode() + b"}", BINARY),
        (b'{"' + secret.encode() + b'": 1, "' + secret.encode() + b'": 2}', BINARY),
        (b"{}", [*without("ce_time"), ("ce_time", secret.encode())]),
        (json.dumps({**to_json(EVENT), secret: {}}).encode(), STRUCTURED),
        (json.dumps({**to_json(EVENT), "time": secret}).encode(), STRUCTURED),
    ]
    for value, headers in records:
        with pytest.raises(BadRecord) as caught:
            decode_record(key=None, value=value, headers=headers)
        assert secret not in str(caught.value)


def test_a_batch_is_decoded_item_by_item() -> None:
    good, bad = to_json(EVENT), {"specversion": "1.0"}
    decoded = decode_batch(json.dumps([good, bad, 7]).encode())
    assert decoded[0] == EVENT
    assert [type(item) for item in decoded[1:]] == [BadRecord, BadRecord]
    with pytest.raises(BadRecord):
        decode_batch(json.dumps(good).encode())


def test_an_event_by_another_way_is_bounded_too() -> None:
    body = json.dumps(to_json(EVENT)).encode()
    assert decode_body(body) == EVENT
    with pytest.raises(BadRecord) as caught:
        decode_body(body + b" " * MAX_BYTES)
    assert caught.value.reason is DeadLetterReason.TOO_LARGE


def test_one_large_event_does_not_spoil_a_batch() -> None:
    large = to_json(EVENT) | {"data": "a" * MAX_BYTES}
    first, second = decode_batch(json.dumps([large, to_json(EVENT)]).encode())
    assert isinstance(first, BadRecord)
    assert first.reason is DeadLetterReason.TOO_LARGE
    assert second == EVENT


def test_the_sdk_reads_what_we_write() -> None:
    value, headers = encode_binary(EVENT)
    sdk = from_kafka_event(KafkaMessage(headers=dict(headers), key=None, value=value))
    assert sdk.get_id() == "7f0c"
    assert sdk.get_source() == "urn:core:demo"
    assert sdk.get_type() == EVENT.type
    assert sdk.get_time() == EVENT.time
    assert sdk.get_subject() == EVENT.subject
    assert sdk.get_datacontenttype() == "application/json"
    assert sdk.get_extension("partitionkey") == "D-1"
    assert sdk.get_data() == DATA


@pytest.mark.parametrize("write", [to_binary_event, to_structured_event])
def test_we_read_what_the_sdk_writes(write: Any) -> None:
    message = write(SdkEvent({**_sdk_attributes()}, DATA))
    decoded = decode_record(key=None, value=message.value, headers=list(message.headers.items()))
    assert decoded == EVENT


def _sdk_attributes() -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": EVENT.id,
        "source": EVENT.source,
        "type": EVENT.type,
        "time": EVENT.time,
        "subject": EVENT.subject,
        "datacontenttype": EVENT.datacontenttype,
        "partitionkey": "D-1",
    }


def test_what_we_write_reads_back_the_same() -> None:
    value, headers = encode_binary(EVENT)
    assert decode_record(key=None, value=value, headers=list(headers)) == EVENT
    assert decode_json(json.loads(json.dumps(to_json(EVENT)))) == EVENT
