"""Several processes come to what one comes to, and end together, whatever happens to one of them."""

import json
import multiprocessing
from pathlib import Path

import pytest

from services.imports.rows import PortfolioRow
from services.settings import Settings
from services.simulation.portfolio_file import portfolio_of
from services.simulation.processes import Part, SimulationProblem, Worker, worked
from services.simulation.report import Report
from services.simulation.run import SIMULATING, Order, simulate
from tests.services.simulation.portfolios import NOW, SPAN
from tests.services.simulation.workers import Counting, Failing, Killed

PARTS: list[Part] = [(Path(str(number)), None) for number in range(5)]


@pytest.fixture
def payments(portfolio: Path, tmp_path: Path) -> Path:
    """Every fifth loan of the portfolio is paid, and one of which it knows nothing."""
    rows = [row for row in portfolio_of(portfolio, None).rows() if isinstance(row, PortfolioRow)]
    paid = [(row.debtor_ref, row.loan_ref) for row in rows[::5]] + [("D-none", "L-none")]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(payment(*refs)) for refs in paid), "utf-8")
    return file


def payment(debtor_ref: str, loan_ref: str) -> dict[str, object]:
    """A payment that becomes known on the fourth day."""
    amount = {"amount": "5000.00", "currency": "MXN"}
    told = {"paymentRef": f"P-{loan_ref}", "kind": "repayment", "amount": amount, "valueDate": "2026-11-27"}
    return {
        "specversion": "1.0",
        "id": f"p-{debtor_ref}-{loan_ref}",
        "source": "urn:core",
        "type": "io.puntual.payment.received.v1",
        "time": "2026-11-27T16:00:00Z",
        "data": {"debtorRef": debtor_ref, "loanRef": loan_ref, **told},
    }


@pytest.mark.slow
def test_two_processes_come_to_the_same_as_one(campaigns: Settings, portfolio: Path, payments: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def by(processes: int) -> Report:
        order = Order(
            campaigns, campaigns.campaigns_dir, SPAN, NOW, events=payments, rows_a_part=100, processes=processes
        )
        return simulate(order, portfolio_of(portfolio, None), lambda *told: seen.append(told))

    one = by(1)
    seen.clear()
    assert by(2) == one
    assert (one.unusable > 100, len(one.problems)) == (True, 100)
    assert (one.events > 60, one.strangers) == (True, 1)
    assert one.tally.contacted > 60
    assert any(rule == "paid" for _, rule in one.tally.blocked_debtors)
    done = [rows for doing, rows, _ in seen if doing == SIMULATING]
    assert done == sorted(done)
    assert done[-1] == seen[-1][2] > one.tally.rows


def test_every_part_is_worked_on_once_and_every_process_reports() -> None:
    seen: list[int] = []
    report = worked(Counting(), PARTS, 2, seen.append)
    assert (report.unusable, seen[-1]) == (2, 50)


@pytest.mark.parametrize(
    ("worker", "said"), [(Failing(), "failed: ValueError at workers.py:"), (Killed(), "signal 9; it may lack memory")]
)
def test_a_process_that_fails_ends_them_all_with_a_reason(worker: Worker, said: str) -> None:
    with pytest.raises(SimulationProblem, match=said) as caught:
        worked(worker, PARTS, 2, lambda _: None)
    assert "Ana" not in str(caught.value)
    assert multiprocessing.active_children() == []


def test_an_interrupt_leaves_no_process_behind() -> None:
    def interrupted(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worked(Counting(), PARTS, 2, interrupted)
    assert multiprocessing.active_children() == []
