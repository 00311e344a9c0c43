"""Simulates a portfolio file: its rows are sorted into parts by debtor, and the parts are worked on by every core."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

from campaigns.zones import zone_clock
from schemas.dead_letter import BadRecord
from schemas.events_base import InboundEvent
from services.imports.facts import Told, debtors_of, told_by
from services.imports.reader import PortfolioFile
from services.imports.rows import PortfolioRow, RowProblem
from services.settings import Settings
from services.simulation.debtors import debtor_from
from services.simulation.engine import Span
from services.simulation.happenings import Happening
from services.simulation.parts import Parts, read_part
from services.simulation.rig import Rig, build_rig
from services.simulation.tally import Tally

MOST_PROBLEMS = 100
_ROWS_A_PART = 5_000
_MOST_PARTS = 256

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


@dataclass(slots=True)
class Report:
    """The tally of the rows that could be used, and the problems of those that could not (the first of them)."""

    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)
    unusable: int = 0

    def refuse(self, file: str, problem: RowProblem) -> None:
        """Note a row that can't be used."""
        self.unusable += 1
        if len(self.problems) < MOST_PROBLEMS:
            column = f"{problem.column}: " if problem.column else ""
            self.problems.append(f"{file}:{problem.line}: {column}{problem.message}")

    def add(self, other: "Report") -> None:
        """Add the report of another part."""
        self.tally.add(other.tally)
        self.unusable += other.unusable
        self.problems = sorted([*self.problems, *other.problems], key=_line)[:MOST_PROBLEMS]


def simulate(order: Order, portfolio: PortfolioFile, progress: Progress) -> Report:
    """The report on a portfolio; `progress` is told rows done and rows in all.

    Personal data is kept for the while in files of a private folder that is deleted at the end.
    """
    with tempfile.TemporaryDirectory(prefix="puntual-simulation-") as folder:
        parts = Parts(Path(folder), count=min(_MOST_PARTS, portfolio.total // _ROWS_A_PART + 1))
        refused = Report()
        for row in portfolio.rows():
            if isinstance(row, RowProblem):
                refused.refuse(str(portfolio.path), row)
            elif order.sample.has(row.debtor_ref):
                parts.put(row)
        report = _worked(order, parts.close(), str(portfolio.path), parts.rows, progress)
        if order.sample.percent < 100:
            report.tally.scale(100 / order.sample.percent)
        report.add(refused)
        return report


class Simulator:
    """One process's engine, and how rows become debtors in it."""

    def __init__(self, rig: Rig, span: Span) -> None:
        self.rig = rig
        self._span = span

    def happenings(self, rows: Sequence[PortfolioRow]) -> tuple[list[Happening], list[RowProblem]]:
        """Everything that happens to one debtor, and what is wrong with their rows."""
        zone = self.zone(rows)
        start, end = self._span.instants(zone)
        events, problems = events_of(rows, at=start, currency=self.rig.currency)
        if not events:
            return [], problems
        try:
            debtor = debtor_from(events, start, home_country=self.rig.home_country)
        except BadRecord as error:
            return [], [*problems, RowProblem(rows[0].line, "", error.message)]
        return list(self.rig.engine.run(debtor, start=start, end=end, zone=zone)), problems

    def zone(self, rows: Sequence[PortfolioRow]) -> ZoneInfo:
        """The zone in which a debtor's days are counted, as the service will find it."""
        name, country, region, creditor = (
            next((value for row in reversed(rows) if (value := getattr(row, column))), None)
            for column in ("timezone", "country", "region", "creditor_ref")
        )
        if name is not None and zone_clock(name) is not None:
            return ZoneInfo(name)
        engine = self.rig.engine
        speaker = engine.speakers.get(creditor or "") or next(iter(engine.speakers.values()))
        packs = engine.policy.jurisdictions(speaker.jurisdiction, country, region)
        return ZoneInfo(engine.policy.home_zone(packs, region))

    def report(self, rows: Sequence[PortfolioRow], file: str) -> Report:
        """The report on some rows, all of each debtor they name."""
        report = Report()
        for group in debtors_of(rows):
            report.tally.rows += len(group)
            happenings, problems = self.happenings(group)
            for problem in problems:
                report.refuse(file, problem)
            if len(problems) < len(group):
                report.tally.take(happenings)
        return report


def events_of(
    rows: Sequence[PortfolioRow], *, at: datetime, currency: str
) -> tuple[list[InboundEvent], list[RowProblem]]:
    """The events that a debtor's rows tell, as an import would, and what is wrong with the rest."""
    told = list(told_by(rows, as_of=at, currency=currency))
    problems = [each for each in told if isinstance(each, RowProblem)]
    return [each.event for each in told if isinstance(each, Told)], problems


def _worked(order: Order, paths: list[Path], file: str, rows: int, progress: Progress) -> Report:
    if len(paths) == 1:
        _start(order)
        report = _work(paths[0], file)
        progress(report.tally.rows, rows)
        return report
    report = Report()
    workers = min(len(paths), os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(order,)) as pool:
        for done in as_completed([pool.submit(_work, path, file) for path in paths]):
            report.add(done.result())
            progress(report.tally.rows, rows)
    return report


_simulators: dict[str, Simulator] = {}


def _start(order: Order) -> None:
    """Build this process's engine, once."""
    _simulators["own"] = Simulator(build_rig(order.settings, order.path, order.now), order.span)


def _work(path: Path, file: str) -> Report:
    return _simulators["own"].report(list(read_part(path)), file)


def _line(problem: str) -> tuple[str, int]:
    file, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdigit() else 0
