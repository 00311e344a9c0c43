"""The published JSON Schema of every event's data, made from the models, so that the two cannot differ."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaMode

from schemas.inbound import INBOUND
from schemas.outcome_events import OUTBOUND, SCHEMA_URN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INBOUND_URN = "urn:puntual:schema:inbound:"
_INTERNAL = "$time"
_NAME = re.compile(r"`([a-z_]+)`")


def documents() -> dict[str, dict[str, Any]]:
    """Every schema by its path, like `inbound/io.puntual.installment.due.v1.json`."""
    inbound = {
        f"inbound/{name}.json": _document(INBOUND_URN + name, model, "validation") for name, model in INBOUND.items()
    }
    outbound = {
        f"outbound/{name}.json": _open(_document(SCHEMA_URN + name, model, "serialization"))
        for name, model in OUTBOUND.items()
    }
    return inbound | outbound


def _document(urn: str, model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True, mode=mode)
    schema["properties"].pop(_INTERNAL, None)
    _require_what_is_always_there(schema)
    head = {"$schema": DIALECT, "$id": urn, "title": urn.rpartition(":")[2]}
    return head | {key: _tidy_member(key, value) for key, value in schema.items() if key != "title"}


def _require_what_is_always_there(schema: dict[str, Any]) -> None:
    """A field with a default is always published; only None is left out."""
    if schema.get("additionalProperties") is not False:
        return
    always = [name for name, field in schema["properties"].items() if field.get("default") is not None]
    schema["required"] = [*schema.get("required", []), *always]


def _tidy(node: Any) -> Any:
    """Without generated titles and null defaults, which say nothing; names as they are written outside."""
    if isinstance(node, str):
        return _NAME.sub(lambda name: f"`{to_camel(name[1])}`", node)
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _tidy_member(key, value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value is None)
    }


def _tidy_member(key: str, value: Any) -> Any:
    """Under `properties` and `$defs` the keys are names of the event's own."""
    if key in ("properties", "$defs"):
        return {name: _tidy(field) for name, field in value.items()}
    return _tidy(value)


def _open(node: Any) -> Any:
    """As consumers may rely on it: members and words may be added, and what is absent is left out."""
    if isinstance(node, list):
        return [_open(item) for item in node]
    if not isinstance(node, dict):
        return node
    choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return _open(choices[0])
    opened = {
        key: _open(value)
        for key, value in node.items()
        if key != "enum" and not (key == "additionalProperties" and value is False)
    }
    if choices:
        opened["anyOf"] = _open(choices)
    return opened | {"examples": node["enum"]} if "enum" in node else opened
