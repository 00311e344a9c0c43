"""Conditions that tell what they were asked, so that the course of one debtor can be followed by others.

Only questions about values in which debtors of one kind differ are told; the rest they answer alike.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from campaigns.conditions import Condition, Facts, Segments
from campaigns.definition import Definition, Step, Variant
from campaigns.experiment import held_out, pick_variant
from campaigns.facts import ContactFact
from campaigns.person import Person
from services.simulation.debtors import Debtor
from services.simulation.speech import Occasion, Said, Speaking

OWN = frozenset(
    {
        "debtor.segment",
        "debtor.risk_score",
        "debtor.region",
        "debtor.language",
        "debtor.tags",
        "loan.product",
        "loan.total_outstanding",
        "loan.overdue_amount",
        "installment.number",
        "installment.amount",
    }
)
"""What conditions read that may differ between debtors of one kind."""

_STEADY = OWN - {"loan.overdue_amount"}


@dataclass(slots=True)
class Answers:
    """What one debtor has answered so far; campaigns without a priority have the number 0."""

    ranks: list[float] = field(default_factory=lambda: [0.0])
    said: list[Said] = field(default_factory=list)
    facts: dict[int, Facts] = field(default_factory=dict)

    def again(self, facts: Facts) -> Facts:
        """The same facts of this debtor; what was worked out for one question serves the next."""
        found = self.facts.get(id(facts))
        if found is None:
            found = self.facts[id(facts)] = facts.again()
        return found

    def rank(self, number: float) -> tuple[int, int]:
        """Where a priority stands among those before; which of two is higher is all that matters."""
        place = bisect_left(self.ranks, number), bisect_right(self.ranks, number)
        insort(self.ranks, number)
        return place


class Ask(Protocol):
    """A question whose answer decides how a course goes on."""

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """This debtor's answer."""


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a condition holds, with the contacts made until then."""

    condition: Condition
    facts: Facts
    history: list[ContactFact]

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """True or false."""
        debtor.person.history = self.history
        return Condition.evaluate(self.condition, answers.again(self.facts))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a priority stands among those before."""

    condition: Condition
    facts: Facts
    history: list[ContactFact]

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """Its place."""
        debtor.person.history = self.history
        return answers.rank(Condition.number(self.condition, answers.again(self.facts)) or 0.0)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Whether a message could be written, and said what it must."""

    speaking: Speaking
    occasion: Occasion

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """What was wrong with it, if anything."""
        said = self.speaking.measured(debtor, self.occasion)
        answers.said.append(said)
        return said.problem, said.missing


@dataclass(frozen=True, slots=True)
class Drawn:
    """What chance decides for a debtor."""

    draw: Callable[[str], object]

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """The lot of this one."""
        return self.draw(debtor.person.debtor_ref)


class Watch:
    """Writes down a course while it is on: each question, and what the debtor answered."""

    def __init__(self) -> None:
        self.on = False
        self.course: list[tuple[Ask, object]] = []
        self.answers = Answers()
        self._known: set[tuple[Any, ...]] = set()
        self._person: Person | None = None
        self._history: list[ContactFact] = []
        self._draws: list[Callable[[str], object]] = []

    def start(self, person: Person) -> None:
        """Begin a course."""
        self.on, self.course, self.answers, self._person = True, [], Answers(), person
        self._known, self._history, self._draws = set(), [], []

    def stop(self) -> None:
        """End it."""
        self.on = False

    def held(self, condition: "Watched", facts: Facts, holds: bool) -> None:
        """A condition was asked."""
        if self.on and self._is_new(condition, facts, "held"):
            self.course.append((Held(condition, facts, self._contacts()), holds))

    def ranked(self, condition: "Watched", facts: Facts, number: float) -> None:
        """A priority was worked out."""
        if self.on and self._is_new(condition, facts, "ranked"):
            self.course.append((Ranked(condition, facts, self._contacts()), self.answers.rank(number)))

    def drawn(self, draw: Callable[[str], object]) -> None:
        """Chance was asked."""
        if self.on and self._person is not None and draw not in self._draws:
            self._draws.append(draw)
            self.course.append((Drawn(draw), draw(self._person.debtor_ref)))

    def spoken(self, speaking: Speaking, occasion: Occasion, said: Said) -> None:
        """A message was written."""
        if self.on:
            self.answers.said.append(said)
            self.course.append((Spoken(speaking, occasion), (said.problem, said.missing)))

    def _is_new(self, condition: "Watched", facts: Facts, kind: str) -> bool:
        """What depends on nothing that time changes is asked once."""
        if not condition.steady:
            return True
        key = (kind, condition.text, *[id(each) for each in facts.about])
        if key in self._known:
            return False
        self._known.add(key)
        return True

    def _contacts(self) -> list[ContactFact]:
        assert self._person is not None
        if len(self._person.history) != len(self._history):
            self._history = list(self._person.history)
        return self._history


@dataclass(frozen=True, slots=True)
class Watched(Condition):
    """A condition that tells; `steady` where nothing that it reads changes in a simulation."""

    watch: Watch = field(compare=False, repr=False)
    steady: bool = field(compare=False, repr=False)

    def evaluate(self, facts: Facts) -> bool:
        """As the condition."""
        holds = Condition.evaluate(self, facts)
        self.watch.held(self, facts, holds)
        return holds

    def number(self, facts: Facts) -> float | None:
        """As the condition."""
        number = Condition.number(self, facts)
        self.watch.ranked(self, facts, number or 0.0)
        return number


class _Holdout(Decimal):
    """A share that tells when it is looked at."""

    look: Callable[[], None]

    def __bool__(self) -> bool:
        self.look()
        return super().__bool__()


class _Variants(tuple[Variant, ...]):
    """Variants that tell when they are looked at."""

    look: Callable[[], None]

    def __bool__(self) -> bool:
        self.look()
        return len(self) > 0


def watched(definition: Definition, segments: Segments, watch: Watch) -> Definition:
    """The definition, with conditions, holdout and variants that tell."""
    audience = replace(definition.audience, when=_watched(definition.audience.when, segments, watch))
    return replace(
        definition,
        audience=audience,
        holdout=_holdout(definition, watch),
        priority=_watched(definition.priority, segments, watch),
        steps=tuple(_step(definition, step, segments, watch) for step in definition.steps),
    )


def _holdout(definition: Definition, watch: Watch) -> Decimal | None:
    if definition.holdout is None:
        return None
    holdout = _Holdout(definition.holdout)
    holdout.look = partial(watch.drawn, partial(held_out, definition))
    return holdout


def _step(definition: Definition, step: Step, segments: Segments, watch: Watch) -> Step:
    choose = tuple(
        replace(
            choice,
            when=_watched(choice.when, segments, watch),
            variants=_variants(definition, step, choice.variants, watch),
        )
        for choice in step.choose
    )
    return replace(
        step,
        when=_watched(step.when, segments, watch),
        variants=_variants(definition, step, step.variants, watch),
        choose=choose,
    )


def _variants(definition: Definition, step: Step, variants: tuple[Variant, ...], watch: Watch) -> tuple[Variant, ...]:
    if not variants:
        return variants

    def draw(debtor_ref: str) -> object:
        return pick_variant(variants, campaign=definition.campaign, step=step.id, debtor_ref=debtor_ref)

    told = _Variants(variants)
    told.look = partial(watch.drawn, draw)
    return told


def _watched(condition: Condition | None, segments: Segments, watch: Watch) -> Condition | None:
    if condition is None:
        return None
    reads = frozenset(name for name in condition.reads if not name.startswith("segments."))
    if condition.reads_segments:
        reads |= {name for each in segments.conditions.values() for name in each.reads}
    if not reads & OWN:
        return condition
    return Watched(
        condition.text, condition.program, condition.reads, condition.reads_segments, watch, reads <= _STEADY
    )
