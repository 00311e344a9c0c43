"""Simulates a portfolio file: its rows are sorted into parts by debtor, and the parts are worked on by every core."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zlib import crc32

from services.imports.reader import PortfolioFile
from services.imports.rows import PortfolioRow, RowReader
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.event_file import events_in
from services.simulation.parts import Parts, read_part
from services.simulation.processes import Part, worked
from services.simulation.report import Report
from services.simulation.rig import build_rig
from services.simulation.simulator import Facts, Simulator

SORTING, SIMULATING = "sorting", "simulating"
_MOST_PARTS, _MOST_PROCESSES = 256, 16
_TOLD_EVERY = 5_000

Progress = Callable[[str, int, int], None]
"""What is under way, rows done, rows in all."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A share of the debtors, the same ones every time."""

    percent: float

    def has(self, debtor_ref: str) -> bool:
        """Whether a debtor is in the sample."""
        return crc32(b"sample/" + debtor_ref.encode()) < self.percent / 100 * 2**32


@dataclass(frozen=True, slots=True)
class Order:
    """What to simulate: definitions at `path`, over the debtors' local days of `span`; `now` judges the files.

    `events` is a file of what becomes known meanwhile. Where `sample` is not all debtors, the counts of the report are
    estimates for all. As many `processes` as there are cores, if nothing else is said; the report is the same.
    """

    settings: Settings
    path: Path
    span: Span
    now: datetime
    sample: Sample = Sample(100)
    events: Path | None = None
    rows_a_part: int = 5_000
    processes: int | None = None


def simulate(order: Order, portfolio: PortfolioFile, progress: Progress) -> Report:
    """The report on a portfolio; `progress` is told rows sorted or simulated, and how many there are of both.

    Personal data is kept for the while in files of a private folder that is deleted at the end.
    Raises SimulationProblem where a process fails.
    """
    with tempfile.TemporaryDirectory(prefix="puntual-simulation-") as folder:
        count = min(_MOST_PARTS, portfolio.total // order.rows_a_part + 1)
        events = _sorted_events(order, Path(folder), count)
        with Parts(Path(folder), "rows", count=count) as rows:
            _sort_rows(order, portfolio, rows, progress)
            parts: list[Part] = list(zip(rows.finished(), events, strict=True))
        work = _Work(order, portfolio.reader, str(portfolio.path))
        processes = min(len(parts), order.processes or _cores())

        def done(count: int) -> None:
            progress(SIMULATING, count, rows.things)

        report = _alone(work, parts, done) if processes == 1 else worked(work, parts, processes, done)
        if order.sample.percent < 100:
            report.tally.scale(100 / order.sample.percent)
        return report


def _sort_rows(order: Order, portfolio: PortfolioFile, parts: Parts, progress: Progress) -> None:
    """Bring the rows of the sample to their parts."""
    debtor_ref, sample = portfolio.reader.debtor_ref, order.sample
    for read, row in enumerate(portfolio.cells(), 1):
        ref = debtor_ref(row[1])
        if sample.percent >= 100 or sample.has(ref):
            parts.put(ref, row)
        if read % _TOLD_EVERY == 0:
            progress(SORTING, read, portfolio.total)


def _sorted_events(order: Order, folder: Path, count: int) -> Sequence[Path | None]:
    """The events of the sample by the parts of their debtors."""
    if order.events is None:
        return [None] * count
    with Parts(folder, "events", count=count) as parts:
        for fact in events_in(order.events):
            for ref in fact.debtors:
                if order.sample.percent >= 100 or order.sample.has(ref):
                    parts.put(ref, fact)
        return parts.finished()


def _alone(work: "_Work", parts: Sequence[Part], progress: Callable[[int], None]) -> Report:
    """All parts in this process."""
    working, done = work.start(), 0
    for part in parts:
        done += working.take(part)
        progress(done)
    return working.report()


def _cores() -> int:
    """How many processes this machine lets us keep busy."""
    return min(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, _MOST_PROCESSES
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What every process needs to know."""

    order: Order
    reader: RowReader
    file: str

    def start(self) -> "_Working":
        """The engine, made in the process that uses it."""
        order = self.order
        rig = build_rig(order.settings, order.path, order.now)
        return _Working(self, Simulator(rig, order.span, self.file))


@dataclass(frozen=True, slots=True)
class _Working:
    """One process's simulator, and the rows that were refused."""

    work: _Work
    simulator: Simulator
    refused: Report = field(default_factory=Report)

    def take(self, part: Part) -> int:
        """Simulate a part."""
        rows, events = part
        good: list[PortfolioRow] = []
        count = 0
        for line, cells in read_part(rows):
            count += 1
            row = self.work.reader.row(line, cells)
            if isinstance(row, list):
                for problem in row:
                    self.refused.refuse(self.work.file, problem)
            else:
                good.append(row)
        self.simulator.facts = self._facts(events, {row.debtor_ref for row in good}) if events is not None else {}
        self.simulator.take(good)
        return count

    def _facts(self, path: Path, known: set[str]) -> Facts:
        """The events of a part's debtors; those of others are counted."""
        facts: Facts = {}
        for fact in read_part(path):
            (ref,) = fact.debtors
            self.refused.events += 1
            if ref in known:
                facts.setdefault(ref, []).append(fact)
            else:
                self.refused.strangers += 1
        return facts

    def report(self) -> Report:
        """The report on all parts."""
        self.refused.add(self.simulator.report())
        return self.refused
