"""A definition that came as text, run over a portfolio file that somebody handed in."""

from datetime import date
from pathlib import Path
from typing import Any

from services.campaign_texts import Checked
from services.imports.columns import PortfolioProblem
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.handed_in import simulate_rows
from services.simulation.portfolio_file import portfolio_of

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
    return simulate_rows(settings, found, portfolio.rows(), span=Span(start, days), name=name)
