"""Questions on which the course of a debtor depends, and what others of the same kind answer to them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from campaigns.conditions import Condition, Facts
from campaigns.definition import Variant
from campaigns.facts import ContactFact
from schemas.enums import Channel, Purpose
from services.simulation.debtors import Debtor
from services.simulation.speech import Occasion, Said, Speaking


@dataclass(slots=True)
class Answers:
    """What one debtor has answered so far."""

    said: list[Said] = field(default_factory=list)
    facts: dict[int, Facts] = field(default_factory=dict)

    def again(self, facts: Facts) -> Facts:
        """The same facts of this debtor; what was worked out for one question serves the next."""
        found = self.facts.get(id(facts))
        if found is None:
            found = self.facts[id(facts)] = facts.again()
        return found


class Lot(Protocol):
    """What chance gives a debtor."""

    def __call__(self, *, debtor_ref: str) -> Variant: ...


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
class Rated:
    """A priority: the condition's number, by the facts and contacts of the moment in which it was worked out.

    `steady` where nothing that it reads changes in a simulation.
    """

    condition: Condition
    facts: Facts
    history: list[ContactFact]
    steady: bool

    def number(self, debtor: Debtor, answers: Answers) -> float:
        """This debtor's."""
        debtor.person.history = self.history
        return Condition.number(self.condition, answers.again(self.facts)) or 0.0


@dataclass(frozen=True, slots=True)
class Compared:
    """Which of two messages that are due at once goes first; a number is the priority of a campaign without one."""

    one: Rated
    other: Rated | float

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """-1, 0 or 1."""
        one = self.one.number(debtor, answers)
        other = self.other if isinstance(self.other, float) else self.other.number(debtor, answers)
        return (one > other) - (one < other)


@dataclass(frozen=True, slots=True)
class Consented:
    """What the debtor has said about a channel and purpose."""

    channel: Channel
    purpose: Purpose

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """The states on record."""
        return tuple(
            each.state
            for each in debtor.person.consents
            if each.channel is self.channel and each.purpose is self.purpose
        )


@dataclass(frozen=True, slots=True)
class Wished:
    """Which channels the debtor prefers, but for those whose place that changes in no step."""

    neutral: frozenset[str]

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """Their names."""
        return tuple(name for name in debtor.person.preferred_channels[:] if name not in self.neutral)


@dataclass(frozen=True, slots=True)
class Spoken:
    """Whether a message could be written, and said what it must; `lot` draws its words where variants are compared."""

    speaking: Speaking
    occasion: Occasion
    lot: Lot | None = None
    _others: dict[str, Occasion] = field(default_factory=dict, compare=False, repr=False)

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """What was wrong with it, if anything."""
        occasion = self.occasion if self.lot is None else self._of(self.lot(debtor_ref=debtor.person.debtor_ref))
        said = self.speaking.measured(debtor, occasion)
        answers.said.append(said)
        return said.problem, said.missing

    def _of(self, variant: Variant) -> Occasion:
        """The occasion in the words of a variant."""
        found = self._others.get(variant.template)
        if found is None:
            deliver = self.occasion.deliver
            content = replace(deliver.content, template=variant.template, variant=variant.template)
            found = replace(self.occasion, deliver=replace(deliver, content=content))
            self._others[variant.template] = found
        return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """What chance decides for a debtor."""

    draw: Callable[[str], object]

    def answer(self, debtor: Debtor, answers: Answers) -> object:
        """The lot of this one."""
        return self.draw(debtor.person.debtor_ref)
