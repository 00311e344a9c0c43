"""The files of deploy/ as the tests read them."""

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import Counter, Gauge, Histogram
from ruamel.yaml import YAML

from services import telemetry

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm" / "puntual"
METRIC = re.compile(r"\bpuntual_[a-z_]+")
FROM_ELSEWHERE = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}


def yaml(name: str) -> Any:
    """A YAML document of deploy/, merges and anchors resolved; duplicate keys are an error."""
    return YAML(typ="safe", pure=True).load((DEPLOY / name).read_text("utf-8"))


def text(name: str) -> str:
    """A file of deploy/ as it is."""
    return (DEPLOY / name).read_text("utf-8")


def alerts() -> list[dict[str, Any]]:
    """Every alert of the rules."""
    return [rule for group in yaml("prometheus/rules.yaml")["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """Every panel of the dashboard that asks something."""
    return [panel for panel in json.loads(text("grafana/puntual.json"))["panels"] if panel["type"] != "row"]


def queries() -> dict[str, str]:
    """Every PromQL expression, by where it stands."""
    found = {f"alert {alert['alert']}": alert["expr"] for alert in alerts()}
    for panel in panels():
        for target in panel["targets"]:
            found[f"panel {panel['title']} {target['refId']}"] = target["expr"]
    return found


def exported() -> dict[str, set[str]]:
    """Names of the series that the processes export, with the labels of each."""
    names: dict[str, set[str]] = {}
    for metric in vars(telemetry).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            labels = set(metric._labelnames)
            for family in metric.describe():
                suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
                names |= {family.name + suffix: labels | {"le"} for suffix in suffixes}
    return names
