"""Follows the course of one debtor: each question on which it depends, with the answer.

Only questions about values in which debtors of one kind differ are asked; the rest they answer alike.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from campaigns.conditions import Condition, Facts
from campaigns.definition import Variant
from campaigns.experiment import pick_variant
from campaigns.facts import ContactFact
from schemas.enums import Channel, Purpose
from services.simulation.debtors import Debtor
from services.simulation.questions import Answers, Ask, Compared, Consented, Drawn, Held, Lot, Rated, Spoken, Wished
from services.simulation.speech import Occasion, Said, Speaking


class Watch:
    """Writes down a course while it is on: each question, and what the debtor answered."""

    def __init__(self) -> None:
        self.on = False
        self.course: list[tuple[Ask, object]] = []
        self.answers = Answers()
        self._known: set[tuple[object, ...]] = set()
        self._debtor: Debtor | None = None
        self._history: list[ContactFact] = []
        self._draws: list[Callable[[str], object]] = []
        self._signs: dict[tuple[int, float], int] = {}
        self._lots: dict[tuple[str, str, str], Lot] = {}

    def know(self, campaign: str, step: str, variants: Sequence[Variant]) -> None:
        """Variants that differ in their words alone: which of them a debtor gets is asked where they are spoken."""
        for variant in variants:
            self._lots[campaign, step, variant.template] = partial(pick_variant, variants, campaign=campaign, step=step)

    def start(self, debtor: Debtor) -> None:
        """Begin a course."""
        self.on, self.course, self.answers, self._debtor = True, [], Answers(), debtor
        self._known, self._history, self._draws, self._signs = set(), [], [], {}

    def stop(self) -> None:
        """End it."""
        self.on = False

    def held(self, condition: Condition, facts: Facts, holds: bool, *, steady: bool) -> None:
        """A condition was asked; what depends on nothing that time changes is asked once."""
        if self.on and (not steady or self._is_new(("held", condition.text, *_about(facts)))):
            self.course.append((Held(condition, facts, self._contacts()), holds))

    def rank(self, condition: Condition, facts: Facts, *, steady: bool) -> "Rank":
        """A priority is asked for; as long as nothing is compared with it, nobody needs to know it."""
        return Rank.of(Rated(condition, facts, self._contacts(), steady), self)

    def compared(self, one: Rated, other: Rated | float) -> int:
        """Two messages are due at the same instant: -1, 0 or 1 as the first has the lower, same or higher priority."""
        if isinstance(other, Rated) and _is_same(one, other):
            return 0
        key = (id(one), id(other) if isinstance(other, Rated) else other)
        sign = self._signs.get(key)
        if sign is None:
            answer = self._ask(Compared(one, other))
            assert isinstance(answer, int)
            sign = self._signs[key] = answer
        return sign

    def consented(self, channel: Channel, purpose: Purpose) -> None:
        """The policy was asked about a channel."""
        if self.on and self._is_new((channel, purpose)):
            self._ask(Consented(channel, purpose))

    def wished(self, neutral: frozenset[str]) -> None:
        """Somebody looked at the channels that the debtor prefers."""
        if self.on and self._is_new(("wished",)):
            self._ask(Wished(neutral))

    def drawn(self, draw: Callable[[str], object]) -> None:
        """Chance was asked."""
        if self.on and draw not in self._draws:
            self._draws.append(draw)
            self._ask(Drawn(draw))

    def spoken(self, speaking: Speaking, occasion: Occasion, said: Said) -> None:
        """A message was written."""
        if self.on:
            self.answers.said.append(said)
            key = (occasion.version.definition.campaign, occasion.deliver.step.id, said.template)
            lot = self._lots.get(key) if occasion.deliver.content.variant is not None else None
            self.course.append((Spoken(speaking, occasion, lot), (said.problem, said.missing)))

    def _ask(self, ask: Ask) -> object:
        """Ask this debtor, and go on with what their contacts are now."""
        assert self._debtor is not None
        history = self._debtor.person.history
        answer = ask.answer(self._debtor, self.answers)
        self.course.append((ask, answer))
        self._debtor.person.history = history
        return answer

    def _is_new(self, key: tuple[object, ...]) -> bool:
        if key in self._known:
            return False
        self._known.add(key)
        return True

    def _contacts(self) -> list[ContactFact]:
        assert self._debtor is not None
        if len(self._debtor.person.history) != len(self._history):
            self._history = list(self._debtor.person.history)
        return self._history


def _about(facts: Facts) -> Iterator[int]:
    return (id(each) for each in facts.about)


def _is_same(one: Rated, other: Rated) -> bool:
    """Whether two priorities are one number for everybody."""
    return one.steady and one.condition is other.condition and [*_about(one.facts)] == [*_about(other.facts)]


class Rank(float):
    """A priority that is worked out when it is compared, which happens where its message is due with another.

    Queues hold it negated, so that the higher goes first.
    """

    rated: Rated
    watch: Watch
    falling: bool

    @classmethod
    def of(cls, rated: Rated, watch: Watch, *, falling: bool = False) -> "Rank":
        """The rank of a message."""
        rank = cls(0.0)
        rank.rated, rank.watch, rank.falling = rated, watch, falling
        return rank

    def __bool__(self) -> bool:
        return True

    def __neg__(self) -> "Rank":
        return Rank.of(self.rated, self.watch, falling=not self.falling)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and self._against(other) == 0

    def __lt__(self, other: float) -> bool:
        return self._against(other) < 0

    def __gt__(self, other: float) -> bool:
        return self._against(other) > 0

    __hash__ = float.__hash__

    def _against(self, other: float) -> int:
        number = -other if self.falling and not isinstance(other, Rank) else other
        sign = self.watch.compared(self.rated, number.rated if isinstance(number, Rank) else float(number))
        return -sign if self.falling else sign
