"""`puntual campaigns`: previews, simulations and the life of a definition on the command line."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from services.cli.campaigns import app
from tests.services.campaigns.deployment import Deployment

HEADER = "debtor_ref,name,phone,email,timezone,loan_ref,product,creditor_ref,currency,due_date,amount_due\n"
GOOD = "D-1,María Núñez,+525512345678,,America/Mexico_City,L-1,consumo,demo,MXN,2026-11-25,350.00\n"
SNAPSHOT: dict[str, Any] = {
    "debtorRef": "D-1",
    "displayName": "María Núñez",
    "timezone": "America/Mexico_City",
    "contactPoints": [{"contactPointRef": "cp1", "kind": "phone", "value": "+525512345678"}],
    "loans": [{"loanRef": "L-1", "productCode": "consumo", "creditorRef": "demo"}],
}


@pytest.fixture
def environment(deployment: Deployment, database_url: str, tmp_path: Path) -> dict[str, str]:
    """The deployment as variables."""
    return {
        "PUNTUAL_DATABASE_URL": database_url,
        "PUNTUAL_DATA_DIR": str(tmp_path / "data"),
        "PUNTUAL_PROVIDERS_FILE": str(deployment.providers),
        "PUNTUAL_CAMPAIGNS_DIR": str(deployment.definitions),
        "PUNTUAL_TEMPLATES_DIR": str(deployment.templates),
        "PUNTUAL_NOW": "2026-11-23T15:00:00Z",
    }


def run(environment: dict[str, str], *arguments: object) -> Result:
    """A command's result."""
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def test_a_preview_says_what_a_message_weighs(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    debtor = tmp_path / "debtor.json"
    debtor.write_text(json.dumps({"type": "io.puntual.debtor.upserted.v1", "data": SNAPSHOT}))
    result = run(environment, "preview", deployment.define(), "--step", "vence-hoy", "--debtor", debtor, "--json")
    assert result.exit_code == 0, result.stderr
    (shown,) = json.loads(result.stdout)
    assert (shown["channel"], shown["encoding"], shown["parts"]) == ("sms", "gsm7", 2)
    assert shown["characters"] == len(shown["text"])
    assert "made up" in result.stderr


def test_a_preview_takes_a_row_of_a_portfolio(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    file = tmp_path / "one.csv"
    file.write_text(HEADER + GOOD)
    result = run(environment, "preview", deployment.define(), "--step", "vence-hoy", "--debtor", file, "--json")
    assert "$350" in json.loads(result.stdout)[0]["text"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", ":1: not valid JSON"),
        ('{\n"debtorRef": "D-1",\n"displayName": 5, "contactPoints": []}', ":3: displayName: "),
        ('{"type": "io.puntual.unheard.of.v1", "data": {}}', ":1: type: "),
        ("[]", "there are 0 debtor snapshots"),
    ],
)
def test_a_bad_debtor_is_a_line_with_its_place(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path, text: str, fault: str
) -> None:
    debtor = tmp_path / "debtor.json"
    debtor.write_text(text)
    result = run(environment, "preview", deployment.define(), "--step", "vence-hoy", "--debtor", debtor)
    assert result.exit_code == 1
    assert f"{debtor}" in result.stderr
    assert fault in result.stderr


def test_an_unknown_step_is_told_with_those_that_exist(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    debtor = tmp_path / "debtor.json"
    debtor.write_text(json.dumps(SNAPSHOT))
    result = run(environment, "preview", deployment.define(), "--step", "nada", "--debtor", debtor)
    assert (result.exit_code, "vence-hoy, vencido" in result.stderr) == (1, True)


def test_a_simulation_counts_and_reports(environment: dict[str, str], deployment: Deployment, tmp_path: Path) -> None:
    file, page = tmp_path / "portfolio.csv", tmp_path / "report.html"
    file.write_text(HEADER + GOOD + "D-2,Luis Paz,12,,America/Mexico_City,L-2,consumo,demo,MXN,2026-11-31,1.00\n")
    command = ["simulate", deployment.define(), "--portfolio", file, "--from", "2026-11-24", "--days", 7]
    result = run(environment, *command, "--part-price", "0.35", "--html", page, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1, "a row can't be used"
    assert (told["debtors"], told["messages"], told["sms"]["parts"]) == (1, 2, 4)
    assert (told["sms"]["cost"], told["sms"]["currency"]) == ("1.40", "MXN")
    assert told["problems"][0].startswith(f"{file}:3: ")
    assert [(each["day"], each["channel"], each["messages"]) for each in told["by_day"]] == [
        ("2026-11-25", "sms", 1),
        ("2026-11-27", "sms", 1),
    ]
    text = page.read_text("utf-8")
    assert "<svg" in text
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_the_life_of_a_definition(environment: dict[str, str], deployment: Deployment) -> None:
    path = deployment.define(1)
    assert run(environment, "submit", path, "--as", "ana").exit_code == 0
    own = run(environment, "approve", "aviso", "--as", "ana")
    assert (own.exit_code, "somebody else" in own.stderr) == (1, True)
    assert run(environment, "approve", "aviso", "--as", "berta").exit_code == 0
    assert run(environment, "diff", path).exit_code == 0
    deployment.define(2)
    changed = run(environment, "diff", path)
    assert (changed.exit_code, "+version: 2" in changed.stdout) == (1, True)
    assert run(environment, "submit", path, "--as", "ana").exit_code == 0
    assert run(environment, "reject", "aviso", "--reason", "el tono", "--as", "berta").exit_code == 0
    listed = json.loads(run(environment, "list", "--json").stdout)
    assert {each["version"]: each["state"] for each in listed} == {1: "active", 2: "rejected"}
    history = run(environment, "list", "aviso", "--history").stdout
    assert "aviso v2 rejected by berta: el tono" in history


def test_in_production_whoever_acts_shows_a_key(environment: dict[str, str], deployment: Deployment) -> None:
    strict = {
        **environment,
        "PUNTUAL_ENV": "production",
        "PUNTUAL_PUBLIC_URL": "https://puntual.financiera.test",
        "PUNTUAL_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "PUNTUAL_PII_KEYS": "k1:" + base64.b64encode(os.urandom(32)).decode(),
        "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
    }
    strict.pop("PUNTUAL_NOW")
    deployment.define(1)
    result = run(strict, "retire", "aviso", "--as", "ana")
    assert result.exit_code == 1
    assert "--key" in result.stderr
    unknown = run(strict, "retire", "aviso", "--key", "puntual_nothing")
    assert "unknown, revoked or expired" in unknown.stderr


def test_a_submission_names_the_simulation_of_exactly_its_content(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    portfolio, simulation, path = tmp_path / "portfolio.csv", tmp_path / "simulation.json", deployment.define(1)
    portfolio.write_text(HEADER + GOOD)
    command = ["simulate", path, "--portfolio", portfolio, "--from", "2026-11-24", "--days", 7, "--json"]
    simulation.write_text(run(environment, *command).stdout)
    deployment.define(2)
    other = run(environment, "submit", path, "--simulation", simulation, "--as", "ana")
    assert (other.exit_code, "of other content" in other.stderr) == (1, True)
    deployment.define(1)
    assert run(environment, "submit", path, "--simulation", simulation, "--as", "ana").exit_code == 0
    shown = run(environment, "simulation", "aviso")
    assert (shown.exit_code, "Messages by day" in shown.stdout) == (0, True)
    assert run(environment, "simulation", "aviso", "--json").stdout.strip() == simulation.read_text().strip()
    assert run(environment, "approve", "aviso", "--as", "berta").exit_code == 0
    submitted, approved = json.loads(run(environment, "list", "--history", "--json").stdout)
    assert len(submitted["simulation"]) == 64
    assert approved["simulation"] == submitted["simulation"]


def test_a_version_without_a_simulation_says_so(environment: dict[str, str], deployment: Deployment) -> None:
    assert run(environment, "submit", deployment.define(1), "--as", "ana").exit_code == 0
    shown = run(environment, "simulation", "aviso")
    assert (shown.exit_code, "without a simulation" in shown.stderr) == (1, True)
    unknown = run(environment, "simulation", "aviso", "--version", 7)
    assert (unknown.exit_code, "has no version 7" in unknown.stderr) == (1, True)


PAID = {
    "specversion": "1.0", "id": "p1", "source": "urn:core", "type": "io.puntual.payment.received.v1",
    "time": "2026-11-26T15:00:00Z", "datacontenttype": "application/json",
    "data": {"debtorRef": "D-1", "loanRef": "L-1", "paymentRef": "P-1", "kind": "repayment",
             "amount": {"amount": "350.00", "currency": "MXN"}, "valueDate": "2026-11-26"},
}  # fmt: skip


def test_events_become_known_in_the_simulated_days(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    portfolio, events = tmp_path / "portfolio.csv", tmp_path / "events.jsonl"
    portfolio.write_text(HEADER + GOOD)
    stranger = {**PAID, "id": "p2", "data": {**PAID["data"], "debtorRef": "D-9", "loanRef": "L-9"}}
    events.write_text("".join(json.dumps(each) + "\n" for each in (PAID, stranger)))
    path = deployment.define(1, **{"at: due_date + 2d\n    when: loan.days_past_due >= 1": "on: payment.received"})
    path.write_text(path.read_text("utf-8").replace("vencido_1", "pago_recibido"), "utf-8")
    command = ["simulate", path, "--portfolio", portfolio, "--from", "2026-11-24", "--days", 7]
    told = json.loads(run(environment, *command, "--events", events, "--json").stdout)
    assert (told["events"], told["events_of_unknown_debtors"]) == (2, 1)
    sent = [(each["step"], each["messages"]) for each in told["by_step"]]
    assert sent == [("vence-hoy", 1), ("vencido", 1)]
    events.write_text("{}\n")
    bad = run(environment, *command, "--events", events)
    assert (bad.exit_code, f"{events}:1: " in bad.stderr.replace("\n", "")) == (1, True)


def test_a_sample_gives_estimates_for_everybody(
    environment: dict[str, str], deployment: Deployment, tmp_path: Path
) -> None:
    file = tmp_path / "portfolio.csv"
    file.write_text(HEADER + "".join(GOOD.replace("D-1", f"D-{n}").replace("L-1", f"L-{n}") for n in range(200)))
    command = ["simulate", deployment.define(), "--portfolio", file, "--from", "2026-11-24", "--days", 7, "--json"]
    whole = json.loads(run(environment, *command).stdout)
    part = json.loads(run(environment, *command, "--sample", 50).stdout)
    assert (whole["debtors"], whole["messages"]) == (200, 400)
    assert part["sample_percent"] == 50
    assert 130 <= part["debtors"] <= 270
    assert part["messages"] == 2 * part["debtors"]
