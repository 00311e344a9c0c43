"""A parsed campaign definition: plain values that the planner reads, with the place of each in its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from campaigns.conditions import Condition
from campaigns.cron import Cron
from schemas.enums import Channel, Purpose
from schemas.told import Told, placed

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a file, at a line and column counted from 1."""

    file: str
    line: int
    column: int
    message: Told

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"

    @property
    def told(self) -> Told:
        """The fault with its place."""
        return placed(f"{self.file}:{self.line}:{self.column}", self.message)


class StopWord(StrEnum):
    """What ends a campaign for a loan or a person."""

    PAID = "paid"
    PROMISE = "promise"
    DISPUTE = "dispute"
    OPT_OUT = "opt_out"
    HOLD = "hold"
    CLOSED = "closed"


class TaskType(StrEnum):
    """Work that a step gives to people instead of sending a message."""

    FIELD_VISIT = "field_visit"
    CALL_BACK = "call_back"
    COMPLAINT = "complaint"
    PRE_LEGAL = "pre_legal"


class StepEvent(StrEnum):
    """A fact that starts a step at once, instead of a day counted from the due date."""

    PAYMENT_RECEIVED = "payment.received"
    PROMISE_BROKEN = "promise.broken"
    REPLY_HELP = "reply.help"
    REPLY_BALANCE = "reply.balance"
    REPLY_PAYMENT_LINK = "reply.payment_link"
    REPLY_PROMISE = "reply.promise"
    REPLY_AGENT = "reply.agent"
    REPLY_UNVERIFIED = "reply.unverified"
    REPLY_OPT_OUT = "reply.opt_out"

    @property
    def is_reply(self) -> bool:
        """Whether the debtor wrote and waits for an answer, which goes back where they wrote from."""
        return self.value.startswith("reply.")


class Unless(StrEnum):
    """What spares a message its fallback."""

    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign is for; products None means every product, `when` None means everyone."""

    products: tuple[str, ...] | None
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Limits:
    """At most `max` messages of this campaign to one debtor in any `per`, on top of the law."""

    max: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Schedule:
    """A calendar in the debtor's local time, for campaigns without a due date."""

    cron: Cron


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several templates that are compared; its share is its weight over the sum of weights."""

    template: str
    weight: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A branch of `choose`; the first whose condition holds gives channels and template."""

    when: Condition | None
    channels: tuple[Channel, ...]
    template: str | None
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Fallback:
    """The next channel is tried once the first attempt has failed; its validity never exceeds `after`."""

    after: timedelta
    unless: Unless


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """Work for people, and the queue that takes it."""

    type: TaskType
    queue: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A trigger with its content: exactly one of template, variants, choose and task is set.

    `at` is whole local days counted from the due date; `between` is a wish inside legal hours, its end
    exclusive; `expires` counts from the step's earliest instant.
    """

    id: str
    at: int | None
    on: StepEvent | None
    between: tuple[time, time] | None
    expires: timedelta | None
    channels: tuple[Channel, ...]
    template: str | None
    variants: tuple[Variant, ...]
    choose: tuple[Choice, ...]
    fallback: Fallback | None
    when: Condition | None
    task: TaskSpec | None


@dataclass(frozen=True, slots=True)
class Definition:
    """One campaign as staff wrote it; `starts` and `ends` are inclusive local dates."""

    campaign: str
    version: int
    description: str | None
    owner: str
    purpose: Purpose
    creditor: str
    language: str
    audience: Audience
    holdout: Decimal | None
    limits: Limits | None
    stop_on: frozenset[StopWord]
    priority: Condition | None
    starts: date | None
    ends: date | None
    schedule: Schedule | None
    steps: tuple[Step, ...]
    content_hash: str
    text: str = field(repr=False)
    file: str = field(default="", compare=False)
    positions: Mapping[Path, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)

    def step(self, step_id: str) -> Step | None:
        """The step of this name, None where there is none; an answer's name has its reply's behind a colon."""
        name = step_id.partition(":")[0]
        for step in self.steps:
            if step.id == name:
                return step
        return None

    def problem(self, path: Path, message: Told) -> Problem:
        """A problem at the place of `path`, or of the closest part of the file that holds it."""
        while path and path not in self.positions:
            path = path[:-1]
        line, column = self.positions.get(path, (1, 1))
        return Problem(self.file, line, column, message)
