"""A checked definition run over the rows that somebody handed in with it, in this process."""

from collections.abc import Iterable
from typing import Any

from services.campaign_texts import Checked
from services.imports.rows import PortfolioRow, RowProblem
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.report import Report
from services.simulation.result import Terms, result_of
from services.simulation.rig import rig_of
from services.simulation.simulator import Simulator


def simulate_rows(
    settings: Settings, found: Checked, rows: Iterable[PortfolioRow | RowProblem], *, span: Span, name: str
) -> dict[str, Any]:
    """The result, as `puntual campaigns simulate --json` prints it; `name` is what the portfolio is called there."""
    rig = rig_of(settings, [found.definition], found.segments, found.surroundings)
    report, sound = Report(), list[PortfolioRow]()
    for row in rows:
        if isinstance(row, RowProblem):
            report.refuse(name, row)
        else:
            sound.append(row)
    simulator = Simulator(rig, span, name)
    simulator.take(sound)
    report.add(simulator.report())
    campaign = {
        "campaign": found.definition.campaign,
        "version": found.definition.version,
        "fingerprint": found.submission.content.fingerprint.hex(),
    }
    return result_of(report, Terms([campaign], name, span, None, rig.currency, rig.paces))
