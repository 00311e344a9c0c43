"""Records of other cores become native events by a mapping file."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from schemas.envelope import BadRecord, CloudEvent, DeadLetterReason
from schemas.inbound import parse_inbound
from schemas.json_mapping import MappingFault, load
from schemas.json_values import ABSENT, CONVERSIONS, pointer
from services.cli.events import app
from tests.schemas.mapped import DETAILS, FILE, RECORD, document, mapping


def decode(**changes: Any) -> CloudEvent:
    (event,) = mapping().decode(json.dumps({**RECORD, **changes}).encode())
    return event


def test_a_record_becomes_a_native_event() -> None:
    event = decode()
    assert parse_inbound(event) is not None
    assert (event.id, event.source, event.type) == ("e-1", "urn:core:vault", "io.puntual.installment.due.v1")
    assert str(event.time) == "2026-11-21 06:00:00+00:00"
    assert event.extensions == {"partitionkey": "D-1"}
    assert event.data == {
        "debtorRef": "D-1",
        "loanRef": "1001",
        "productCode": "consumo",
        "installmentNumber": 7,
        "dueDate": "2026-11-24",
        "amountDue": {"total": {"amount": "1050.5", "currency": "MXN"}},
        "autopay": False,
    }


@pytest.mark.parametrize(
    ("why", "ours"), [("HURRICANE", "disaster"), ("COURT", "legal"), ("?", "manual"), (None, "manual")]
)
def test_words_are_translated(why: str | None, ours: str) -> None:
    details = {"account_id": "L-1", "why": why}
    event = decode(notification_type="LOC_PAUSED", timestamp=1763704800000, notification_details=details)
    assert parse_inbound(event) is not None
    assert event.data == {"loanRef": "L-1", "from": "2025-11-21T06:00:00Z", "reason": ours}


def test_what_is_absent_is_left_out() -> None:
    details = {name: value for name, value in DETAILS.items() if name not in ("customer_id", "number", "autopay")}
    event = decode(notification_details=details)
    assert "debtorRef" not in event.data
    assert "autopay" not in event.data
    assert "totalOutstanding" not in event.data
    assert decode(notification_details={}).data == {"productCode": "consumo", "installmentNumber": 0}
    assert event.data["installmentNumber"] == 0


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("ACCOUNT_OPENED", "ACCOUNT_OPENED"),
        (7, "unknown"),
        (None, "unknown"),
        ("io.puntual.payment.received.v1", "unknown"),
    ],
)
def test_what_no_rule_wants_is_ignored_by_its_type(kind: object, label: str) -> None:
    event = decode(notification_type=kind)
    assert event.type == label
    assert parse_inbound(event) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"event_id": None},
        {"event_id": ""},
        {"event_id": "a\nb"},
        {"event_id": True},
        {"timestamp": "yesterday"},
        {"notification_details": {**DETAILS, "repayment_amount": "much"}},
        {"notification_details": {**DETAILS, "repayment_amount": 12345678901234567.89}},
        {"notification_details": {**DETAILS, "due_date": "24/11/2026"}},
        {"notification_details": {**DETAILS, "account_id": ["x"]}},
    ],
)
def test_what_cannot_be_converted_is_a_mapping_error(changes: dict[str, Any]) -> None:
    with pytest.raises(BadRecord) as caught:
        decode(**changes)
    assert caught.value.reason is DeadLetterReason.MAPPING_ERROR


@pytest.mark.parametrize("value", [None, b"", b"{", b"\xff", b'{"a":1,"a":2}'])
def test_what_is_not_json_is_refused(value: bytes | None) -> None:
    with pytest.raises(BadRecord):
        mapping().decode(value)


@pytest.mark.parametrize("value", [b"[]", b"7", b'"x"', b"null"])
def test_json_of_another_shape_is_ignored(value: bytes) -> None:
    (event,) = mapping().decode(value)
    assert parse_inbound(event) is None


def _changed(place: str, value: Any) -> Any:
    changed = document()
    target = changed
    *parents, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    for part in parents:
        target = target[part]
    target[last] = value
    return changed


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("source", "", "source: must be"),
        ("type", "notification_type", "type: must be a JSON Pointer"),
        ("rules", [], "rules: must be a list"),
        ("extra", 1, "mapping file.extra: is not one of"),
        ("rules.0.type", "installment.gone", r"rules\[0\].type: installment.gone is not one of our"),
        ("rules.0.id", "event_id", r"rules\[0\].id: must be a JSON Pointer"),
        ("rules.0.when", {}, r"rules\[0\].when: must be an object"),
        ("rules.0.when", {"/a": {}}, r"rules\[0\].when./a: must be a word"),
        ("rules.0.data.dueDay", "/x", r"rules\[0\].data.dueDay: is not one of"),
        ("rules.0.data", {"loanRef": "/x"}, r"rules\[0\].data.amountDue: is required"),
        ("rules.0.data.dueDate", {"from": "/x", "as": "day"}, r"rules\[0\].data.dueDate.as: must be one of"),
        ("rules.0.data.dueDate", {"from": "x"}, r"rules\[0\].data.dueDate.from: must be a JSON Pointer"),
        ("rules.1.data.reason", {"from": "/x", "map": []}, r"rules\[1\].data.reason.map: must be an object"),
        ("rules.0.data.dueDate", date(2026, 11, 24), r"rules\[0\].data.dueDate: is not a JSON value"),
        ("rules.0.data.dueDate", {"const": float("nan")}, r"rules\[0\].data.dueDate.const: is not a JSON value"),
        ("rules.0.data.dueDate", {"from": "/x", "default": date(2026, 1, 1)}, r"dueDate.default: is not a JSON"),
        ("rules.0", 7, r"rules\[0\]: must be an object"),
    ],
)
def test_a_faulty_mapping_is_told_with_its_place(place: str, value: Any, says: str) -> None:
    with pytest.raises(MappingFault, match=says):
        load(_changed(place, value))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/a", {"b/c": [1, 2]}),
        ("/a/b~1c/1", 2),
        ("/a/b~1c/2", ABSENT),
        ("/a/b~1c/-1", ABSENT),
        ("/x/y", ABSENT),
        ("/~0", 3),
    ],
)
def test_pointers(text: str, found: object) -> None:
    assert pointer(text)({"a": {"b/c": [1, 2]}, "~": 3}) == found


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("decimal", "1050.50", "1050.50"),
        ("decimal", 1e21, "1" + "0" * 21),
        ("decimal", 7, "7"),
        ("integer", "7", 7),
        ("number", "6.5", 6.5),
        ("boolean", "Yes", True),
        ("boolean", 0, False),
        ("instant", "2026-11-21T00:00:00-06:00", "2026-11-21T06:00:00Z"),
        ("instant", 1763704800, "2025-11-21T06:00:00Z"),
        ("date", "2026-11-24 23:59", "2026-11-24"),
    ],
)
def test_conversions(kind: str, value: object, result: object) -> None:
    assert CONVERSIONS[kind](value) == result


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("decimal", "1e999"),
        ("decimal", True),
        ("decimal", "NaN"),
        ("integer", 7.5),
        ("integer", "9" * 30),
        ("boolean", "perhaps"),
        ("text", 7.5),
        ("text", None),
        ("date", None),
        ("instant", "1" * 30),
    ],
)
def test_conversions_that_cannot_be(kind: str, value: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        CONVERSIONS[kind](value)


def test_the_command_takes_a_mapping_file(tmp_path: Path) -> None:
    line = json.dumps({"value_hex": json.dumps(RECORD).encode().hex()})
    result = CliRunner().invoke(app, ["decode", "--dialect", str(FILE), "-"], input=line)
    assert json.loads(result.stdout)["data"]["loanRef"] == "1001"
    broken = tmp_path / "broken.yaml"
    for text in ("rules: [", "source: x", "- 1", "\x00"):
        broken.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(app, ["decode", "--dialect", str(broken), "-"], input=line)
        assert result.exit_code == 1
        assert str(broken) in result.stderr
