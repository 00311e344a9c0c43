"""What happens to messages in a simulation, one value each."""

from dataclasses import dataclass
from datetime import datetime

from schemas.enums import Channel
from schemas.message import RenderedMessage


@dataclass(frozen=True, slots=True)
class Intent:
    """Which message it is: the semantic key that the running service keeps unique."""

    campaign: str
    step: str
    debtor_ref: str
    loan_ref: str
    installment_number: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that would have been handed over at `at`; `day` and `hour` are the debtor's local ones."""

    intent: Intent
    at: datetime
    local: datetime
    channel: Channel
    segment: str | None
    template: str
    variant: str | None
    content: RenderedMessage


@dataclass(frozen=True, slots=True)
class Ended:
    """A message that came to nothing, by `outcome` (suppressed, cancelled, expired) and the rule that did it."""

    intent: Intent
    outcome: str
    reason: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Deferred:
    """A message that had to wait for a rule."""

    intent: Intent
    rule: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class HandedToPeople:
    """A task for people."""

    intent: Intent
    type: str
    local: datetime


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A message that the control group did not get."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Unrendered:
    """A message whose template could not be printed for this debtor."""

    intent: Intent
    problem: str


@dataclass(frozen=True, slots=True)
class StillPlanned:
    """A message that is due after the simulated days."""

    intent: Intent


Happening = Sent | Ended | Deferred | HandedToPeople | HeldOut | Unrendered | StillPlanned
