"""The reference of the language as the guide prints it: a row for each key of the schema."""

from collections.abc import Iterator
from typing import Any

_TYPES = {"string": "text", "integer": "whole number from 1", "number": "number", "boolean": "true or false"}


def reference(schema: dict[str, Any]) -> str:
    """A Markdown table of every key, in the order of the schema; `*` marks what is required where it stands."""
    rows = [
        f"| `{path}`{' *' if required else ''} | {takes} | {told} |" for path, required, takes, told in _rows(schema)
    ]
    return "\n".join(["| key | takes | meaning |", "|---|---|---|", *rows])


def _rows(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, bool, str, str]]:
    for key, inner in schema["properties"].items():
        path = f"{above}{key}"
        yield path, key in schema.get("required", ()), _takes(inner), _told(inner)
        if "properties" in inner:
            yield from _rows(inner, f"{path}.")
        elif "properties" in inner.get("items", {}):
            yield from _rows(inner["items"], f"{path}[].")


def _takes(schema: dict[str, Any]) -> str:
    if "CEL" in schema.get("description", ""):
        return "CEL"
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        items = schema["items"]
        return "list of mappings" if "properties" in items else f"list of {_takes(items)}"
    if schema["type"] == "object":
        return "mapping"
    example = "".join(f", such as `{example}`" for example in schema.get("examples", ()))
    return _TYPES[schema["type"]] + example


def _told(schema: dict[str, Any]) -> str:
    return str(schema["description"]).partition(" CEL over")[0].replace("<", "\\<")
