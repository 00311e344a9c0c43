"""The guide for staff tells the truth: its reference is the schema's, its recipes are the same in both languages."""

import re
from typing import Any

from campaigns.parser import parse_definition
from campaigns.schema import definition_schema
from services.settings import PROJECT_ROOT
from tests.campaigns.language.reference import reference

GUIDE = (PROJECT_ROOT / "campaigns" / "README.md").read_text(encoding="utf-8")
SPANISH, ENGLISH = GUIDE.split("\n# Campaigns\n")
CODE = re.compile(r"`([^`]+)`")
BLOCKS = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def recipes(half: str, title: str) -> list[list[str]]:
    """The YAML of each recipe."""
    section = half.split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [CODE.findall(row[1]) for row in rows[1:]]


def keys(schema: dict[str, Any]) -> set[str]:
    """Every key that a definition may have, wherever it stands."""
    inner = schema.get("items", schema).get("properties", {})
    return set(inner).union(*(keys(each) for each in inner.values()))


def test_the_reference_is_the_schemas() -> None:
    table = reference(definition_schema())
    assert table in ENGLISH, f"put this under 'Reference' in campaigns/README.md:\n{table}"


def test_every_key_is_told_in_spanish_too() -> None:
    fenced = BLOCKS.findall(SPANISH)
    inline = CODE.findall(re.sub(r"^```.*?^```$", "", SPANISH, flags=re.DOTALL | re.MULTILINE))
    words = set(re.findall(r"[a-z_]+", " ".join([*fenced, *inline])))
    assert keys(definition_schema()) - words == set()


def test_there_are_ten_recipes_and_they_are_the_same_in_both_languages() -> None:
    spanish, english = recipes(SPANISH, "Diez recetas"), recipes(ENGLISH, "Ten recipes")
    assert spanish == english
    assert len(spanish) == 10


def test_recipes_use_keys_of_the_language() -> None:
    used = {
        key
        for recipe in recipes(ENGLISH, "Ten recipes")
        for code in recipe
        for key in re.findall(r"(\w+):(?= |$)", code)
    }
    assert used <= keys(definition_schema())


def test_the_definition_in_the_guide_is_sound() -> None:
    (shown,) = (block for block in BLOCKS.findall(SPANISH) if block.startswith("campaign:"))
    assert not isinstance(parse_definition(shown, "README.md"), list)
