"""Simulates a portfolio file: its rows are sorted into parts by debtor, and the parts are worked on by every core."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from campaigns.zones import zone_clock
from schemas.dead_letter import BadRecord
from services.settings import Settings
from services.simulation.debtors import Debtor, debtor_from
from services.simulation.engine import Engine, Span
from services.simulation.happenings import Happening
from services.simulation.parts import Parts, read_part
from services.simulation.portfolio import Row, RowProblem, events_of
from services.simulation.rig import Rig, build_rig
from services.simulation.tally import Tally

MOST_PROBLEMS = 100
_SMALL_BYTES = 2_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to simulate: definitions at `path`, over the debtors' local days of `span`; `now` judges the files."""

    settings: Settings
    path: Path
    span: Span
    now: datetime


@dataclass(slots=True)
class Report:
    """The tally of the rows that could be used, and the problems of those that could not (the first of them)."""

    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)
    unusable: int = 0

    def add(self, other: "Report") -> None:
        """Add the report of another part."""
        self.tally.add(other.tally)
        self.unusable += other.unusable
        self.problems = sorted([*self.problems, *other.problems], key=_line)[:MOST_PROBLEMS]


def simulate(order: Order, rows: Iterable[Row], *, file: Path, size: int, progress: Progress) -> Report:
    """The report on a portfolio of about `size` bytes; `progress` is told rows done and rows known.

    Personal data is kept for the while in files of a private folder that is deleted at the end.
    """
    with tempfile.TemporaryDirectory(prefix="puntual-simulation-") as folder:
        parts = Parts(Path(folder), count=min(256, size // _SMALL_BYTES + 1))
        for number, row in enumerate(rows, 1):
            parts.put(row)
            if number % 5_000 == 0:
                progress(0, number)
        paths = parts.close()
        progress(0, parts.rows)
        return _worked(order, paths, str(file), parts.rows, progress)


def debtors_of(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows by debtor, in the order in which each is first named."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get("debtor_ref") or "", []).append(row)
    yield from found.values()


class Simulator:
    """One process's engine, and how rows become debtors in it."""

    def __init__(self, rig: Rig, span: Span) -> None:
        self.rig = rig
        self._span = span

    def happenings(self, rows: list[Row]) -> list[Happening]:
        """Everything that happens to one debtor; raises RowProblem."""
        zone = self.zone(rows[0])
        start, end = self._span.instants(zone)
        debtor = self._debtor(rows, start)
        return list(self.rig.engine.run(debtor, start=start, end=end, zone=zone))

    def _debtor(self, rows: list[Row], start: datetime) -> Debtor:
        events = events_of(rows, today=self._span.start, currency=self.rig.currency)
        try:
            return debtor_from(events, start, home_country=self.rig.home_country)
        except BadRecord as error:
            raise RowProblem("row", error.message) from None

    def zone(self, row: Row) -> ZoneInfo:
        """The zone in which this debtor's days are counted, as the engine will find it."""
        name = row.get("timezone")
        if name is not None and zone_clock(name) is not None:
            return ZoneInfo(name)
        engine: Engine = self.rig.engine
        speaker = engine.speakers.get(row.get("creditor_ref") or "") or next(iter(engine.speakers.values()))
        region = row.get("region")
        packs = engine.policy.jurisdictions(speaker.jurisdiction, row.get("country"), region)
        return ZoneInfo(engine.policy.home_zone(packs, region))

    def report(self, rows: Iterable[Row], file: str) -> Report:
        """The report on some rows, all of each debtor they name."""
        report = Report()
        for group in debtors_of(rows):
            report.tally.rows += len(group)
            try:
                report.tally.take(self.happenings(group))
            except RowProblem as problem:
                report.unusable += len(group)
                if len(report.problems) < MOST_PROBLEMS:
                    report.problems.append(f"{file}:{group[0].line}: {problem}")
        return report


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
    return _simulators["own"].report(read_part(path), file)


def _line(problem: str) -> tuple[str, int]:
    file, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdigit() else 0
