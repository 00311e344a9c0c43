"""Whatever bytes come, a decoder answers with events or a BadRecord, and nothing else."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import fineract
from schemas.dead_letter import BadRecord
from schemas.envelope import CloudEvent, decode_batch, decode_record, encode_binary
from schemas.inbound import INBOUND, parse_inbound
from tests.schemas.fineract_records import Vector, vectors
from tests.schemas.mapped import DETAILS, RECORD, mapping
from tests.schemas.samples import inbound

SAMPLES = inbound()
VECTORS = vectors()
FAST = settings(max_examples=400, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
HEADER_NAMES = st.sampled_from(
    ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "ce_x", "content-type", "trace", "ce_"]
)
HEADER_VALUES = (
    st.none()
    | st.binary(max_size=30)
    | st.sampled_from(
        [b"1.0", b"7f0c", b"io.puntual.installment.due.v1", b"2026-11-21T06:00:00Z", b"application/cloudevents+json"]
    )
)


def settle(key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]) -> None:
    try:
        event = decode_record(key=key, value=value, headers=headers)
        parse_inbound(event)
    except BadRecord:
        return
    assert event.id.strip()
    encode_binary(event)


def attributes(kind: str) -> list[tuple[str, bytes | None]]:
    return [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"s"), ("ce_type", kind.encode())]


@FAST
@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=200) | ANY_JSON.map(lambda value: json.dumps(value).encode()),
    headers=st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=8),
)
def test_any_record(key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]) -> None:
    settle(key, value, headers)


@FAST
@given(kind=st.sampled_from(sorted(INBOUND)), data=st.data())
def test_valid_data_with_one_member_changed(kind: str, data: st.DataObject) -> None:
    sample = json.loads(json.dumps(SAMPLES[kind]))
    place = sample
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or not place[name] or data.draw(st.booleans()):
            break
        place = place[name]
    place[name] = data.draw(ANY_JSON)
    settle(b"D-1", json.dumps(sample).encode(), attributes(kind))


@FAST
@given(
    kind=st.sampled_from(sorted(INBOUND)), at=st.integers(0, 2000), junk=st.binary(max_size=6), cut=st.integers(0, 6)
)
def test_valid_bytes_with_a_splice(kind: str, at: int, junk: bytes, cut: int) -> None:
    value = json.dumps(SAMPLES[kind]).encode()
    place = at % len(value)
    settle(None, value[:place] + junk + value[place + cut :], attributes(kind))


@FAST
@given(body=st.binary(max_size=200) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_any_batch(body: bytes) -> None:
    try:
        items = decode_batch(body)
    except BadRecord:
        return
    assert all(isinstance(item, CloudEvent | BadRecord) for item in items)


def settle_fineract(key: bytes | None, value: bytes | None) -> None:
    try:
        events = fineract.decode(key, value)
        for event in events:
            parse_inbound(event)
    except BadRecord:
        return
    assert all(event.id for event in events)


@FAST
@given(vector=st.sampled_from(VECTORS), at=st.integers(0, 2000), junk=st.binary(max_size=6), cut=st.integers(0, 6))
def test_fineract_bytes_with_a_splice(vector: Vector, at: int, junk: bytes, cut: int) -> None:
    place = at % len(vector.value)
    settle_fineract(vector.key, vector.value[:place] + junk + vector.value[place + cut :])


@FAST
@given(
    vector=st.sampled_from(VECTORS), changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8)
)
def test_fineract_bytes_changed_in_place(vector: Vector, changes: list[tuple[int, int]]) -> None:
    value = bytearray(vector.value)
    for at, byte in changes:
        value[at % len(value)] = byte
    settle_fineract(vector.key, bytes(value))


@FAST
@given(key=st.none() | st.binary(max_size=9), value=st.none() | st.binary(max_size=100).map(lambda b: b"\xc3\x01" + b))
def test_any_fineract_record(key: bytes | None, value: bytes | None) -> None:
    settle_fineract(key, value)


@FAST
@given(
    changes=st.dictionaries(st.sampled_from(sorted(RECORD)), ANY_JSON, max_size=3),
    details=st.booleans(),
    data=st.data(),
)
def test_any_record_under_a_mapping(changes: dict[str, Any], details: bool, data: st.DataObject) -> None:
    record = {**RECORD, **({} if details else changes)}
    if details:
        one = data.draw(st.dictionaries(st.sampled_from(sorted(DETAILS)), ANY_JSON, max_size=3))
        record["notification_details"] = {**DETAILS, **one}
    try:
        (event,) = mapping().decode(json.dumps(record).encode())
        parse_inbound(event)
    except BadRecord:
        return
    encode_binary(event)
