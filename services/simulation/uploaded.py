"""A definition that came as text, run over a portfolio file that somebody handed in."""

from datetime import date
from pathlib import Path
from typing import Any

from services.campaign_texts import Checked
from services.imports.columns import PortfolioProblem
from services.imports.rows import PortfolioRow, RowProblem
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.portfolio_file import portfolio_of
from services.simulation.report import Report
from services.simulation.result import Terms, result_of
from services.simulation.rig import rig_of
from services.simulation.simulator import Simulator

MOST_ROWS = 20_000


def simulate_uploaded(
    settings: Settings, found: Checked, file: Path, *, start: date, days: int, name: str
) -> dict[str, Any]:
    """The result, as `puntual campaigns simulate --json` prints it; raises PortfolioProblem for a file of no use."""
    portfolio = portfolio_of(file, None)
    if portfolio.total > MOST_ROWS:
        raise PortfolioProblem(
            f"{name}: {portfolio.total} rows; here {MOST_ROWS} at most: run `puntual campaigns simulate` with --sample"
        )
    rig = rig_of(settings, [found.definition], found.segments, found.surroundings)
    span, refused = Span(start, days), Report()
    rows: list[PortfolioRow] = []
    for row in portfolio.rows():
        if isinstance(row, RowProblem):
            refused.refuse(name, row)
        else:
            rows.append(row)
    simulator = Simulator(rig, span, name)
    simulator.take(rows)
    report = simulator.report()
    report.add(refused)
    content = found.submission.content
    campaign = {
        "campaign": found.definition.campaign,
        "version": found.definition.version,
        "fingerprint": content.fingerprint.hex(),
    }
    return result_of(report, Terms([campaign], name, span, None, rig.currency, rig.paces))
