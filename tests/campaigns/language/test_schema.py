"""The published schema, the parser and the samples say the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from campaigns.catalog import load_catalog
from campaigns.content_parser import CHOICE_KEYS, TASK_KEYS, VARIANT_KEYS
from campaigns.parser import AUDIENCE_KEYS, DEFINITION_KEYS, LIMITS_KEYS, REQUIRED_KEYS, SCHEDULE_KEYS
from campaigns.schema import definition_schema
from campaigns.step_parser import FALLBACK_KEYS, STEP_KEYS
from tests.campaigns.language.samples import BASE, faults
from tests.campaigns.language.test_parser import FULL
from tests.campaigns.language.test_problems import CHANGES, TOP, with_top

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "campaigns" / "definitions"
BEYOND_A_SCHEMA = {
    "version: 2", "starts: 2026-02-30", "starts: 2026-02-03\nends: 2026-02-02", "priority: debtor.segment",
    "audience: {when: 1 > 2}", "audience: {}\n",
}  # fmt: skip
SCHEMA = definition_schema()


def valid(text: str) -> bool:
    """Whether an editor would find nothing."""
    loaded = YAML(typ="safe", pure=True).load(text)
    plain = json.loads(json.dumps(loaded, default=str))
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(plain)


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "schemas" / "campaign.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == SCHEMA, "run: puntual campaigns schema > schemas/campaign.schema.json"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_knows_the_parsers_keys() -> None:
    step = SCHEMA["properties"]["steps"]["items"]
    pairs: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        (SCHEMA, DEFINITION_KEYS),
        (SCHEMA["properties"]["audience"], AUDIENCE_KEYS),
        (SCHEMA["properties"]["limits"], LIMITS_KEYS),
        (SCHEMA["properties"]["schedule"], SCHEDULE_KEYS),
        (step, STEP_KEYS),
        (step["properties"]["fallback"], FALLBACK_KEYS),
        (step["properties"]["task"], TASK_KEYS),
        (step["properties"]["choose"]["items"], CHOICE_KEYS),
        (step["properties"]["variants"]["items"], VARIANT_KEYS),
    ]
    for schema, keys in pairs:
        assert set(schema["properties"]) == set(keys)
    assert set(SCHEMA["required"]) == set(REQUIRED_KEYS)


def test_every_key_is_described() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> list[str]:
        found = [path] if "description" not in schema else []
        for name, inner in schema.get("properties", {}).items():
            found += undescribed(inner, f"{path}.{name}")
        return found

    assert undescribed(SCHEMA, "$") == []


@pytest.mark.parametrize("text", [BASE, FULL], ids=["base", "full"])
def test_what_the_parser_takes_is_valid(text: str) -> None:
    assert faults(text) == []
    assert valid(text)


@pytest.mark.parametrize("line", [line for line, _ in TOP if line not in BEYOND_A_SCHEMA])
def test_what_the_parser_refuses_is_not_valid(line: str) -> None:
    assert not valid(with_top(line))


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, _ in CHANGES if new not in BEYOND_A_SCHEMA])
def test_changes_the_parser_refuses_are_not_valid(old: str, new: str) -> None:
    assert not valid(BASE.replace(old, new))


def test_the_samples_are_sound_valid_and_say_where_their_schema_is() -> None:
    catalog = load_catalog(SAMPLES)
    assert catalog.problems == ()
    assert len(catalog.definitions) >= 2
    for entry in catalog.entries:
        text = entry.path.read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=../../schemas/campaign.schema.json\n")
        assert valid(text)
