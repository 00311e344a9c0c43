"""Alerts, dashboard and runbook speak of metrics that exist, and of each other."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.documents import DEPLOY, FROM_ELSEWHERE, METRIC, alerts, exported, panels, queries, text, yaml

QUERIES = queries()
SELECTOR = re.compile(r"\b(puntual_[a-z_]+)\{([^}]*)\}")
MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
GROUPING = re.compile(r"\bby \(([^)]*)\)")
SCRAPED = {"instance", "job"}


@pytest.mark.parametrize("place", QUERIES)
def test_a_query_names_only_series_that_are_exported(place: str) -> None:
    expression = QUERIES[place]
    named = set(METRIC.findall(expression))
    assert named <= exported().keys()
    assert named or any(name in expression for name in FROM_ELSEWHERE)


@pytest.mark.parametrize("place", QUERIES)
def test_a_query_uses_only_labels_that_its_series_have(place: str) -> None:
    expression, series = QUERIES[place], exported()
    for name, matchers in SELECTOR.findall(expression):
        assert set(MATCHER.findall(matchers)) <= series[name] | SCRAPED
    known = SCRAPED.union(*(series[name] for name in METRIC.findall(expression)))
    for labels in GROUPING.findall(expression):
        assert {label.strip() for label in labels.split(",")} <= known


@pytest.mark.parametrize("place", QUERIES)
def test_the_brackets_of_a_query_are_closed(place: str) -> None:
    open_ones: list[str] = []
    closing = {")": "(", "]": "[", "}": "{"}
    for character in QUERIES[place]:
        if character in closing.values():
            open_ones.append(character)
        elif character in closing:
            assert open_ones.pop() == closing[character]
    assert open_ones == []


def test_every_metric_is_watched() -> None:
    watched = {name for expression in QUERIES.values() for name in METRIC.findall(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in watched}
    declared = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported()}
    unwatched = declared - families
    assert unwatched <= {"puntual_fineract_records_total"}


def test_alerts_and_sections_of_the_runbook_are_the_same() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert len(set(names)) == len(names)
    assert sorted(re.findall(r"^## (Puntual\w+)$", text("runbook.md"), re.MULTILINE)) == sorted(names)


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_what_it_means_how_bad_it_is_and_where_to_read_on(alert: dict[str, dict[str, str]]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert {"summary", "description", "runbook_url"} <= alert["annotations"].keys()
    assert alert["annotations"]["runbook_url"] == f"deploy/runbook.md#{str(alert['alert']).lower()}"


def test_the_runbook_says_how_to_stop_to_recover_and_what_an_unknown_is() -> None:
    assert {"Stop everything", "After a loss", "What an unknown is"} <= set(
        re.findall(r"^## (.+)$", text("runbook.md"), re.MULTILINE)
    )


def test_the_panels_of_the_dashboard_have_their_own_ids_titles_and_places() -> None:
    every = json.loads(text("grafana/puntual.json"))["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    assert len({panel["title"] for panel in every}) == len(every)
    taken: set[tuple[int, int]] = set()
    for panel in every:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_the_panels_of_the_dashboard_say_what_they_show() -> None:
    assert [panel["title"] for panel in panels() if not panel["description"]] == []


@pytest.mark.promtool
def test_promtool_accepts_the_rules_and_they_do_what_is_wanted() -> None:
    promtool("check", "rules", str(DEPLOY / "prometheus/rules.yaml"))
    promtool("test", "rules", str(DEPLOY / "prometheus/rules-test.yaml"))


@pytest.mark.promtool
def test_promtool_accepts_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": expression.replace("$__rate_interval", "5m")}
        for number, expression in enumerate(QUERIES.values())
    ]
    file = tmp_path / "queries.yaml"
    file.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
    promtool("check", "rules", str(file))


def test_alerts_that_are_tried_out_exist() -> None:
    tried = {
        case["alertname"] for test in yaml("prometheus/rules-test.yaml")["tests"] for case in test["alert_rule_test"]
    }
    assert tried <= {alert["alert"] for alert in alerts()}


def promtool(*arguments: str) -> None:
    """Run it to its good end; skips the test where it is missing, but never in CI."""
    if shutil.which("promtool") is None and os.environ.get("CI") != "true":
        pytest.skip("promtool is not on this machine")
    checked = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
