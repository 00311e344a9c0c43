"""What the contact policy and the planner are told; plain values, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from schemas.enums import Basis, Channel, Collector, ConsentState, CreditorType, Purpose, Verdict
from schemas.values import value


class Recipient(StrEnum):
    """Whom a contact would reach, as the source of the number or address says."""

    DEBTOR = "debtor"
    CO_DEBTOR = "co_debtor"
    GUARANTOR = "guarantor"
    REFERENCE = "reference"
    RELATIVE = "relative"
    EMPLOYER = "employer"
    MINOR = "minor"
    THIRD_PARTY = "third_party"


class Inquiry(StrEnum):
    """What the debtor wrote to ask for, where a contact only answers that."""

    HELP = "help"
    BALANCE = "balance"
    PAYMENT_LINK = "payment_link"
    PROMISE = "promise"
    AGENT = "agent"
    UNVERIFIED = "unverified"


@value
class ConsentFact:
    """One record of the append-only consent log; the latest `at` not after the instant wins."""

    channel: Channel
    purpose: Purpose
    state: ConsentState
    at: datetime


@value
class SuppressionFact:
    """A stop or hold in force from `since` (inclusive) until `until` (exclusive, None: open).

    `scope` is person, channel (then `channel` is set), loan (then `loan` is set) or contact_point.
    """

    scope: str
    reason: str
    since: datetime
    until: datetime | None = None
    channel: Channel | None = None
    loan: str | None = None


@value
class ContactFact:
    """An earlier contact that counts toward caps, whoever made it; `state` as in the contract's history.

    `conversation`: the debtor was spoken with, whoever called whom.
    """

    at: datetime
    channel: Channel
    loan: str | None
    state: str
    conversation: bool = False


@dataclass(frozen=True, slots=True)
class EmergencyClosure:
    """Local days, first and last included, on which nobody is contacted in a jurisdiction, or in one region of it."""

    jurisdiction: str
    region: str | None
    first: date
    last: date
    reason: str


@dataclass(frozen=True, slots=True)
class PreferredWindow:
    """The debtor's own hours, local time; start inclusive, end exclusive."""

    start: time
    end: time


@value
class ContactRequest:
    """One question to the policy: may this person be contacted at this instant by this channel?

    `number_zones` are those of the person's numbers: where the zone is not known they only ever narrow.
    `registers` names the advertising registers that the person is on. `answers`: what they asked for by this channel.
    """

    at: datetime
    channel: Channel
    purpose: Purpose
    creditor_type: CreditorType
    collector: Collector
    timezone: str | None = None
    region: str | None = None
    phone: str | None = None
    window: PreferredWindow | None = None
    consents: Sequence[ConsentFact] = ()
    suppressions: Sequence[SuppressionFact] = ()
    history: Sequence[ContactFact] = ()
    loan: str | None = None
    recipient: Recipient = Recipient.DEBTOR
    registers: Sequence[str] = ()
    number_zones: tuple[str, ...] = ()
    answers: Inquiry | None = None
    layers: frozenset[str] = frozenset({"law", "policy"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is not a plain yes: the rule, what kind of rule, and where it is written."""

    rule: str
    basis: Basis
    source: str


@value
class Decision:
    """The policy's verdict on one request, with every reason and the pack that gave it."""

    verdict: Verdict
    not_before: datetime | None
    not_after: datetime | None
    reasons: tuple[Reason, ...]
    pack: str
    pack_version: str
