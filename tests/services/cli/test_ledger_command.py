"""`puntual messages explain` and `puntual debtors timeline`: what happened, and why."""

import asyncio
import json
from pathlib import Path

import pytest

from schemas.envelope import decode_json
from services.submission import read, submit
from tests.services.api.application import SECRETS, SNAPSHOT, activate_campaigns, assembled, due
from tests.services.cli.conftest import Run


@pytest.fixture
def planned(database_url: str, tmp_path: Path) -> None:
    """A debtor with one planned message."""

    async def plan() -> None:
        parts = await assembled(database_url, tmp_path)
        await activate_campaigns(parts)
        data = {**SNAPSHOT, "debtorRef": "D-1"}
        snapshot = due("e-0") | {"type": "io.puntual.debtor.upserted.v1", "data": data}
        now = parts.clock.now()
        async with parts.database.transaction() as connection:
            await submit(connection, parts.intake, [read(decode_json(e), now) for e in (snapshot, due())], now)
        await parts.close()

    asyncio.run(plan())


@pytest.mark.usefixtures("planned")
def test_a_debtors_story_and_the_reasons_of_a_message_are_told(puntual: Run) -> None:
    entries = json.loads(puntual("debtors", "timeline", "D-1", "--json").stdout)
    (message,) = [entry for entry in entries if entry["kind"] == "message"]
    text = puntual("debtors", "timeline", "D-1").stdout
    assert message["ref"] in text
    spanish = puntual("messages", "explain", message["ref"])
    assert spanish.stdout.startswith("Aún no se envía")
    english = json.loads(puntual("messages", "explain", message["ref"], "--language", "en", "--json").stdout)
    assert english["summary"].startswith("It was not sent yet")
    assert not any(secret in text + spanish.stdout for secret in SECRETS)


def test_what_is_not_there_is_one_line(puntual: Run) -> None:
    nobody = puntual("debtors", "timeline", "D-9")
    nothing = puntual("messages", "explain", "00000000-0000-7000-8000-000000000000")
    for refused in (nobody, nothing):
        assert refused.exit_code == 1
        assert refused.stderr.count("\n") == 1
    assert puntual("messages", "explain", "x").exit_code == 2
