"""`puntual check`: one line a part, a remedy for every fault, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from services import migrations
from services.cli import doctor as command
from services.doctor import Level, check_database, check_kafka, check_zones
from services.doctor_content import check_campaigns, check_packs, check_providers, check_templates
from services.embedded.kafka import EmbeddedBroker
from services.settings import PROJECT_ROOT, Settings
from services.topics import wanted_topics

Check = Callable[..., Result]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, database_url: str, broker: EmbeddedBroker) -> Check:
    """Runs `puntual check` against a migrated database and a broker with all topics."""
    app = Typer()
    app.command()(command.check)
    broker.ensure_topics([topic.name for topic in wanted_topics(Settings.load())])
    monkeypatch.setenv("PUNTUAL_DATABASE_URL", database_url)
    monkeypatch.setenv("PUNTUAL_KAFKA_BOOTSTRAP_SERVERS", broker.address)

    def run(*arguments: str, **variables: str) -> Result:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, list(arguments))

    return run


def lines(result: Result, part: str) -> list[str]:
    return [line for line in result.stdout.splitlines() if line[9:].startswith(part)]


@pytest.mark.slow
def test_a_sound_deployment_passes_with_a_line_for_every_part(check: Check) -> None:
    result = check()
    assert result.exit_code == 0, result.stdout
    parts = {finding["part"] for finding in json.loads(check("--json").stdout)}
    assert parts == {
        "settings",
        "database",
        "kafka",
        "topics",
        "providers",
        "creditors",
        "packs",
        "campaigns",
        "templates",
        "time zones",
    }


def test_bad_settings_are_told_line_by_line(check: Check) -> None:
    result = check(PUNTUAL_HTTP_PORT="x", PUNTUAL_ENV="y")
    assert result.exit_code == 1
    assert len(lines(result, "settings")) == len(result.stdout.splitlines()) == 2


@pytest.mark.slow
def test_a_misspelt_variable_is_a_warning(check: Check) -> None:
    result = check(PUNTUAL_HTTPPORT="80")
    assert result.exit_code == 0
    assert "PUNTUAL_HTTPPORT" in lines(result, "settings")[0]


@pytest.mark.slow
def test_a_broken_creditors_file_is_told_with_its_line(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "creditors.yaml"
    file.write_text("creditors:\n  - ref: demo\n")
    result = check(PUNTUAL_CREDITORS_FILE=str(file))
    assert result.exit_code == 1
    assert f"{file}:2:5" in lines(result, "creditors")[0]


def test_settings_are_listed_with_secrets_masked(check: Check) -> None:
    result = check("--settings", PUNTUAL_SECRET_KEY="Zk3wq8Lr5TnV0xYb7GcJ1uMdHs9EpAfQ")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == len(Settings.model_fields)
    assert "Zk3wq8Lr5" not in result.stdout
    assert "PUNTUAL_HTTP_PORT" in result.stdout
    rows = json.loads(check("--settings", "--json").stdout)
    assert {row["variable"]: row["source"] for row in rows}["PUNTUAL_SECRET_KEY"] == "given"


async def test_a_database_that_is_not_there_is_a_problem_without_its_password() -> None:
    (finding,) = await check_database(Settings.load(database_url="postgresql://u:hunter2@127.0.0.1:1/x"))
    assert finding.level is Level.PROBLEM
    assert "PUNTUAL_DATABASE_URL" in finding.message
    assert "hunter2" not in finding.message


async def test_a_database_without_schema_is_told_how_to_get_one(empty_database_url: str) -> None:
    (finding,) = await check_database(Settings.load(database_url=empty_database_url))
    assert finding.level is Level.WARNING
    assert "puntual migrate" in finding.message
    await migrations.upgrade(empty_database_url)
    (finding,) = await check_database(Settings.load(database_url=empty_database_url))
    assert finding.level is Level.OK


async def test_the_embedded_parts_are_tried(data_dir: Path) -> None:
    settings = Settings.load(data_dir=data_dir)
    (database,) = await check_database(settings)
    assert "embedded" in database.message
    assert {finding.level for finding in await check_kafka(settings)} == {Level.OK}


async def test_each_missing_topic_is_named(broker: EmbeddedBroker) -> None:
    settings = Settings.load(kafka_bootstrap_servers=broker.address)
    missing = [finding.message for finding in await check_kafka(settings) if finding.part == "topics"]
    assert len(missing) == len(wanted_topics(settings))
    assert all("puntual topics create" in message for message in missing)


@pytest.mark.slow
async def test_a_kafka_that_does_not_answer_is_a_problem() -> None:
    (finding,) = await check_kafka(Settings.load(kafka_bootstrap_servers="127.0.0.1:1"))
    assert finding.level is Level.PROBLEM


async def test_the_providers_of_the_demonstration_are_usable() -> None:
    levels = {finding.level for finding in await check_providers(Settings.load())}
    assert Level.PROBLEM not in levels


async def test_a_secret_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "providers.yaml"
    text = (PROJECT_ROOT / "deploy/providers.yaml").read_text()
    file.write_text(text.replace("auth_token: simulated-token", "auth_token: {env: NOWHERE_TO_BE_FOUND}"))
    (finding,) = await check_providers(Settings.load(providers_file=file))
    assert finding.level is Level.PROBLEM
    assert "NOWHERE_TO_BE_FOUND" in finding.message


async def test_a_creditor_without_a_pack_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "creditors.yaml"
    text = (PROJECT_ROOT / "deploy/creditors.yaml").read_text()
    file.write_text(text.replace("jurisdiction: MX", "jurisdiction: ZZ"))
    findings = await check_packs(Settings.load(creditors_file=file))
    assert any(finding.level is Level.PROBLEM and "ZZ" in finding.message for finding in findings)


async def test_a_folder_without_packs_is_a_problem(tmp_path: Path) -> None:
    (finding,) = await check_packs(Settings.load(packs_dir=tmp_path))
    assert finding.level is Level.PROBLEM


async def test_a_pack_past_its_review_is_a_problem() -> None:
    findings = await check_packs(Settings.load(now="2040-01-01T00:00:00Z"))
    assert any(finding.level is Level.PROBLEM and "reviewed" in finding.message for finding in findings)


async def test_a_broken_definition_and_a_broken_template_are_told_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("campaign: x\n")
    found = await check_campaigns(Settings.load(campaigns_dir=tmp_path))
    assert any(f"{tmp_path / 'broken.yaml'}:1:" in finding.message for finding in found)
    (tmp_path / "es").mkdir()
    (tmp_path / "es/broken.sms.j2").write_text("{{ nobody.knows }}")
    found = await check_templates(Settings.load(templates_dir=tmp_path))
    assert {finding.level for finding in found} == {Level.PROBLEM}


async def test_the_zones_are_up_to_date() -> None:
    (finding,) = await check_zones(Settings.load())
    assert finding.level is Level.OK
