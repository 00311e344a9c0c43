"""`puntual events`: records in, native events out, one JSON line each."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from schemas.published import documents
from services.cli.events import app
from tests.schemas.fineract_records import envelope, vectors
from tests.schemas.samples import inbound

HEADERS = {
    "ce_specversion": "1.0",
    "ce_id": "7f0c",
    "ce_source": "urn:core:demo",
    "ce_type": "io.puntual.installment.due.v1",
    "content-type": "application/json",
}
DATA = inbound()["io.puntual.installment.due.v1"]


def line(data: Any = DATA, headers: Any = HEADERS) -> str:
    return json.dumps({"key_hex": "442d31", "value_hex": json.dumps(data).encode().hex(), "headers": headers})


def run(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["decode", *arguments, "-"], input=text.encode())


def answers(text: str, *arguments: str) -> list[dict[str, Any]]:
    result = run(text, *arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(answer) for answer in result.stdout.splitlines()]


def test_a_native_record_comes_out_as_an_event() -> None:
    (event,) = answers(line())
    assert event["specversion"] == "1.0"
    assert event["id"] == "7f0c"
    assert event["data"] == DATA


def test_each_line_has_its_answer_in_order() -> None:
    unused = {**HEADERS, "ce_type": "io.example.other"}
    text = "\n".join(
        [line(), line(headers=unused), "", line({"loanRef": "L"}), line(headers={**HEADERS, "ce_id": None})]
    )
    event, ignored, invalid, missing = answers(text)
    assert event["id"] == "7f0c"
    assert ignored == {"ignored": "io.example.other"}
    assert invalid["error"] == missing["error"] == "invalid_event"
    assert "data.dueDate: is required" in invalid["message"]


@pytest.mark.parametrize(
    "headers", ['{"ce_id":"1","ce_id":"2"}', '{"ce_id":["1","2"]}'], ids=["repeated name", "list of texts"]
)
def test_a_header_may_stand_twice(headers: str) -> None:
    (answer,) = answers(f'{{"value_hex":"7b7d","headers":{headers}}}')
    assert answer == {"error": "invalid_event", "message": "the header ce_id stands twice"}


def test_fineract_records_come_out_as_native_events() -> None:
    text = "\n".join(json.dumps({"key_hex": v.key.hex(), "value_hex": v.value.hex(), "headers": {}}) for v in vectors())
    events = answers(text, "--dialect", "fineract")
    assert len(events) == 32
    assert {event["source"] for event in events} == {"urn:fineract:default:default"}


def test_fineract_types_that_are_not_used_and_tenants_that_are_not_ours() -> None:
    record = envelope("SavingsDepositBusinessEvent", "X", b"")
    text = json.dumps({"key_hex": "00" * 8, "value_hex": record.hex(), "headers": {}})
    assert answers(text, "--dialect", "fineract") == [{"ignored": "SavingsDepositBusinessEvent"}]
    (refused,) = answers(text, "--dialect", "fineract", "--tenant", "bank")
    assert refused["error"] == "unknown_tenant"


@pytest.mark.parametrize(
    "bad",
    [
        "nope",
        "[]",
        "7",
        '{"key_hex":"00"}',
        '{"value_hex":"xyz"}',
        '{"value_hex":7}',
        '{"value_hex":"","headers":[1]}',
        '{"value_hex":"","headers":{"a":1}}',
        "[" * 5000,
    ],
)
def test_a_line_that_is_no_record_is_named_and_the_rest_goes_on(bad: str) -> None:
    result = run(f"{bad}\n{line()}\n")
    first, second = (json.loads(answer) for answer in result.stdout.splitlines())
    assert result.exit_code == 1
    assert first["error"] == "bad_input"
    assert first["message"].startswith("line 1: ")
    assert second["id"] == "7f0c"


def test_a_file_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(line() + "\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["decode", str(file)]).exit_code == 0


@pytest.mark.parametrize("arguments", [["decode", "/no/such/file"], ["decode", "-", "--dialect", "cobol"], ["decode"]])
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_schemas_are_written_one_file_a_type(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["schemas", str(tmp_path)]).exit_code == 0
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.json")} == set(documents())
