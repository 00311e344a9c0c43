"""The courses that debtors of one kind can take: the first who takes one is simulated, the others are counted.

A course is a chain of questions with this debtor's answers. Between two questions everything is alike for all of a
kind, so whoever gives the same answers gets the same messages at the same times.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from services.simulation.engine import Engine
from services.simulation.figures import Figure
from services.simulation.happenings import Ended, Happening, Sent
from services.simulation.questions import Answers, Ask
from services.simulation.tally import MOST_EXAMPLES, Tally

_Words = tuple[tuple[str, str, int], ...]
"""Template, language and SMS parts of each message of a course."""


@dataclass(slots=True)
class Course:
    """What happens on a course, how many take it by segment and words, and the refs of a few of them."""

    happenings: list[Happening]
    takers: Counter[tuple[str | None, _Words]] = field(default_factory=Counter)
    blocked: bool = False
    examples: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocked = any(isinstance(each, Ended) for each in self.happenings)

    def take(self, debtor_ref: str, segment: str | None, words: _Words) -> None:
        """One more debtor takes it."""
        self.takers[segment, words] += 1
        if self.blocked and (len(self.examples) < MOST_EXAMPLES or debtor_ref < self.examples[-1]):
            self.examples = sorted([*self.examples, debtor_ref])[:MOST_EXAMPLES]

    def told(self, tally: Tally) -> None:
        """Count all who took it."""
        for (segment, words), times in self.takers.items():
            tally.take(self._spoken(segment, words), self.examples, times=times)

    def _spoken(self, segment: str | None, words: _Words) -> Sequence[Happening]:
        said = iter(words)
        spoken: list[Happening] = []
        for each in self.happenings:
            if isinstance(each, Sent):
                template, language, parts = next(said)
                variant = None if each.variant is None else template
                each = replace(each, segment=segment, template=template, variant=variant, content=None)
                each = replace(each, language=language, parts=parts)
            spoken.append(each)
        return spoken


@dataclass(slots=True)
class _Fork:
    """A question, and how it goes on by the answer."""

    ask: Ask
    ways: dict[object, "_Fork | Course"] = field(default_factory=dict)


class Courses:
    """The courses of one kind, from the first instant of its debtors' days until their end."""

    def __init__(self, figure: Figure, *, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        self.figure = figure
        self.found: list[Course] = []
        self.taken = 0
        self._start, self._end, self._zone = start, end, zone
        self._root: _Fork | Course | None = None

    def take(self, engine: Engine) -> None:
        """Count the debtor as whom the figure is dressed."""
        debtor, answers, place = self.figure.debtor, Answers(), self._root
        self.taken += 1
        while isinstance(place, _Fork):
            place = place.ways.get(place.ask.answer(debtor, answers))
        if place is None:
            place, answers = self._explored(engine)
        words = tuple(
            (said.template, said.language, said.parts) for said in answers.said if said.problem is said.missing is None
        )
        place.take(debtor.person.debtor_ref, debtor.person.segment, words)

    def _explored(self, engine: Engine) -> tuple[Course, Answers]:
        """Simulate this debtor, and put their course beside those that are known."""
        debtor, watch = self.figure.debtor, engine.watch
        debtor.person.history, debtor.person.campaign_contacts = [], []
        watch.start(debtor)
        try:
            happenings = list(
                engine.run(debtor, start=self._start, end=self._end, zone=self._zone, speak=engine.speaking.measured)
            )
        finally:
            watch.stop()
        course = Course(happenings)
        self.found.append(course)
        self._add(watch.course, course)
        return course, watch.answers

    def _add(self, questions: Sequence[tuple[Ask, object]], course: Course) -> None:
        if not questions:
            self._root = course
            return
        if self._root is None:
            self._root = _Fork(questions[0][0])
        fork = self._root
        assert isinstance(fork, _Fork)
        for (_, answer), (ask, _) in pairwise(questions):
            following = fork.ways.setdefault(answer, _Fork(ask))
            assert isinstance(following, _Fork)
            fork = following
        fork.ways[questions[-1][1]] = course
