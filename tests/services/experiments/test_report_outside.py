"""The report as people and programs ask for it: `puntual campaigns report` and `GET /v1/campaigns/{name}/report`."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from services.cli.campaigns import app
from services.database import Database
from services.keys import KeyRole
from tests.services.api.application import PROVIDERS, TUESDAY, application, assembled, make_key
from tests.services.experiments.test_report import PEOPLE, fill, held

PRICED = f"{PROVIDERS}prices: {{currency: MXN, sms: 0.50}}\n"
DAYS = {"from": "2026-11-01", "to": "2026-11-22", "within": "7"}
Run = Callable[..., Result]


@pytest.fixture
def filled(database_url: str) -> str:
    """A database with a campaign whose people's fates are known."""

    async def work() -> None:
        database = await Database.connect(database_url, size=1)
        async with database.transaction() as connection:
            await fill(connection)
        await database.close()

    asyncio.run(work())
    return database_url


@pytest.fixture
def puntual(database_url: str, tmp_path: Path) -> Run:
    """Runs `puntual campaigns report` over that database."""
    providers = tmp_path / "priced.yaml"
    providers.write_text(PRICED, encoding="utf-8")
    env = {
        "PUNTUAL_DATABASE_URL": database_url,
        "PUNTUAL_PROVIDERS_FILE": str(providers),
        "PUNTUAL_NOW": TUESDAY.isoformat(),
    }
    return lambda *words: CliRunner().invoke(app, ["report", *words], env=env)


def options() -> list[str]:
    """The period, as the command takes it."""
    return [word for name, value in DAYS.items() for word in (f"--{name}", value)]


def by_http(dsn: str, folder: Path, path: str, **params: str) -> httpx.Response:
    """What a caller with a key that may read gets."""

    async def work() -> httpx.Response:
        parts = await assembled(dsn, folder, providers=PRICED)
        key = await make_key(parts.database, KeyRole.VIEWER, now=parts.clock.now())
        transport = httpx.ASGITransport(application(parts))
        async with httpx.AsyncClient(transport=transport, base_url="http://puntual.test") as client:
            answer = await client.get(path, params=params, headers={"Authorization": f"Bearer {key}"})
        await parts.close()
        return answer

    return asyncio.run(work())


def test_the_command_and_the_route_tell_the_same(filled: str, puntual: Run, tmp_path: Path) -> None:
    told = puntual("aviso", *options(), "--json")
    assert told.exit_code == 0, told.output
    report: dict[str, Any] = json.loads(told.stdout)
    whole = next(arm for arm in report["arms"] if (arm["step"], arm["arm"]) == (None, "contacted"))
    assert (report["campaign"], report["people"], report["within_days"]) == ("aviso", len(PEOPLE), 7)
    assert whole["assigned"] == sum(not held(ref) for ref in PEOPLE)
    assert (whole["currency"], float(whole["cost"])) == ("MXN", float(whole["sent"]))
    answer = by_http(filled, tmp_path, "/v1/campaigns/aviso/report", **DAYS)
    assert answer.status_code == 200
    assert answer.json()["report"] | {"as_of": None} == report | {"as_of": None}


@pytest.mark.usefixtures("filled")
def test_people_get_tables(puntual: Run) -> None:
    lines = [line.strip() for line in puntual("aviso", *options()).stdout.splitlines()]
    assert lines[:2] == [
        "aviso, first messages from 2026-11-01 to 2026-11-22, 7 days each",
        "60 people; 0 more are too recent to count",
    ]
    assert "By assignment" in lines
    assert "Differences, in points of a hundred" in lines
    assert lines[-1].startswith("Intention to treat.")


def test_what_cannot_be_reported_is_one_line(puntual: Run) -> None:
    unknown = puntual("nadie")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr == "there is no campaign 'nadie'; see `puntual campaigns list`\n"
    empty = puntual("aviso", "--from", "2026-11-02", "--to", "2026-11-02")
    assert (empty.exit_code, empty.stderr) == (1, "the period is empty: --from must lie before --to\n")
    assert puntual("aviso", "--from", "yesterday").exit_code == 2
    assert puntual("aviso", "--within", "0").exit_code == 2


@pytest.mark.parametrize(
    ("path", "params", "status", "word"),
    [
        ("/v1/campaigns/nadie/report", {}, 404, "no campaign of this name"),
        ("/v1/campaigns/aviso/report", {"from": "2026-11-02", "to": "2026-11-02"}, 422, "period is empty"),
        ("/v1/campaigns/aviso/report", {"from": "yesterday"}, 422, "from"),
        ("/v1/campaigns/aviso/report", {"within": "0"}, 422, "within"),
    ],
)
def test_what_the_route_refuses(
    database_url: str, tmp_path: Path, path: str, params: dict[str, str], status: int, word: str
) -> None:
    answer = by_http(database_url, tmp_path, path, **params)
    assert answer.status_code == status
    assert word in answer.text
