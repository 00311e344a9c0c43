"""What a debtor's reply can mean: the closed vocabularies and the value that `understand` returns."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Intent(StrEnum):
    """The one thing a reply is filed under; the words that `reply.received` carries."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PROMISE = "promise"
    PAID_CLAIM = "paid_claim"
    DISPUTE = "dispute"
    WRONG_PERSON = "wrong_person"
    HELP = "help"
    AGENT = "agent"
    BALANCE = "balance"
    PAYMENT_LINK = "payment_link"
    OTHER = "other"


class StopScope(StrEnum):
    """How far a stop reaches: the channel it came by, or every channel."""

    THIS_CHANNEL = "this_channel"
    EVERY_CHANNEL = "every_channel"


class HoldReason(StrEnum):
    """Why nothing more may be sent until a person, a payment or an event settles it."""

    DECEASED = "deceased"
    THREAT = "threat"
    MINOR = "minor"
    LAWYER = "lawyer"
    DISPUTE = "dispute"
    PAID_CLAIM = "paid_claim"
    HARDSHIP = "hardship"
    UNCLEAR = "unclear"


class Task(StrEnum):
    """Work for people that a reply asks for; a subset of the task types that are published."""

    CALL_BACK = "call_back"
    COMPLAINT = "complaint"
    UNCLEAR_REPLY = "unclear_reply"


class Prompt(StrEnum):
    """What the last message asked, which gives a bare "yes", "no" or date its meaning."""

    OPT_IN = "opt_in"
    PROMISE = "promise"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class PromisedPart:
    """One day of a promise, in the debtor's calendar; no amount where none was named."""

    date: date
    amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ReplyMeaning:
    """One intent, and beside it whatever else the reply said; `confidence` is between 0 and 1."""

    intent: Intent
    stop: StopScope | None
    wrong_person: bool
    hold: HoldReason | None
    promise: tuple[PromisedPart, ...]
    task: Task | None
    language: str | None
    confidence: float
