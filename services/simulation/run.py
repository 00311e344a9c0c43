"""Simulates a portfolio file: its rows are sorted into parts by debtor, and the parts are worked on by every core."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from services.imports.reader import PortfolioFile
from services.imports.rows import PortfolioRow, RowReader
from services.settings import Settings
from services.simulation.engine import Span
from services.simulation.parts import Parts, read_part
from services.simulation.report import Report
from services.simulation.rig import build_rig
from services.simulation.simulator import Facts, Simulator

_MOST_PARTS = 256
_LOOK_SECONDS = 0.25

Progress = Callable[[int, int], None]


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

    Where `sample` is not all debtors, the counts of the report are estimates for all.
    """

    settings: Settings
    path: Path
    span: Span
    now: datetime
    sample: Sample = Sample(100)
    facts: Facts = field(default_factory=dict)
    rows_a_part: int = 5_000


def simulate(order: Order, portfolio: PortfolioFile, progress: Progress) -> Report:
    """The report on a portfolio; `progress` is told rows done and rows in all.

    Personal data is kept for the while in files of a private folder that is deleted at the end.
    """
    with tempfile.TemporaryDirectory(prefix="puntual-simulation-") as folder:
        parts = Parts(Path(folder), count=min(_MOST_PARTS, portfolio.total // order.rows_a_part + 1))
        reader = portfolio.reader
        for line, cells in portfolio.cells():
            debtor_ref = reader.debtor_ref(cells)
            if order.sample.has(debtor_ref):
                parts.put(debtor_ref, line, cells)
        report = _worked(_Work(order, reader, str(portfolio.path)), parts.close(), parts.rows, progress)
        if order.sample.percent < 100:
            report.tally.scale(100 / order.sample.percent)
        return report


@dataclass(frozen=True, slots=True)
class _Work:
    """What every process needs to know."""

    order: Order
    reader: RowReader
    file: str

    def report(self, paths: Sequence[Path], done: Callable[[int], None]) -> Report:
        """The report on some parts, by one process."""
        order = self.order
        rig = build_rig(order.settings, order.path, order.now)
        simulator, report = Simulator(rig, order.span, self.file, order.facts), Report()
        for path in paths:
            rows: list[PortfolioRow] = []
            read = [self.reader.row(line, cells) for line, cells in read_part(path)]
            for row in read:
                if isinstance(row, list):
                    for problem in row:
                        report.refuse(self.file, problem)
                else:
                    rows.append(row)
            simulator.take(rows)
            done(len(read))
        report.add(simulator.report())
        return report


def _worked(work: _Work, paths: list[Path], rows: int, progress: Progress) -> Report:
    if len(paths) == 1:
        report = work.report(paths, lambda done: progress(done, rows))
        progress(rows, rows)
        return report
    report = Report()
    workers = min(len(paths), os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")
    counted = context.Value("q", 0)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share, initargs=(counted,)) as pool:
        waiting = {pool.submit(_shared, work, paths[place::workers]) for place in range(workers)}
        while waiting:
            done, waiting = wait(waiting, timeout=_LOOK_SECONDS)
            for each in done:
                report.add(each.result())
            progress(counted.value, rows)
    return report


_counted: list[Any] = []


def _share(counted: Any) -> None:
    """Keep the counter of rows that all processes share."""
    _counted.append(counted)


def _shared(work: _Work, paths: list[Path]) -> Report:
    def count(rows: int) -> None:
        with _counted[0].get_lock():
            _counted[0].value += rows

    return work.report(paths, count)
