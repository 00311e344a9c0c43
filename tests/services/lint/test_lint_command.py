"""`puntual campaigns lint` and `schema` as people and programs use them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaigns.schema import definition_schema
from services.cli.campaigns import app
from tests.campaigns.language.samples import BASE, changed

RUNNER = CliRunner()
SOUND = changed("[sms, email]", "[sms]", changed("template: aviso", "template: vencido_1"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of definitions."""
    made = tmp_path / "definiciones"
    made.mkdir()
    (made / "bien.yaml").write_text(SOUND, encoding="utf-8")
    return made


def test_the_samples_of_the_repository_are_clean() -> None:
    result = RUNNER.invoke(app, ["lint"])
    assert (result.exit_code, result.output) == (0, "")


def test_clean_is_silent_and_zero(folder: Path) -> None:
    result = RUNNER.invoke(app, ["lint", str(folder)])
    assert (result.exit_code, result.output) == (0, "")


def test_problems_are_one_line_each_and_one(folder: Path) -> None:
    path = folder / "mal.yaml"
    path.write_text(changed("version: 1", "version: uno", SOUND), encoding="utf-8")
    result = RUNNER.invoke(app, ["lint", str(folder)])
    expected = f"{path}:2:10: 'version' must be a whole number from 1 to 999999999, not 'uno'\n"
    assert (result.exit_code, result.output) == (1, expected)


def test_problems_are_told_in_spanish_where_that_is_asked_for(folder: Path) -> None:
    path = folder / "mal.yaml"
    path.write_text(changed("version: 1", "version: uno", SOUND), encoding="utf-8")
    result = RUNNER.invoke(app, ["lint", "--language", "es", str(folder)])
    assert result.output == f"{path}:2:10: 'version' debe ser un entero de 1 a 999999999, no 'uno'\n"


def test_yaml_errors_are_one_too(folder: Path) -> None:
    (folder / "mal.yaml").write_text("a: [", encoding="utf-8")
    assert RUNNER.invoke(app, ["lint", str(folder)]).exit_code == 1


def test_missing_files_are_two_and_hide_nothing(folder: Path) -> None:
    (folder / "mal.yaml").write_text(changed("version: 1", "version: 0", SOUND), encoding="utf-8")
    result = RUNNER.invoke(app, ["lint", str(folder / "nada.yaml"), str(folder)])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 2


def test_json_lists_problems(folder: Path) -> None:
    path = folder / "mal.yaml"
    path.write_text(changed("version: 1", "version: 0", SOUND), encoding="utf-8")
    result = RUNNER.invoke(app, ["lint", "--json", str(folder)])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {
            "file": str(path),
            "line": 2,
            "column": 10,
            "message": "'version' must be a whole number from 1 to 999999999, not '0'",
        }
    ]


def test_json_of_a_clean_folder_is_an_empty_list(folder: Path) -> None:
    result = RUNNER.invoke(app, ["lint", "--json", str(folder)])
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


@pytest.mark.parametrize(
    ("variable", "content"),
    [("PUNTUAL_PROVIDERS_FILE", "providers: []\n"), ("PUNTUAL_CREDITORS_FILE", "creditors: {\n")],
)
def test_faults_of_the_surroundings_are_reported_where_they_are(
    folder: Path, tmp_path: Path, variable: str, content: str
) -> None:
    path = tmp_path / "faulty.yaml"
    path.write_text(content, encoding="utf-8")
    result = RUNNER.invoke(app, ["lint", str(folder)], env={variable: str(path)})
    assert result.exit_code == 1
    assert result.output.startswith(f"{path}:")


@pytest.mark.parametrize("variable", ["PUNTUAL_PROVIDERS_FILE", "PUNTUAL_CREDITORS_FILE", "PUNTUAL_PACKS_DIR"])
def test_missing_surroundings_are_reported(folder: Path, tmp_path: Path, variable: str) -> None:
    result = RUNNER.invoke(app, ["lint", str(folder)], env={variable: str(tmp_path / "nothing")})
    assert result.exit_code == 1
    assert str(tmp_path / "nothing") in result.output


def test_bad_settings_are_named(folder: Path) -> None:
    result = RUNNER.invoke(app, ["lint", str(folder)], env={"PUNTUAL_HTTP_PORT": "many"})
    assert result.exit_code == 1
    assert "PUNTUAL_HTTP_PORT" in result.output


def test_the_campaigns_folder_is_the_default(folder: Path) -> None:
    (folder / "mal.yaml").write_text(BASE + "zzz: 1\n", encoding="utf-8")
    result = RUNNER.invoke(app, ["lint"], env={"PUNTUAL_CAMPAIGNS_DIR": str(folder)})
    assert result.exit_code == 1
    assert str(folder / "mal.yaml") in result.output


def test_the_schema_is_printed() -> None:
    result = RUNNER.invoke(app, ["schema"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == definition_schema()
