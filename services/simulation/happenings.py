"""What happens to messages in a simulation, one value each."""

from dataclasses import dataclass
from datetime import datetime

from schemas.enums import Channel
from schemas.message import RenderedMessage
from services.store.messages import MessageRow


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
    """A message that would have been handed over at `at`; `local` is that instant by the debtor's clock.

    `parts` counts those of an SMS; the words are there where they were asked for.
    """

    intent: Intent
    at: datetime
    local: datetime
    channel: Channel
    segment: str | None
    template: str
    variant: str | None
    language: str
    parts: int
    content: RenderedMessage | None = None


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


def intent_of(row: MessageRow) -> Intent:
    """The intention of a planned message."""
    return Intent(row.campaign, row.step, row.debtor_ref, row.loan_ref, row.installment_number)
