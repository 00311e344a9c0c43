"""Settings from the environment: defaults, faults with remedies, what production refuses."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.keyring import new_key, write_keys
from services.settings import PROJECT_ROOT, Settings, unknown_variables
from services.settings_rules import SettingsProblem
from services.settings_view import settings_rows

PRODUCTION = {
    "PUNTUAL_ENV": "production",
    "PUNTUAL_DATABASE_URL": "postgresql://puntual:pw@db.internal/puntual",
    "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS": "kafka.internal:9092",
    "PUNTUAL_PUBLIC_URL": "https://avisos.financiera.test/",
    "PUNTUAL_SECRET_KEY": "Zk3wq8Lr5TnV0xYb7GcJ1uMdHs9EpAfQ",
    "PUNTUAL_PII_KEYS": write_keys([new_key("k1")]),
}

Environment = Callable[[dict[str, str]], None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Sets variables for one test."""

    def setup(variables: dict[str, str]) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return setup


def faults(**given: object) -> dict[str, str]:
    with pytest.raises(SettingsProblem) as refused:
        Settings.load(**given)
    assert str(refused.value).count("\n") == len(refused.value.faults) - 1
    return {fault.variable: str(fault) for fault in refused.value.faults}


def test_defaults_are_those_of_a_first_try_on_this_machine() -> None:
    settings = Settings.load()
    assert settings.env == "development"
    assert settings.database_url is None
    assert settings.kafka_bootstrap_servers is None
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.data_dir == PROJECT_ROOT / ".puntual"
    assert settings.campaigns_dir == PROJECT_ROOT / "campaigns/definitions"
    assert settings.creditors_file.is_file()
    assert settings.providers_file.is_file()
    assert settings.fineract_tenant == "default"
    assert settings.now is None


def test_files_of_the_product_are_found_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.load()
    assert settings.creditors_file == PROJECT_ROOT / "deploy/creditors.yaml"


def test_a_path_as_given_is_taken_from_the_current_folder(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    environment({"PUNTUAL_CREDITORS_FILE": "mine/creditors.yaml", "PUNTUAL_DATA_DIR": "state"})
    settings = Settings.load()
    assert settings.creditors_file == tmp_path / "mine/creditors.yaml"
    assert settings.data_dir == tmp_path / "state"


def test_an_empty_variable_counts_as_unset(environment: Environment) -> None:
    environment({"PUNTUAL_DATABASE_URL": "", "PUNTUAL_HTTP_PORT": "", "PUNTUAL_FINERACT_TOPIC": ""})
    settings = Settings.load()
    assert settings.database_url is None
    assert settings.http_port == 8080
    assert settings.fineract_topic == ""


def test_the_public_address_follows_the_port_until_it_is_given(environment: Environment) -> None:
    environment({"PUNTUAL_HTTP_PORT": "9005"})
    assert Settings.load().public_url == "http://127.0.0.1:9005"
    environment({"PUNTUAL_PUBLIC_URL": "https://x.test/base/"})
    assert Settings.load().public_url == "https://x.test/base"


def test_the_prefix_stands_before_native_topics(environment: Environment) -> None:
    environment({"PUNTUAL_TOPIC_PREFIX": "qa."})
    assert Settings.load().topic("puntual.tasks.v1") == "qa.puntual.tasks.v1"


def test_a_rehearsal_instant_needs_a_zone(environment: Environment) -> None:
    environment({"PUNTUAL_NOW": "2026-11-24T15:00:00Z"})
    assert Settings.load().now == datetime(2026, 11, 24, 15, tzinfo=UTC)
    environment({"PUNTUAL_NOW": "2026-11-24T15:00:00"})
    assert "2026-11-24T15:00:00Z" in faults()["PUNTUAL_NOW"]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PUNTUAL_ENV", "prod", "development or production"),
        ("PUNTUAL_HTTP_PORT", "http", "1 to 65535"),
        ("PUNTUAL_HTTP_PORT", "70000", "1 to 65535"),
        ("PUNTUAL_DATABASE_URL", "mysql://root:hunter2@h/db", "not postgresql"),
        ("PUNTUAL_DATABASE_URL", "nonsense", "not an address"),
        ("PUNTUAL_KAFKA_BOOTSTRAP_SERVERS", "kafka", "host:port"),
        ("PUNTUAL_PUBLIC_URL", "avisos.financiera.test", "not an http or https address"),
        ("PUNTUAL_TOPIC_PREFIX", "a/b", "letters, digits"),
        ("PUNTUAL_PII_KEYS", "k1:hunter2", "base64"),
        ("PUNTUAL_LEASE_SECONDS", "10", "call timeout"),
        ("PUNTUAL_LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_bad_value_is_named_with_a_remedy_and_not_repeated_where_secret(
    environment: Environment, variable: str, value: str, said: str
) -> None:
    environment({variable: value})
    found = faults()
    assert list(found) == [variable]
    assert said in found[variable]
    assert "hunter2" not in found[variable]


def test_every_fault_is_told_at_once(environment: Environment) -> None:
    environment({"PUNTUAL_ENV": "x", "PUNTUAL_HTTP_PORT": "x", "PUNTUAL_NOW": "x"})
    assert set(faults()) == {"PUNTUAL_ENV", "PUNTUAL_HTTP_PORT", "PUNTUAL_NOW"}


def test_sasl_needs_its_credentials(environment: Environment) -> None:
    environment({"PUNTUAL_KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "PUNTUAL_KAFKA_SASL_MECHANISM": "PLAIN"})
    assert set(faults()) == {"PUNTUAL_KAFKA_SASL_USERNAME", "PUNTUAL_KAFKA_SASL_PASSWORD"}


def test_a_complete_production_is_accepted(environment: Environment) -> None:
    environment(PRODUCTION)
    assert Settings.load().production


def test_a_bare_production_names_everything_it_lacks(environment: Environment) -> None:
    environment({"PUNTUAL_ENV": "production"})
    assert set(faults()) == {name for name in PRODUCTION if name != "PUNTUAL_ENV"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PUNTUAL_PUBLIC_URL", "http://avisos.financiera.test"),
        ("PUNTUAL_PUBLIC_URL", "https://localhost"),
        ("PUNTUAL_NOW", "2026-11-24T15:00:00Z"),
        ("PUNTUAL_SECRET_KEY", "short"),
        ("PUNTUAL_SECRET_KEY", "please-change-me-please-change-me-please"),
        ("PUNTUAL_SECRET_KEY", "a" * 40),
    ],
)
def test_production_refuses(environment: Environment, variable: str, value: str) -> None:
    environment({**PRODUCTION, variable: value})
    assert list(faults()) == [variable]


def test_development_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first, second = Settings.load(data_dir=tmp_path / "d"), Settings.load(data_dir=tmp_path / "d")
    assert len(first.signing_secret()) >= 32
    assert first.signing_secret() == second.signing_secret()
    assert first.deployment_keys() == second.deployment_keys()
    modes = {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "d").iterdir()}
    assert modes == {"0o600"}


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: Settings.load(data_dir=tmp_path / "d").signing_secret(), range(64)))
    assert len(set(made)) == 1
    assert [file.name for file in (tmp_path / "d").iterdir()] == ["secret_key"]


def test_settings_alone_leave_no_file_behind(tmp_path: Path) -> None:
    Settings.load(data_dir=tmp_path / "d")
    assert not (tmp_path / "d").exists()


def test_given_secrets_are_used_as_they_are(environment: Environment) -> None:
    environment(PRODUCTION)
    settings = Settings.load()
    assert settings.signing_secret() == PRODUCTION["PUNTUAL_SECRET_KEY"].encode()
    assert write_keys(settings.deployment_keys()) == PRODUCTION["PUNTUAL_PII_KEYS"]


def test_no_view_of_the_settings_shows_a_secret(environment: Environment) -> None:
    environment({**PRODUCTION, "PUNTUAL_KAFKA_SASL_PASSWORD": "hunter2"})
    settings = Settings.load()
    rows = settings_rows(settings, os.environ)
    shown = repr(settings) + str(settings) + repr(rows)
    for secret in (PRODUCTION["PUNTUAL_SECRET_KEY"], PRODUCTION["PUNTUAL_PII_KEYS"], "hunter2", ":pw@"):
        assert secret not in shown
    sources = {row.variable: row.source for row in rows}
    assert sources["PUNTUAL_SECRET_KEY"] == "given"
    assert sources["PUNTUAL_HTTP_PORT"] == "default"


def test_a_slip_of_the_pen_in_a_name_is_noticed() -> None:
    strangers = unknown_variables({"PUNTUAL_DATABSE_URL": "x", "PUNTUAL_ENV": "development", "PATH": "/bin"})
    assert [fault.variable for fault in strangers] == ["PUNTUAL_DATABSE_URL"]
