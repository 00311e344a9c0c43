"""What becomes of an answer to a reply when it is due: the person asked for it, so the lender's own caps do not count.

Hours, the law's caps (but for a pack's own exceptions), consents, stops and holds bind it like any message; a promise
to pay is no reason for silence. The confirmation of a stop alone goes out though the person stopped us, whatever the
hour, within its five minutes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campaigns.definition import Definition, Step, StepEvent
from campaigns.facts import Decision, Inquiry, Reason
from campaigns.forecast import Asker
from campaigns.person import Loan
from campaigns.planner import Content
from campaigns.question import Speaker
from schemas.enums import Basis, Channel, Verdict
from schemas.outcome_words import CancelledReason, SuppressedReason
from services.consider import (
    LEAST_VALIDITY,
    STOP_CHECK,
    Cancel,
    Consideration,
    Deliver,
    Later,
    Outcome,
    Suppress,
    never_in_time,
    out_of_time,
)
from services.planning import rule_of
from services.reasons import suppressed_reason
from services.store.answers import AnswerRow

FREE_FORM = timedelta(hours=24)
"""How long after a message of theirs WhatsApp lets us write free text."""
_SLACK = timedelta(minutes=2)
_CONFIRMATION = Reason("stop-confirmed", Basis.POLICY, "one confirmation of a stop within five minutes")
_PROMISE = "promise"
_LET_BY = frozenset({SuppressedReason.POLICY, SuppressedReason.NO_CONTACT})


def answer_outcome(consideration: Consideration, answer: AnswerRow) -> Outcome:
    """The one thing that happens to an answer now."""
    message, now = consideration.message, consideration.now
    definition = consideration.version.definition
    step, loan = definition.step(message.step), consideration.person.loans.get(message.loan_ref)
    speaker = consideration.speakers.get(definition.creditor)
    if loan is None or step is None or speaker is None or not step.template:
        return Cancel(CancelledReason.SUPERSEDED)
    if message.expires_at <= now:
        return out_of_time(message)
    stops = consideration.stops
    if stops.everything or message.campaign in stops.campaigns or consideration.paused:
        return _soon(consideration, "stopped")
    asking = _Asking(consideration, answer, definition, step, _asker(consideration, step, loan, speaker))
    if stops.jurisdictions & set(asking.asker.jurisdictions):
        return _soon(consideration, "stopped")
    return asking.outcome()


@dataclass(frozen=True, slots=True)
class _Asking:
    """An answer under consideration."""

    consideration: Consideration
    answer: AnswerRow
    definition: Definition
    step: Step
    asker: Asker

    def outcome(self) -> Outcome:
        """The reply's own channel, and where WhatsApp takes no free text any more, an SMS to the same number."""
        blocked: Outcome = Suppress(SuppressedReason.NO_CONTACT, "no-contact-point")
        for channel in self._channels():
            if channel.value in self.consideration.stops.channels:
                return _soon(self.consideration, "stopped")
            if not self._reaches(channel):
                continue
            found = self._by(channel)
            if not isinstance(found, Suppress) or found.reason not in _LET_BY:
                return found
            blocked = found
        return blocked

    def _channels(self) -> list[Channel]:
        own = Channel(self.answer.channel)
        if own is Channel.WHATSAPP and self.step.on is not StepEvent.REPLY_OPT_OUT:
            wanted = [own, Channel.SMS]
        else:
            wanted = [own]
        tried = self.consideration.message.tried
        return [channel for channel in wanted if channel in self.step.channels and channel.value not in tried]

    def _reaches(self, channel: Channel) -> bool:
        """Whether there are words for the channel, somebody to carry them, and the number still is theirs."""
        about, person = self.consideration, self.consideration.person
        language = person.language or self.definition.language
        template = about.version.templates.find(self.step.template or "", channel, language, self.definition.language)
        if template is None or channel not in about.carried:
            return False
        if template.front_matter.free_form and about.now >= self.answer.at + FREE_FORM - _SLACK:
            return False
        for point in person.contact_points:
            if point.contact_point_ref == self.answer.contact_point_ref:
                landline = channel is Channel.SMS and (point.phone_type == "landline" or point.kind != "phone")
                return point.usable and not landline and not point.faults & {"all", channel.value}
        return False

    def _by(self, channel: Channel) -> Outcome:
        decision = self._decision(channel)
        self.consideration.decisions.append((channel, decision))
        now, expires_at = self.consideration.now, self.consideration.message.expires_at
        if decision.verdict is Verdict.DENY:
            return Suppress(suppressed_reason(decision), rule_of(decision))
        if (decision.not_before or now) >= expires_at:
            return never_in_time(decision, self.consideration.message)
        if decision.verdict is Verdict.DEFER:
            assert decision.not_before is not None
            return Later(decision.not_before, None, rule_of(decision), announced=True)
        valid_until = min(expires_at, decision.not_after or expires_at)
        if valid_until - now < LEAST_VALIDITY:
            return Later(min(valid_until, expires_at), None, rule_of(decision))
        content = Content(self.step.template or "", self.step.channels, None)
        return Deliver(channel, self.answer.contact_point_ref, content, self.step, decision, valid_until)

    def _decision(self, channel: Channel) -> Decision:
        """What a pack says of answers holds for the channel they asked by, not for an SMS in WhatsApp's place."""
        asker = replace(self.asker, inquiry=_inquiry(self.step)) if channel.value == self.answer.channel else self.asker
        decision = asker.decide(channel, self.consideration.now)
        if self.step.on is not StepEvent.REPLY_OPT_OUT or decision.verdict is Verdict.DENY:
            return decision
        reasons = (_CONFIRMATION, *decision.reasons)
        return replace(
            decision, verdict=Verdict.ALLOW, not_before=self.consideration.now, not_after=None, reasons=reasons
        )


def _asker(consideration: Consideration, step: Step, loan: Loan, speaker: Speaker) -> Asker:
    """Asks as if none were contacted for the lender's own caps; for a confirmation as if nobody had stopped us."""
    person, now = consideration.person, consideration.now
    loan = replace(loan, holds=[hold for hold in loan.holds if hold.reason != _PROMISE])
    purpose = consideration.version.definition.purpose
    if step.on is not StepEvent.REPLY_OPT_OUT:
        return Asker(consideration.policy, person, loan, speaker, purpose, now, person.history)
    others = [stop for stop in person.suppressions if stop.reason != "opt_out"]
    person = replace(person, suppressions=others, history=[])
    return Asker(consideration.policy, person, loan, speaker, purpose, now)


def _inquiry(step: Step) -> Inquiry | None:
    """What a step answers, as packs call it; None for the confirmation of a stop."""
    if step.on is None or step.on is StepEvent.REPLY_OPT_OUT:
        return None
    return Inquiry(step.on.value.removeprefix("reply."))


def _soon(consideration: Consideration, reason: str) -> Later:
    at: datetime = min(consideration.now + STOP_CHECK, consideration.message.expires_at)
    return Later(at, reason)
