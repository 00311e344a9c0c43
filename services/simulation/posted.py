"""A simulation over a small portfolio that came with a request, in this process."""

from typing import Any

from schemas.campaign_api import SimulationBody
from services.campaign_texts import Checked
from services.imports.columns import COLUMNS, DECIMAL, PortfolioProblem, places
from services.imports.rows import PortfolioRow, RowProblem, RowReader
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.handed_in import simulate_rows

_NAME = "portfolio"


class PostedProblem(Exception):
    """Why the rows can't be read at all; says what to do."""


def simulate_posted(settings: Settings, found: Checked, body: SimulationBody) -> dict[str, Any]:
    """The result of running a checked definition over the rows of a request; raises PostedProblem."""
    rows = _rows(body.portfolio)
    return simulate_rows(settings, found, rows, span=Span(body.start, body.days), name=_NAME)


def _rows(given: list[dict[str, str]]) -> list[PortfolioRow | RowProblem]:
    """Each row with its number, counted from 1."""
    strange = sorted({name for row in given for name in row} - set(COLUMNS))
    if strange:
        raise PostedProblem(f"portfolio: {', '.join(strange)}: not a column; there are {', '.join(COLUMNS)}")
    header = [column for column in COLUMNS if any(column in row for row in given)]
    try:
        found = places(header, {})
    except PortfolioProblem as problem:
        raise PostedProblem(f"portfolio: {problem}") from None
    commas = frozenset(name for name in DECIMAL for row in given if "," in row.get(name, ""))
    reader = RowReader(found, commas, width=len(header))
    read: list[PortfolioRow | RowProblem] = []
    for number, row in enumerate(given, 1):
        cells = reader.row(number, [row.get(column, "") for column in header])
        read += cells if isinstance(cells, list) else [cells]
    return read
