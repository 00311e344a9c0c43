"""The Helm chart: as plain text where Helm is missing, rendered where it is there."""

import re
import shutil
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML

from services.burial import GROUP
from services.serve import Role
from services.settings import Settings
from tests.deploy.documents import CHART, ROOT, exported, yaml

VALUES = yaml("helm/puntual/values.yaml")
TEMPLATES = sorted(path for path in (CHART / "templates").iterdir())
REFERENCE = re.compile(r"\.Values((?:\.\w+)+)")
OPENS = re.compile(r"\{\{-?\s*(?:if|range|with|define)\b")
ENDS = re.compile(r"\{\{-?\s*end\b")
ROLES = {role.value for role in Role}
EVERYTHING_ON = "keda.enabled=true,ingress.enabled=true,monitoring.enabled=true"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_value_of_a_template_has_a_default(path: Any) -> None:
    for reference in REFERENCE.findall(path.read_text("utf-8")):
        value = VALUES
        for name in reference.strip(".").split("."):
            assert name in value, f".Values{reference}"
            value = value[name]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_blocks_of_a_template_are_closed(path: Any) -> None:
    content = path.read_text("utf-8")
    assert len(OPENS.findall(content)) == len(ENDS.findall(content))


def test_every_role_has_its_resources() -> None:
    assert VALUES["roles"].keys() == ROLES
    for role in VALUES["roles"].values():
        assert role["replicas"] >= 1
        assert role["resources"]["limits"]["memory"]
        assert role["resources"]["requests"].keys() == {"cpu", "memory"}


def test_settings_of_the_chart_are_settings() -> None:
    assert {name.removeprefix("PUNTUAL_").lower() for name in VALUES["settings"]} <= Settings.model_fields.keys()


def test_scaling_asks_for_our_consumer_group_and_for_a_metric_that_exists() -> None:
    scaling = (CHART / "templates/scaling.yaml").read_text("utf-8")
    assert f"consumerGroup: {GROUP}\n" in scaling
    assert set(re.findall(r"puntual_[a-z_]+", scaling)) <= exported().keys()
    partitions = {topic["partitions"] for topic in yaml("topics.yaml")["topics"] if topic["direction"] == "in"}
    assert VALUES["keda"]["ingest"]["max"] <= min(partitions)


def test_the_chart_has_the_version_of_the_package() -> None:
    package = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert package
    assert yaml("helm/puntual/Chart.yaml")["appVersion"] == package[1]
    assert f"puntual:{package[1]}}}" in yaml("compose.yaml")["services"]["api"]["image"]


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on this machine")
def test_helm_renders_every_part() -> None:
    command = ["helm", "template", "puntual", str(CHART), "--kube-version", "1.31.0", "--set", EVERYTHING_ON]
    rendered = subprocess.run(command, capture_output=True, text=True)
    assert rendered.returncode == 0, rendered.stderr
    objects = [each for each in YAML(typ="safe", pure=True).load_all(rendered.stdout) if each]
    deployments = {each["metadata"]["name"]: each for each in objects if each["kind"] == "Deployment"}
    assert deployments.keys() == {f"puntual-{role}" for role in ROLES}
    assert sum(each["kind"] == "PodDisruptionBudget" for each in objects) == len(ROLES)
    assert {each["metadata"]["name"] for each in objects if each["kind"] == "Job"} == {
        "puntual-migrate",
        "puntual-topics",
    }
    for role in ROLES:
        container = deployments[f"puntual-{role}"]["spec"]["template"]["spec"]["containers"][0]
        assert container["args"][-1] == role
        assert {"startupProbe", "readinessProbe", "livenessProbe", "resources"} <= container.keys()
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
