"""`puntual closure`: days closed at a moment's notice, listed and opened again."""

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from services.cli import closures
from tests.services.cli.conftest import Run

HURRICANE = ("add", "--jurisdiction", "mx", "--region", "mx-gro", "--on", "2026-11-24", "--reason", "huracán")


@pytest.fixture
def closure(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    monkeypatch.setenv("PUNTUAL_DATABASE_URL", database_url)
    app = Typer()
    app.add_typer(closures.app, name="closure")
    return lambda *words: CliRunner().invoke(app, ["closure", *words])


def test_a_closure_is_ordered_listed_and_lifted_once(closure: Run) -> None:
    made = json.loads(closure(*HURRICANE, "--until", "2026-11-26", "--json").stdout)["id"]
    assert f"{made}  MX-GRO, 2026-11-24 to 2026-11-26: huracán" in closure("list").stdout
    (row,) = json.loads(closure("list", "--json").stdout)
    assert (row["jurisdiction"], row["region"], row["reason"]) == ("MX", "MX-GRO", "huracán")
    assert closure("lift", made).exit_code == 0
    again = closure("lift", made)
    assert (again.exit_code, "no closure" in again.stderr) == (1, True)
    assert closure("list").stdout == ""
    assert "lifted" in closure("list", "--past").stdout


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"--jurisdiction": "XX"}, "there is no pack XX"),
        ({"--on": "mañana"}, "is not a date"),
        ({"--until": "2026-11-23"}, "before the first"),
        ({"--region": "CO-ANT"}, "no region of MX"),
        ({"--reason": " "}, "say why"),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(closure: Run, changes: dict[str, str], says: str) -> None:
    words = {"--jurisdiction": "MX", "--on": "2026-11-24", "--reason": "sismo", **changes}
    result = closure("add", *(word for pair in words.items() for word in pair))
    assert result.exit_code in (1, 2)
    assert says in result.stderr
