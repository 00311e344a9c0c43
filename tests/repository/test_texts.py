"""What the repository says: of the product alone, free of any one machine, and true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from services.settings import Settings, variable_of
from services.settings_view import settings_rows
from tests.repository.tree import ROOT, files, name_of, texts

HERE = "tests/repository/test_texts.py"
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|Users|opt/wheels)/|/home/(?!puntual\b)\w+/")
REGISTRIES = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|repo\d?\.maven|maven\.org/maven2|deb\.debian\.org"
    r"|proxy\.golang\.org|extra-index-url|index-url|find-links)\b"
)
LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|HACK)\b")
MAKE_COMMAND = re.compile(r"(?:^|[`\s])make ([a-z][a-z-]*)", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+")


@pytest.mark.parametrize("forbidden", [MACHINE_PATHS, REGISTRIES, LEFT_OVER], ids=["paths", "registries", "left over"])
def test_no_file_names(forbidden: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        if name != HERE and forbidden.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if forbidden.search(line)
    ]
    assert found == []


def test_no_file_is_large() -> None:
    large = [name_of(path) for path in files() if path.stat().st_size > 2_000_000]
    assert large == []


def test_every_make_command_in_a_document_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    unknown = [
        f"{name}: make {command}"
        for name, text in texts()
        if name.endswith(".md")
        for command in MAKE_COMMAND.findall(code_of(text))
        if command not in targets
    ]
    assert unknown == []


def test_every_setting_is_in_the_example_with_its_default() -> None:
    example = dict(re.findall(r"^#(PUNTUAL_[A-Z_]+)=(.*)$", (ROOT / "deploy/env.example").read_text(), re.MULTILINE))
    assert set(example) == {variable_of(name) for name in Settings.model_fields}
    shown_as_example = {
        "PUNTUAL_DATABASE_URL",
        "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS",
        "PUNTUAL_SECRET_KEY",
        "PUNTUAL_PII_KEYS",
    }
    for row in settings_rows(Settings.load(), {}):
        if row.variable not in shown_as_example:
            assert example[row.variable] == row.value.removeprefix(f"{ROOT}/"), row.variable


def test_every_dependency_is_pinned_exactly() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    pinned = {canonical(line.partition("==")[0]) for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {canonical(re.split(r"[^A-Za-z0-9._-]", name)[0]) for name in declared} <= pinned


def test_imports_go_one_way() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def code_of(markdown: str) -> str:
    """The code of a document: fenced blocks and what stands between backticks."""
    fenced = re.findall(r"```.*?\n(.*?)```", markdown, re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL))
    return "\n".join([*fenced, *inline])


def canonical(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
