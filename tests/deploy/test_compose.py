"""The compose file starts what the product needs, in order, with limits, and hands secrets over by file."""

import re
from typing import Any

import pytest

from services.serve import Role
from services.settings import Settings, variable_of
from tests.deploy.documents import text, yaml

COMPOSE = yaml("compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ENGINES = {"postgres", "kafka"}
JOBS = {"migrate", "topics"}
ROLES = {role.value for role in Role}
OURS = sorted(JOBS | ROLES)
KEYS_OF_THE_SPECIFICATION = {
    "cap_drop", "command", "depends_on", "deploy", "entrypoint", "environment", "healthcheck", "image", "init",
    "logging", "networks", "ports", "read_only", "restart", "secrets", "security_opt", "shm_size",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip


def test_every_engine_job_and_role_is_there_once() -> None:
    assert set(SERVICES) == ENGINES | JOBS | ROLES


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_uses_only_keys_of_the_specification(name: str) -> None:
    assert set(SERVICES[name]) <= KEYS_OF_THE_SPECIFICATION


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_limited_and_watched(name: str) -> None:
    service = SERVICES[name]
    assert re.search(r":[^:}]*\d", service["image"])
    assert "latest" not in service["image"]
    limits = service["deploy"]["resources"]["limits"]
    assert limits["cpus"]
    assert limits["memory"]
    assert "test" in service["healthcheck"] or name in JOBS
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_names_is_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service["secrets"] if name != "kafka" else ()) <= set(COMPOSE["secrets"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    named = [volume.partition(":")[0] for volume in service["volumes"]]
    assert {volume for volume in named if volume.isidentifier()} <= set(COMPOSE["volumes"])
    assert set(service.get("depends_on", ())) <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_our_processes_have_no_more_rights_than_they_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [port for port in service.get("ports", ()) if name not in ("api", "console")] == []


@pytest.mark.parametrize("name", OURS)
def test_our_processes_are_set_up_by_settings_that_exist(name: str) -> None:
    known = {variable_of(field) for field in Settings.model_fields}
    assert SERVICES[name]["environment"].keys() <= known
    ours = {secret for secret in SERVICES[name]["secrets"] if secret.startswith("PUNTUAL_")}
    assert ours <= known
    assert ours == {"PUNTUAL_DATABASE_URL", "PUNTUAL_SECRET_KEY", "PUNTUAL_PII_KEYS"}
    assert SERVICES[name]["environment"]["PUNTUAL_ENV"] == "production"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_waits_for_the_jobs_answers_health_and_drains(role: str) -> None:
    service = SERVICES[role]
    roles = [word for word in service["command"][1:] if word != "--role"]
    assert service["command"][0] == "serve"
    assert set(roles) == {"api", role}
    assert service["depends_on"] == {job: {"condition": "service_completed_successfully"} for job in JOBS}
    assert service["healthcheck"]["test"] == ["CMD", "python", "/app/deploy/healthy.py"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 30


def test_jobs_run_once_after_their_engine() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert {SERVICES[job]["restart"] for job in JOBS} == {"no"}


def test_engines_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ENGINES:
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


def test_secrets_come_from_files_alone() -> None:
    assert all(secret["file"] == f"./secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    assert re.findall(r"(?i)(?:password|token|secret|keys?):\s*[\"']?[a-z0-9]{6,}", text("compose.yaml")) == []
    assert "secrets/" in text(".gitignore").splitlines()
