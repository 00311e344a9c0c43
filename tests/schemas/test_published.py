"""The published contract: JSON Schemas and the AsyncAPI document say what the code does."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker
from ruamel.yaml import YAML

import schemas
from schemas.envelope import CloudEvent
from schemas.inbound import INBOUND, parse_inbound
from schemas.outcome_events import OUTBOUND, to_cloud_event
from schemas.published import documents
from tests.schemas.samples import EVENT_ID, GOLDEN, NOW, inbound, outbound

ROOT = Path(schemas.__file__).parent
PUBLISHED = documents()
ASYNCAPI = YAML(typ="safe").load((ROOT / "asyncapi.yaml").read_text(encoding="utf-8"))


def check(path: str, data: Any) -> None:
    for validator in (Draft202012Validator, Draft7Validator):
        validator(PUBLISHED[path], format_checker=FormatChecker()).validate(data)


def test_the_files_are_what_the_models_say() -> None:
    folder = ROOT / "json_schemas"
    written = {
        str(file.relative_to(folder)): json.loads(file.read_text(encoding="utf-8")) for file in folder.rglob("*.json")
    }
    assert written == PUBLISHED, "run: puntual events schemas schemas/json_schemas"


@pytest.mark.parametrize("path", PUBLISHED)
def test_every_schema_is_one_under_both_dialects(path: str) -> None:
    Draft202012Validator.check_schema(PUBLISHED[path])
    Draft7Validator.check_schema(PUBLISHED[path])
    text = json.dumps(PUBLISHED[path])
    assert "unevaluatedProperties" not in text
    assert "prefixItems" not in text
    assert "$time" not in text


@pytest.mark.parametrize(("name", "data"), inbound().items(), ids=inbound())
def test_inbound_samples_fit_their_schema(name: str, data: dict[str, Any]) -> None:
    check(f"inbound/{name}.json", data)


@pytest.mark.parametrize("name", INBOUND)
def test_the_schema_requires_what_the_parser_requires(name: str) -> None:
    data = inbound()[name]
    required = PUBLISHED[f"inbound/{name}.json"]["required"]
    fields = INBOUND[name].model_fields.values()
    assert sorted(required) == sorted(str(field.alias) for field in fields if field.is_required())
    for member in required:
        less = {key: value for key, value in data.items() if key != member}
        assert not Draft202012Validator(PUBLISHED[f"inbound/{name}.json"]).is_valid(less)


@pytest.mark.parametrize("outcome", outbound(), ids=lambda outcome: outcome.event_type)
def test_published_outcomes_fit_their_schema_and_the_golden_sample(outcome: Any) -> None:
    event = to_cloud_event(outcome, id=EVENT_ID, source="urn:puntual:demo", time=NOW, sequence=1)
    check(f"outbound/{outcome.event_type}.json", event.data)
    golden = json.loads((GOLDEN / "outbound" / f"{outcome.event_type}.json").read_text(encoding="utf-8"))
    assert event.data == golden
    assert event.dataschema == PUBLISHED[f"outbound/{outcome.event_type}.json"]["$id"]


@pytest.mark.parametrize("name", OUTBOUND)
def test_what_consumers_validate_is_open(name: str) -> None:
    text = json.dumps(PUBLISHED[f"outbound/{name}.json"])
    assert '"enum"' not in text
    assert '"additionalProperties": false' not in text


def test_an_old_sample_still_parses_when_it_holds_more_than_we_know() -> None:
    for name, data in inbound().items():
        assert parse_inbound(CloudEvent(id="1", source="s", type=name, data={**data, "x": 1})) is not None


def test_asyncapi_lists_exactly_the_types_of_each_topic() -> None:
    outgoing: dict[str, set[str]] = {}
    for name, model in OUTBOUND.items():
        outgoing.setdefault(model.topic, set()).add(name)
    assert _asyncapi("send") == outgoing
    incoming = _asyncapi("receive")
    assert set().union(*incoming.values()) == set(INBOUND)
    assert set(incoming) == {
        "puntual.lending.events.v1",
        "puntual.debtors.v1",
        "puntual.consents.v1",
        "puntual.contacts.v1",
    }


def test_asyncapi_names_the_headers_that_are_always_published() -> None:
    event = to_cloud_event(outbound()[0], id=EVENT_ID, source="urn:puntual:demo", time=NOW, sequence=1)
    required = set(ASYNCAPI["components"]["messageTraits"]["published"]["headers"]["required"])
    ours = {"specversion", "id", "source", "type", "time", "subject", "dataschema", *event.extensions}
    assert required - {"content-type"} == {f"ce_{name}" for name in ours - {"dataclassification"}}


def _asyncapi(action: str) -> dict[str, set[str]]:
    channels = [
        ASYNCAPI["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        for operation in ASYNCAPI["operations"].values()
        if operation["action"] == action
    ]
    return {channel["address"]: {_type(ref) for ref in channel["messages"].values()} for channel in channels}


def _type(ref: dict[str, str]) -> str:
    message = ASYNCAPI["components"]["messages"][ref["$ref"].rpartition("/")[2]]
    schema = json.loads((ROOT / message["payload"]["schema"]["$ref"]).read_text(encoding="utf-8"))
    assert schema["title"] == message["name"]
    return str(message["name"])
