"""One process's engine, and how the rows of a portfolio become debtors in it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from campaigns.zones import zone_clock
from schemas.dead_letter import BadRecord
from schemas.events_base import InboundEvent
from services.imports.facts import Told, debtors_of, told_by
from services.imports.rows import PortfolioRow, RowProblem
from services.intake import Fact
from services.simulation.courses import Courses
from services.simulation.debtors import Debtor, debtor_from
from services.simulation.engine import Span
from services.simulation.figures import Figure
from services.simulation.happenings import Happening
from services.simulation.kinds import Key, Kinds, Known, known_of
from services.simulation.report import Report
from services.simulation.rig import Rig

_MOST_KINDS = 20_000

Facts = dict[str, list[Fact]]
"""What becomes known of debtors in the simulated days, by their references."""


class Simulator:
    """Simulates debtors one by one, or kind by kind where nobody asks for the words."""

    def __init__(self, rig: Rig, span: Span, file: str = "", facts: Facts | None = None) -> None:
        self.rig = rig
        self._span = span
        self._file = file
        self.facts = facts or {}
        self._kinds = Kinds(rig.engine, rig.home_country, span)
        self._courses: dict[Key, Courses | None] = {}
        self._report = Report()

    def happenings(self, rows: Sequence[PortfolioRow]) -> tuple[list[Happening], list[RowProblem]]:
        """Everything that happens to one debtor, words included, and what is wrong with their rows."""
        zone = self.zone(known_of(rows))
        start, end = self._span.instants(zone)
        debtor, problems = self._debtor(rows, zone)
        if debtor is None:
            return [], problems
        facts = self.facts.get(debtor.person.debtor_ref, ())
        return list(self.rig.engine.run(debtor, start=start, end=end, zone=zone, facts=facts)), problems

    def take(self, rows: Sequence[PortfolioRow]) -> None:
        """Simulate some rows, all of each debtor they name."""
        for group in debtors_of(rows):
            self._report.tally.rows += len(group)
            self._take(group)

    def _take(self, rows: Sequence[PortfolioRow]) -> None:
        """Count a debtor by their kind, or simulate them by themselves."""
        if rows[0].debtor_ref in self.facts:
            self._apart(rows)
            return
        matter = self._kinds.matter(rows)
        if not matter:
            self._report.tally.take((), ())
            return
        known = known_of(rows)
        courses = self._of(rows, matter, known)
        if courses is None:
            self._apart(rows)
        else:
            courses.figure.dress(matter, known)
            courses.take(self.rig.engine)

    def report(self) -> Report:
        """The report on all rows taken; a simulator reports once."""
        self._tell()
        return self._report

    def _tell(self) -> None:
        """Count all who took a course, and forget the courses."""
        for key in list(self._courses):
            self._forget(key)

    def _make_room(self) -> None:
        """Forget the kinds of which there was only one debtor, all of them where that is of little help."""
        rare = [key for key, courses in self._courses.items() if courses is not None and courses.taken == 1]
        for key in rare if len(rare) > _MOST_KINDS // 4 else list(self._courses):
            self._forget(key)

    def _forget(self, key: Key) -> None:
        courses = self._courses.pop(key)
        for course in courses.found if courses is not None else ():
            course.told(self._report.tally)

    def zone(self, known: Known) -> ZoneInfo:
        """The zone in which a debtor's days are counted, as the service will find it."""
        if known.timezone is not None and zone_clock(known.timezone) is not None:
            return ZoneInfo(known.timezone)
        engine = self.rig.engine
        speaker = engine.speakers.get(known.creditor_ref or "") or next(iter(engine.speakers.values()))
        packs = engine.policy.jurisdictions(speaker.jurisdiction, known.country, known.region)
        return ZoneInfo(engine.policy.home_zone(packs, known.region))

    def _of(self, rows: Sequence[PortfolioRow], matter: Sequence[PortfolioRow], known: Known) -> Courses | None:
        """The courses of this debtor's kind; None where they are to be simulated by themselves."""
        key = self._kinds.key(matter, known)
        if key not in self._courses:
            if len(self._courses) >= _MOST_KINDS:
                self._make_room()
            self._courses[key] = self._new(rows, matter, known)
        return self._courses[key]

    def _new(self, rows: Sequence[PortfolioRow], matter: Sequence[PortfolioRow], known: Known) -> Courses | None:
        """The courses of a kind that nobody has taken yet; `rows` make the debtor, some of them `matter`."""
        zone = self.zone(known)
        start, end = self._span.instants(zone)
        debtor, problems = self._debtor(rows, zone)
        if debtor is None or problems:
            return None
        denials_only = not self._kinds.needs_consents(known)
        figure = Figure.of(debtor, matter, known, start, denials_only=denials_only)
        if figure is None:
            return None
        watch = self.rig.engine.watch
        figure.look = partial(watch.wished, self.rig.engine.neutral_wishes)
        return Courses(figure, start=start, end=end, zone=zone)

    def _apart(self, rows: Sequence[PortfolioRow]) -> None:
        happenings, problems = self.happenings(rows)
        for problem in problems:
            self._report.refuse(self._file, problem)
        if len(problems) < len(rows):
            self._report.tally.take(happenings, [rows[0].debtor_ref])

    def _debtor(self, rows: Sequence[PortfolioRow], zone: ZoneInfo) -> tuple[Debtor | None, list[RowProblem]]:
        start, _ = self._span.instants(zone)
        events, problems = events_of(rows, at=start, currency=self.rig.currency)
        if not events:
            return None, problems
        home, zones = self.rig.home_country, self.rig.number_zones
        try:
            return debtor_from(events, start, home_country=home, number_zones=zones), problems
        except BadRecord as error:
            return None, [*problems, RowProblem(rows[0].line, "", error.message)]


def events_of(
    rows: Sequence[PortfolioRow], *, at: datetime, currency: str
) -> tuple[list[InboundEvent], list[RowProblem]]:
    """The events that a debtor's rows tell, as an import would, and what is wrong with the rest."""
    told = list(told_by(rows, as_of=at, currency=currency))
    problems = [each for each in told if isinstance(each, RowProblem)]
    return [each.event for each in told if isinstance(each, Told)], problems
