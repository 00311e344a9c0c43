"""`puntual` commands run in this process against a database of the test's own."""

from collections.abc import Callable

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from services.cli import audit, keys, ledger, stops

Run = Callable[..., Result]


@pytest.fixture
def puntual(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """Runs a command given by its words."""
    monkeypatch.setenv("PUNTUAL_DATABASE_URL", database_url)
    app = Typer()
    app.command()(stops.stop)
    app.command()(stops.start)
    app.command()(audit.audit)
    app.add_typer(keys.app, name="keys")
    app.add_typer(ledger.messages_app, name="messages")
    app.add_typer(ledger.debtors_app, name="debtors")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run
