"""What the index of deploy/ says is true."""

import re

import pytest

from services.serve import Role
from tests.deploy.documents import DEPLOY, text, yaml
from tests.repository.tree import files, name_of

README = text("README.md")
PLAIN_YAML = [
    name_of(path).removeprefix("deploy/")
    for path in files()
    if path.suffix in (".yaml", ".yml") and path.is_relative_to(DEPLOY) and "templates" not in path.parts
]


@pytest.mark.parametrize("name", PLAIN_YAML)
def test_a_document_is_yaml(name: str) -> None:
    assert yaml(name)


def test_the_index_names_every_file_and_folder() -> None:
    there = {path.relative_to(DEPLOY).parts[0] for path in files() if path.is_relative_to(DEPLOY)}
    unnamed = {name for name in there - {"README.md", ".gitignore"} if name not in README}
    assert unnamed == set()


def test_what_the_index_names_is_there() -> None:
    table = re.findall(r"^\| (`.+?) \|", README, re.MULTILINE)
    named = [name for row in table for name in re.findall(r"`([^`]+)`", row)]
    roles = {role.value for role in Role}
    assert [name for name in named if name not in roles and not (DEPLOY / name).exists()] == []
