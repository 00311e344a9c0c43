"""`puntual audit`: who changed what, as a table and as JSON."""

import json

from tests.services.cli.conftest import Run


def test_the_log_is_told_newest_first_by_any_of_its_columns(puntual: Run) -> None:
    for channel in ("sms", "email"):
        assert puntual("stop", "--channel", channel, "--reason", "drill").exit_code == 0
    assert puntual("start", "--channel", "sms").exit_code == 0
    every = json.loads(puntual("audit", "--json").stdout)
    assert [entry["action"] for entry in every] == ["stop.lifted", "stop.made", "stop.made"]
    by_action = json.loads(puntual("audit", "--action", "stop.lifted", "--json").stdout)
    by_subject = json.loads(puntual("audit", "--subject", every[1]["subject"], "--json").stdout)
    assert (by_action, by_subject) == (every[:1], every[1:2])
    assert len(json.loads(puntual("audit", "--actor", every[0]["actor"], "--from", "2026-01-01", "--json").stdout)) == 3
    table = puntual("audit").stdout.splitlines()
    assert table[0].split() == ["at", "actor", "action", "subject", "details"]
    assert every[0]["subject"] in table[1]


def test_a_long_log_says_how_to_go_on(puntual: Run) -> None:
    for channel in ("sms", "email", "voice"):
        puntual("stop", "--channel", channel, "--reason", "drill")
    first = puntual("audit", "--limit", "2", "--json")
    newest = json.loads(first.stdout)
    assert f"--before {newest[1]['id']}" in first.stderr
    rest = puntual("audit", "--before", newest[1]["id"], "--json")
    assert (len(newest), len(json.loads(rest.stdout)), rest.stderr) == (2, 1, "")


def test_what_cannot_be_is_told(puntual: Run) -> None:
    nothing = puntual("audit", "--from", "2026-01-01", "--to", "2026-01-02")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "nothing was found\n")
    wrong = puntual("audit", "--from", "yesterday")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    assert "2026-11-01" in wrong.stderr
    assert puntual("audit", "--action", "anything").exit_code == 2
