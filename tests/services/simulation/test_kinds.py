"""Counting debtors by kind comes to the same as simulating each of them."""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from channels.phones import canonical
from services.imports.facts import debtors_of
from services.imports.rows import PortfolioRow, RowProblem
from services.settings import PROJECT_ROOT, Settings
from services.simulation.engine import Span
from services.simulation.phones import surely_reachable
from services.simulation.portfolio_file import portfolio_of
from services.simulation.rig import Rig, build_rig
from services.simulation.run import Order, simulate
from services.simulation.simulator import Simulator
from services.simulation.tally import Tally

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SPAN = Span(date(2026, 11, 24), 14)
HARD = """campaign: dificil
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience: {when: segments.grandes || debtor.segment == "B"}
holdout: 10%
limits: {max: 3, per: 7d}
priority: installment.amount * double(loan.days_past_due)
steps:
  - id: uno
    at: due_date - 1d
    channels: [sms, email]
    choose:
      - {when: 'debtor.risk_score > 700.0 && loan.overdue_amount < 400.0', template: vence_hoy_formal}
      - {variants: [{template: vence_hoy, weight: 1}, {template: vence_hoy_corto, weight: 2}]}
  - id: dos
    at: due_date + 2d
    when: history.attempts_7d < 2 && "vip" in debtor.tags
    channels: [email, sms]
    fallback: {after: 2h, unless: read}
    expires: 3d
    template: vencido_5
"""
SEGMENTS = "grandes: loan.total_outstanding > 900.0 || installment.number == 3\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project's own files, with a campaign that asks for all that debtors differ in."""
    folder = tmp_path_factory.mktemp("simulation")
    definitions = folder / "definitions"
    definitions.mkdir()
    for name in ("recordatorio-preventivo", "cobranza-temprana"):
        text = (PROJECT_ROOT / "campaigns" / "definitions" / f"{name}.yaml").read_text("utf-8")
        (definitions / f"{name}.yaml").write_text(text, "utf-8")
    (definitions / "dificil.yaml").write_text(HARD, "utf-8")
    (definitions / "segments.yaml").write_text(SEGMENTS, "utf-8")
    return Settings.load(data_dir=folder / "data", campaigns_dir=definitions)


@pytest.fixture(scope="module")
def rig(settings: Settings) -> Rig:
    """The engine over them."""
    return build_rig(settings, settings.campaigns_dir, NOW)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debtors of all sorts, rows of one debtor far from each other, and some that can't be used."""
    path = tmp_path_factory.mktemp("portfolio") / "portfolio.csv"
    written = list(rows(random.Random(7)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(written[0]))
        writer.writeheader()
        writer.writerows(written)
    return path


def test_every_figure_is_the_same_as_one_by_one(rig: Rig, portfolio: Path) -> None:
    read = [row for row in portfolio_of(portfolio, None).rows() if isinstance(row, PortfolioRow)]
    by_kind = Simulator(rig, SPAN)
    by_kind.take(read)
    together, apart, one_by_one = by_kind.report(), Tally(), Simulator(rig, SPAN)
    for group in debtors_of(read):
        happenings, problems = one_by_one.happenings(group)
        apart.rows += len(group)
        if len(problems) < len(group):
            apart.take(happenings, [group[0].debtor_ref])
    for name in Tally.__slots__:
        assert getattr(together.tally, name) == getattr(apart, name), name
    assert together.tally.held_out
    assert together.tally.contacted > 80


def test_several_processes_come_to_the_same_as_one(settings: Settings, rig: Rig, portfolio: Path) -> None:
    order = Order(settings, settings.campaigns_dir, SPAN, NOW, rows_a_part=150)
    seen: list[tuple[int, int]] = []
    shared = simulate(order, portfolio_of(portfolio, None), lambda done, known: seen.append((done, known)))
    read, alone = list(portfolio_of(portfolio, None).rows()), Simulator(rig, SPAN, str(portfolio))
    alone.take([row for row in read if isinstance(row, PortfolioRow)])
    expected = alone.report()
    expected.tally.rows = shared.tally.rows
    assert shared.tally == expected.tally
    assert shared.unusable == expected.unusable + sum(isinstance(row, RowProblem) for row in read)
    assert seen[-1][0] == seen[-1][1]


def test_a_number_that_looks_reachable_is() -> None:
    chance = random.Random(3)
    for _ in range(3_000):
        country = chance.choice(["+52", "+57", "+51", "+56", "+593", "+55", "+1"])
        phone = country + "".join(chance.choice("0123456789") for _ in range(chance.randint(7, 11)))
        assert not surely_reachable(phone) or canonical(phone, "MX") == phone


def rows(chance: random.Random) -> Iterator[dict[str, str]]:
    """One row an installment."""
    for number in range(420):
        due = SPAN.start + timedelta(days=chance.randint(-8, 12))
        row = {
            "debtor_ref": f"D-{number:03}",
            "name": chance.choice(["María Núñez", "Jo", "O'Brien <x>", "Ana  Li", "Zoë 😀", "Baja Stop", "Íñigo Ó"]),
            "language": chance.choice(["es-MX", "es", "", "pt-BR", "en"]),
            "country": "MX",
            "region": chance.choice(["MX-JAL", "MX-BCN", "", ""]),
            "timezone": chance.choice(["America/Mexico_City", "America/Tijuana", "", ""]),
            "phone": chance.choice([f"+52331{number:07}", f"55 1234 {number:04}", "", "+521"]),
            "email": f"d{number}@example.test",
            "segment": chance.choice("AB") if chance.random() < 0.8 else "",
            "risk_score": chance.choice(["650", "720.5", ""]),
            "tags": chance.choice(["vip", "a;vip", ""]),
            "consent_sms": chance.choice(["yes", "no", "", ""]),
            "preferred_channel": chance.choice(["email", "", ""]),
            "loan_ref": f"L-{chance.randint(0, 10**6)}",
            "product": chance.choice(["consumo", "nomina", "otro", ""]),
            "creditor_ref": chance.choice(["demo", ""]),
            "total_outstanding": chance.choice(["50", "899.99", "12000.5", "0", ""]),
            "installment_number": chance.choice(["1", "3", ""]),
            "due_date": due.isoformat(),
            "amount_due": chance.choice(["350.00", "1234567.89", "0"]),
            "status": chance.choice(["", "", "", "paid", "closed"]),
        }
        yield row if number != 77 else {**row, "due_date": "soon"}
        if chance.random() < 0.3:
            yield {**row, "installment_number": "5", "due_date": str(due + timedelta(days=3)), "amount_due": "90.10"}
        if chance.random() < 0.2:
            yield {**row, "loan_ref": f"A-{number}", "product": "consumo", "total_outstanding": "700"}
