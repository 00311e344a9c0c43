"""When a step may be sent by a channel: the first instant that is inside its wish and that the policy allows."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.definition import Step
from campaigns.facts import ContactFact, Decision, Inquiry
from campaigns.person import Loan, Person
from campaigns.planner import next_wish
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker, question
from schemas.enums import Channel, Purpose, Verdict
from schemas.values import value

_MOST_TURNS = 20
_LAW = frozenset({"law"})


@value
class Forecast:
    """`at`: the first permitted instant, None where there is none before the step expires.

    `decision` is the verdict on the instant that was wished for, with its reasons; None where nothing could be asked.
    """

    at: datetime | None
    decision: Decision | None


@value
class Asker:
    """Asks the policy about one person, loan and speaker.

    `failed` are earlier attempts at the very message asked about that are proven not to have reached the person. The
    law counts them like any other; the lender's own caps do not, or no message could ever fall back on the same day.
    `inquiry`: what the person asked for, where the message only answers that, by the channel they asked by.
    """

    policy: ContactPolicy
    person: Person
    loan: Loan
    speaker: Speaker
    purpose: Purpose
    now: datetime
    failed: Sequence[ContactFact] = ()
    inquiry: Inquiry | None = None
    jurisdictions: tuple[str, ...] = field(init=False)
    """The packs in force for this person and lender."""

    def __post_init__(self) -> None:
        person = self.person
        in_force = self.policy.jurisdictions(self.speaker.jurisdiction, person.country, person.region)
        object.__setattr__(self, "jurisdictions", in_force)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this person's days are counted."""
        return ZoneInfo(self.person.timezone or self.policy.home_zone(self.jurisdictions, self.person.region))

    @property
    def today(self) -> date:
        """The day it is now in that zone."""
        return _day(self.now, self.zone)

    def decide(self, channel: Channel, at: datetime) -> Decision:
        """The policy's verdict at an instant."""
        request = question(self.person, self.loan, self.speaker, channel=channel, purpose=self.purpose, at=at)
        if self.inquiry is not None:
            request = replace(request, answers=self.inquiry)
        if self.failed:
            by_law = self.policy.decide(replace(request, layers=_LAW), self.jurisdictions, self.now)
            if by_law.verdict is not Verdict.ALLOW:
                return by_law
            request = replace(request, history=[c for c in request.history if c not in self.failed])
        return self.policy.decide(request, self.jurisdictions, self.now)

    def _wish(self, step: Step, at: datetime, until: datetime) -> datetime | None:
        """Hours are counted in the person's zone; most steps name none."""
        if step.between is None:
            return at if at < until else None
        return next_wish(step, zone=self.zone, not_before=at, expires_at=until)

    def forecast(self, step: Step, channel: Channel, *, since: datetime, until: datetime) -> Forecast:
        """The first instant from `since`, before `until`, that suits both the step's wish and the policy."""
        at, decision, deferred = since, None, None
        for _ in range(_MOST_TURNS):
            wished = self._wish(step, at, until)
            if wished is None:
                return Forecast(None, decision)
            decision = self.decide(channel, wished)
            if decision.verdict is Verdict.ALLOW:
                return Forecast(wished, decision if deferred is None else replace(deferred, not_before=wished))
            if decision.verdict is Verdict.DENY or decision.not_before is None or decision.not_before >= until:
                return Forecast(None, decision)
            deferred = deferred or decision
            at = decision.not_before
        return Forecast(None, decision)


@lru_cache(maxsize=256)
def _day(now: datetime, zone: ZoneInfo) -> date:
    """The local day, the same for everybody of a claim in a zone."""
    return now.astimezone(zone).date()
