"""Every change that people make over HTTP or by command is in the audit log, in the change's own commit."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer import Typer
from typer.testing import CliRunner

from services.auditing import Action
from services.cli import evidence, keys, stops
from services.database import Database
from services.keys import KeyRole
from services.store import audit
from tests.services.api.application import Client, activate_campaigns, application, assembled, make_key

HOLD = {"debtorRef": "D-1", "reason": "dispute"}
SUPPRESSION = {"debtorRef": "D-1", "scope": "person", "reason": "complaint"}
CONSENT = {"debtorRef": "D-1", "channel": "sms", "purpose": "collections", "state": "granted"}


async def written(database: Database) -> list[tuple[str, str, str]]:
    """(actor, action, kind of subject), oldest first."""
    async with database.reading() as connection:
        rows = await audit.page(connection, audit.Wanted(), limit=100)
    return [(row.actor, row.action, row.subject.partition("/")[0]) for row in reversed(rows)]


async def test_changes_over_http_are_written_down(database_url: str, tmp_path: Path) -> None:
    parts = await assembled(database_url, tmp_path)
    await activate_campaigns(parts)
    key = await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now(), name="ops")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application(parts)), base_url="http://p.test") as http:
        client = Client(http, key)
        await client.debtor()
        stop = await _made(client, "/v1/stops", {"scope": "channel", "name": "sms", "reason": "wrong load"})
        await client.send("DELETE", f"/v1/stops/{stop['id']}")
        await client.send("DELETE", f"/v1/stops/{stop['id']}")
        hold = await _made(client, "/v1/holds", HOLD)
        await client.send("DELETE", f"/v1/holds/{hold['id']}")
        suppression = await _made(client, "/v1/suppressions", SUPPRESSION)
        await client.send("DELETE", f"/v1/suppressions/{suppression['id']}")
        await _made(client, "/v1/consents", CONSENT, Idempotency_Key="once")
        await _made(client, "/v1/consents", CONSENT, Idempotency_Key="once")
        await client.send("DELETE", "/v1/debtors/D-1")
    assert await written(parts.database) == [
        ("api:ops", Action.STOP_MADE, "stop"),
        ("api:ops", Action.STOP_LIFTED, "stop"),
        ("api:ops", Action.HOLD_MADE, "hold"),
        ("api:ops", Action.HOLD_RELEASED, "hold"),
        ("api:ops", Action.SUPPRESSION_MADE, "suppression"),
        ("api:ops", Action.SUPPRESSION_LIFTED, "suppression"),
        ("api:ops", Action.CONSENT_RECORDED, "debtor"),
        ("api:ops", Action.DEBTOR_ERASED, "debtor"),
    ]
    await parts.close()


@pytest.fixture
def puntual(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> Any:
    """Runs a command given by its words."""
    monkeypatch.setenv("PUNTUAL_DATABASE_URL", database_url)
    monkeypatch.setenv("PUNTUAL_DATA_DIR", str(tmp_path))
    app = Typer()
    app.command()(stops.stop)
    app.command()(stops.start)
    app.add_typer(keys.app, name="keys")
    app.add_typer(evidence.app, name="evidence")

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    return run


def test_commands_are_written_down_and_the_chain_is_checked_by_command(puntual: Any, tmp_path: Path) -> None:
    assert puntual("stop", "--channel", "sms", "--reason", "drill").exit_code == 0
    assert puntual("start", "--channel", "sms").exit_code == 0
    made = json.loads(puntual("keys", "create", "--role", "viewer", "--name", "bi", "--json").stdout)
    assert puntual("keys", "revoke", made["id"]).exit_code == 0
    done = puntual("evidence", "verify")
    assert done.exit_code == 0, done.output
    assert done.stdout == "sound: 0 seals over 0 rows; the last is none\n"
    missing = puntual("evidence", "verify", "--chain", "--anchor", f"1:{'0' * 64}")
    assert (missing.exit_code, missing.stderr) == (1, "block 1: it was noted, and is not in the chain\n")
    assert puntual("evidence", "verify", "x.json", "--chain").exit_code == 2
    assert puntual("evidence", "verify", "--anchor", "1").exit_code == 2


async def _made(client: Client, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = await client.send("POST", path, body, **headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
