"""`puntual portfolio import` on a real database: what a file says is there once, whatever was known before."""

import csv
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from schemas.debtor_events import DebtorUpserted
from services import wiring
from services.clock import FakeClock
from services.database import Database
from services.intake import Fact, open_personal
from services.settings import Settings
from services.store import people
from tests.services.imports.files import GOOD, write_csv

COMMAND = Path(sys.executable).with_name("puntual")
NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
MOST_MEMORY = 500_000
# A small process of its own asks for its only child: a test worker's own size would count as its children's.
_WEIGHED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:], check=False).returncode
with open(sys.argv[1], "w") as scales:
    scales.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
"""Kilobytes of the largest process so far; the libraries alone take half of it."""

CAMPAIGN = """\
campaign: vence
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {products: [consumo]}
stop_on: [paid, closed]
steps:
  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}
"""


class Office:
    """A deployment's database, and the command as an operator runs it."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder, self.dsn = folder, dsn
        (folder / "definitions").mkdir()
        (folder / "definitions" / "vence.yaml").write_text(CAMPAIGN)
        self.settings = Settings(database_url=dsn, data_dir=folder / "data", campaigns_dir=folder / "definitions")

    def run(self, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Import a file that was true this morning."""
        environment = {
            "PATH": os.environ["PATH"],
            "PUNTUAL_DATABASE_URL": self.dsn,
            "PUNTUAL_DATA_DIR": str(self.folder / "data"),
            "PUNTUAL_CAMPAIGNS_DIR": str(self.folder / "definitions"),
            "PUNTUAL_NOW": NOW.isoformat(),
        }
        given = options if "--as-of" in options else (*options, "--as-of", "2026-11-24T06:00:00Z")
        return subprocess.run(
            [sys.executable, "-c", _WEIGHED, str(self.scales), str(COMMAND), "portfolio", "import", str(path), *given],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=550,
        )

    @property
    def scales(self) -> Path:
        """Where the last command's peak of memory is written, in KiB."""
        return self.folder / "memory"

    def take(self, path: Path, *options: str) -> Any:
        """Import a file without faults; gives what the command says."""
        done = self.run(path, "--json", *options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    async def rows(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """Rows of the database."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return [dict(row) for row in await connection.fetch(sql, *arguments)]
        finally:
            await connection.close()

    async def directory_says(self, at: datetime, **data: Any) -> None:
        """A snapshot reaches the intake by the usual way."""
        event = DebtorUpserted.model_validate(data)
        database = await Database.connect(self.dsn, size=2)
        try:
            async with database.transaction() as connection:
                fact = Fact("urn:core:test", f"{data['revision']}", event.event_type, at, event)
                handled = await wiring.make_intake(self.settings).handle(connection, [fact], NOW)
                assert handled.refused == []
        finally:
            await database.close()

    async def person(self, debtor_ref: str) -> tuple[Any, Any]:
        """A debtor and their opened personal data."""
        database = await Database.connect(self.dsn, size=2)
        clock = FakeClock(NOW)
        try:
            async with database.reading() as connection:
                found, _ = await people.load(
                    connection, debtor_refs=[debtor_ref], now=clock.now(), history_from=NOW - timedelta(days=30)
                )
            return found[debtor_ref], open_personal(wiring.make_intake(self.settings).vault, found[debtor_ref])
        finally:
            await database.close()


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Office:
    """An office of this test alone."""
    return Office(tmp_path, database_url)


def directory(**changes: Any) -> dict[str, Any]:
    """What the directory knows of the debtor of the good row."""
    return {
        "debtor_ref": "D-1",
        "revision": 5,
        "display_name": "María P.",
        "timezone": "America/Tijuana",
        "contact_points": [
            {"contact_point_ref": "cp1", "kind": "phone", "value": "+523398765432"},
            {"contact_point_ref": "cp2", "kind": "email", "value": "old@example.test"},
        ],
        "consents": [{"channel": "voice", "purpose": "collections", "state": "withdrawn"}],
        "preferences": {"window": {"from": "18:00", "to": "20:00"}},
        "tags": ["known"],
        **changes,
    }


async def test_a_file_becomes_debtors_loans_installments_and_planned_messages(office: Office, tmp_path: Path) -> None:
    second = {"installment_number": "8", "due_date": "2026-12-24"}
    paid = {"installment_number": "6", "due_date": "2026-10-24", "status": "paid"}
    answer = office.take(write_csv(tmp_path / "a.csv", {}, second, paid))
    assert (answer["rows"], answer["refused"], answer["planned"], answer["errors_file"]) == (3, 0, 2, None)
    assert answer["read_as"] == ["UTF-8, columns separated by commas"]
    person, personal = await office.person("D-1")
    assert personal["name"] == "María Peña Núñez"
    assert personal["points"] == {"phone": "+523312345678", "email": "maria@example.test"}
    assert (person.segment, person.risk_score, person.tags) == ("B", 640.5, ["vip", "nomina"])
    granted = {(c.channel.value, c.purpose.value) for c in person.consents if c.state == "granted"}
    assert granted == {("sms", "collections"), ("sms", "service")}
    (loan,) = person.loans.values()
    assert (loan.product, loan.creditor_ref, str(loan.total_outstanding)) == ("consumo", "demo", "9800.00000000")
    assert {number: row.paid_at is not None for number, row in loan.installments.items()} == {
        6: True,
        7: False,
        8: False,
    }
    assert {row["installment_number"] for row in await office.rows("select * from message")} == {7, 8}


@pytest.mark.slow
async def test_running_twice_changes_nothing(office: Office, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", {}, {"debtor_ref": "D-2", "loan_ref": "L-2"})
    first = office.take(path)
    tables = ("debtor", "loan", "installment", "consent", "message", "outbox", "inbox")
    before = {table: await office.rows(f"select * from {table} order by 1, 2, 3") for table in tables}
    again = office.take(path, "--as-of", "2026-11-24T15:00:00Z")
    assert (first["facts"], again["facts"], again["repeated"]) == (4, 0, 4)
    assert {table: await office.rows(f"select * from {table} order by 1, 2, 3") for table in tables} == before


async def test_who_took_which_file_in_is_on_record_without_its_name_or_contents(office: Office, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "cartera de Zarvol.csv", {}, {"debtor_ref": "D-2", "loan_ref": "L-2"})
    office.take(path)
    rows = await office.rows("select actor, action, subject, details::text as details from audit order by id")
    begun, done = (json.loads(row["details"]) for row in rows)
    assert {(row["actor"][:3], row["action"]) for row in rows} == {("cli", "portfolio.imported")}
    assert {row["subject"] for row in rows} == {f"portfolio/{sha256(path.read_bytes()).hexdigest()}"}
    assert (begun["state"], begun["rows"]) == ("begun", 2)
    assert (done["state"], done["rows"], done["refused"], done["facts"]) == ("done", 2, 0, 4)
    assert not any(secret in str(rows) for secret in ("Zarvol", *GOOD["phone"].split(), GOOD["name"]))


async def test_a_file_adds_to_what_the_directory_told_and_takes_nothing_away(office: Office, tmp_path: Path) -> None:
    await office.directory_says(NOW - timedelta(days=3), **directory())
    columns = ("debtor_ref", "name", "loan_ref", "phone", "consent_sms")
    path = tmp_path / "a.csv"
    path.write_text(",".join(columns) + "\n" + ",".join(GOOD[column] for column in columns) + "\n")
    office.take(path)
    person, personal = await office.person("D-1")
    assert person.revision == 5
    assert person.timezone == "America/Tijuana"
    assert person.tags == ["known"]
    assert person.window_from is not None
    assert personal["points"] == {"phone": "+523312345678", "cp2": "old@example.test"}
    assert ("voice", "withdrawn") in {(c.channel.value, c.state.value) for c in person.consents}
    await office.directory_says(NOW - timedelta(days=2), **directory(revision=4, tags=["older"]))
    assert (await office.person("D-1"))[0].tags == ["known"]


async def test_an_old_file_does_not_overrule_what_is_newer(office: Office, tmp_path: Path) -> None:
    await office.directory_says(NOW - timedelta(hours=1), **directory())
    office.take(write_csv(tmp_path / "a.csv", {}), "--as-of", "2026-11-23T06:00:00Z")
    person, personal = await office.person("D-1")
    assert personal["name"] == "María P."
    assert personal["points"]["cp1"] == "+523398765432"
    assert person.timezone == "America/Tijuana"
    assert list(person.loans) == ["L-1"]


@pytest.mark.slow
async def test_rows_with_faults_are_told_and_the_others_taken(office: Office, tmp_path: Path) -> None:
    rows = [
        {},
        {"debtor_ref": "D-2", "loan_ref": "L-2", "phone": "12345678"},
        {"debtor_ref": "D-3", "loan_ref": "L-3", "due_date": "tomorrow", "consent_sms": "perhaps"},
    ]
    path = write_csv(tmp_path / "a.csv", *rows)
    done = office.run(path)
    assert done.returncode == 1
    assert "1 of 3 rows taken in" in done.stdout
    errors = path.with_name("a.csv.errors.csv")
    with errors.open(newline="") as file:
        told = list(csv.DictReader(file))
    assert [(row["line"], row["column"]) for row in told] == [("3", "phone"), ("4", "consent_sms"), ("4", "due_date")]
    assert "12345678" not in errors.read_text()
    assert [row["debtor_ref"] for row in await office.rows("select debtor_ref from debtor")] == ["D-1"]
    write_csv(path, {})
    assert office.run(path).returncode == 0
    assert not errors.exists()


async def test_a_missing_currency_is_that_of_the_country(office: Office, tmp_path: Path) -> None:
    office.take(write_csv(tmp_path / "a.csv", {"currency": "", "country": ""}))
    assert await office.rows("select currency from installment") == [{"currency": "MXN"}]


@pytest.mark.parametrize(
    ("name", "content", "options", "said"),
    [
        ("a.csv", "name,loan_ref,phone\n", [], "there is no column debtor_ref"),
        ("a.csv", "debtor_ref,name,loan_ref,phone\n", ["--mapping", "no.yaml"], "no.yaml: cannot be read"),
        ("a.csv", "debtor_ref,name,loan_ref,phone\n", ["--as-of", "today"], "2026-11-24T06:00:00Z"),
    ],
)
def test_bad_input_is_told_in_a_line(office: Office, name: str, content: str, options: list[str], said: str) -> None:
    (office.folder / name).write_text(content)
    done = office.run(office.folder / name, *options)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_fifty_thousand_rows_in_bounded_memory(office: Office, tmp_path: Path) -> None:
    (office.folder / "definitions" / "vence.yaml").unlink()
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(GOOD) + "\n")
        for number in range(50_000):
            row = {
                **GOOD,
                "debtor_ref": f"D-{number}",
                "loan_ref": f"L-{number}",
                "phone": f"+5233{10_000_000 + number}",
            }
            file.write(",".join(row.values()) + "\n")
    assert office.take(path)["rows"] == 50_000
    assert await office.rows("select count(*) from installment") == [{"count": 50_000}]
    assert int(office.scales.read_text()) < MOST_MEMORY
