"""What becomes of one due message, with its debtor locked and fresh facts: sent now, later, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.definition import Definition, Step
from campaigns.enrolment import NO_INSTALLMENT, ordered_channels
from campaigns.facts import Decision
from campaigns.forecast import Asker, Forecast
from campaigns.person import Installment, Loan, Person
from campaigns.planner import Content, choose_content
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker, condition_facts, standing_suppressions
from campaigns.standing import Standing, standing
from channels.twilio_voice import LONGEST_SECONDS
from schemas.enums import Channel, Verdict
from schemas.outcome_words import CancelledReason, ExpiredReason, SuppressedReason
from schemas.values import value
from services.planning import PAYMENT_HOLD, installment_cancels, rule_of
from services.reasons import suppressed_reason
from services.running import CampaignVersion
from services.store import closures
from services.store.messages import MessageRow
from services.store.stops import Stops

_PHONES = frozenset({"phone"})
_KINDS = {Channel.EMAIL: frozenset({"email"}), Channel.WHATSAPP: frozenset({"whatsapp", "phone"})}
"""The contact points of channels that don't go to a phone number alone."""
STOP_CHECK = timedelta(seconds=5)
LEAST_VALIDITY = timedelta(seconds=30)
LEAST_CALL = timedelta(seconds=LONGEST_SECONDS + 20)
"""A call that begins now ends in time, however long it rings and is listened to; the rest is for asking for it."""


@value
class Deliver:
    """Permitted now by this channel; `valid_until` ends with the window, the step and the fallback's wait."""

    channel: Channel
    contact_point_ref: str
    content: Content
    step: Step
    decision: Decision
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Later:
    """Due again at `at`; `announced` says whether that is worth an event."""

    at: datetime
    reason: str | None = None
    rule: str | None = None
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Suppress:
    """Due and not sent, for good."""

    reason: SuppressedReason
    rule: str | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """No longer called for."""

    reason: CancelledReason


@dataclass(frozen=True, slots=True)
class Expire:
    """Too late."""

    reason: ExpiredReason


@dataclass(frozen=True, slots=True)
class HandToPeople:
    """A task step: work for a person."""

    step: Step


Outcome = Deliver | Later | Suppress | Cancel | Expire | HandToPeople


@dataclass(slots=True)
class Consideration:
    """One message under consideration; `decisions` collects every verdict asked for, by channel.

    `asker` is the one whom the message's own outcome was asked of.
    """

    policy: ContactPolicy
    speakers: Mapping[str, Speaker]
    stops: Stops
    carried: frozenset[Channel]
    now: datetime
    message: MessageRow
    person: Person
    version: CampaignVersion
    paused: bool
    decisions: list[tuple[Channel, Decision]] = field(default_factory=list)
    asker: Asker | None = None

    def outcome(self) -> Outcome:
        """The one thing that happens to this message now."""
        definition = self.version.definition
        step = definition.step(self.message.step)
        loan = self.person.loans.get(self.message.loan_ref)
        if loan is None or step is None:
            return Cancel(CancelledReason.SUPERSEDED)
        speaker = self.speakers.get(definition.creditor)
        if speaker is None:
            return Suppress(SuppressedReason.POLICY, "creditor-unknown")
        over = self._over(loan) or self._held()
        if over is not None:
            return over
        failed = self.person.failed_contacts.get(self.message.id, ())
        self.asker = asker = Asker(self.policy, self.person, loan, speaker, definition.purpose, self.now, failed)
        if not self.stops.jurisdictions.isdisjoint(asker.jurisdictions):
            return Later(self.now + STOP_CHECK, "stopped")
        return self._by_content(definition, step, loan, asker)

    def _over(self, loan: Loan) -> Outcome | None:
        """Paid, moved, in doubt or too late."""
        message = self.message
        reason = installment_cancels(message, loan)
        if reason is not None:
            return Cancel(reason)
        installment = loan.installments.get(message.installment_number)
        waiting = installment is not None and standing(loan, installment) is Standing.WAITING
        if message.expires_at <= self.now:
            return out_of_time(message, waiting=waiting)
        if waiting:
            return Later(message.expires_at, PAYMENT_HOLD)
        return None

    def _held(self) -> Outcome | None:
        """Stopped by a person: by a switch, or by a pause of the campaign."""
        if self.stops.everything or self.message.campaign in self.stops.campaigns:
            return Later(min(self.now + STOP_CHECK, self.message.expires_at), "stopped")
        if self.paused:
            return Later(min(self.now + STOP_CHECK, self.message.expires_at), "paused")
        return None

    def _by_content(self, definition: Definition, step: Step, loan: Loan, asker: Asker) -> Outcome:
        """Conditions with fresh facts, then the words, then the channel."""
        installment = loan.installments.get(self.message.installment_number)
        facts = condition_facts(
            self.person, loan, installment, now=self.now, today=asker.today, segments=self.version.segments
        )
        audience = definition.audience.when
        if audience is not None and not audience.evaluate(facts):
            return Suppress(SuppressedReason.POLICY, "audience")
        if step.when is not None and not step.when.evaluate(facts):
            return Suppress(SuppressedReason.POLICY, "condition")
        if step.task is not None:
            return HandToPeople(step)
        if self._limit_reached(definition):
            return Suppress(SuppressedReason.FREQUENCY_CAP, "campaign-limits")
        content = choose_content(definition, step, facts, debtor_ref=self.person.debtor_ref)
        if content is None:
            return Suppress(SuppressedReason.POLICY, "choose")
        return self._by_channel(definition, step, content, asker)

    def _by_channel(self, definition: Definition, step: Step, content: Content, asker: Asker) -> Outcome:
        """The first channel that is not denied decides: now, later, or never."""
        blocked: Outcome = Suppress(SuppressedReason.NO_CONTACT, "no-contact-point")
        for channel in ordered_channels(self.person, content.channels):
            if channel in self.message.tried:
                continue
            if channel in self.stops.channels:
                blocked = Later(min(self.now + STOP_CHECK, self.message.expires_at), "stopped")
                continue
            point = self._contact_point(channel)
            if point is None or not self._may_carry(definition, content, channel):
                continue
            forecast = asker.forecast(step, channel, since=self.now, until=self.message.expires_at)
            if forecast.decision is None:
                return Expire(ExpiredReason.TOO_LATE)
            self.decisions.append((channel, forecast.decision))
            if forecast.decision.verdict is Verdict.DENY:
                blocked = Suppress(suppressed_reason(forecast.decision), rule_of(forecast.decision))
                continue
            return self._on_channel(step, content, channel, point, forecast)
        return blocked

    def _on_channel(self, step: Step, content: Content, channel: Channel, point: str, forecast: Forecast) -> Outcome:
        decision = forecast.decision
        assert decision is not None
        if forecast.at is None:
            return never_in_time(decision, self.message)
        if forecast.at > self.now:
            return Later(forecast.at, None, rule_of(decision), announced=True)
        valid_until = self._valid_until(step, channel, decision)
        if valid_until - self.now < (LEAST_CALL if channel is Channel.VOICE else LEAST_VALIDITY):
            return Later(min(valid_until, self.message.expires_at), None, rule_of(decision))
        return Deliver(channel, point, content, step, decision, valid_until)

    def _may_carry(self, definition: Definition, content: Content, channel: Channel) -> bool:
        """Whether there is a provider and there are words for a channel, whatever the law says."""
        if channel not in self.carried:
            return False
        language = self.person.language or definition.language
        return self.version.templates.find(content.template, channel, language, definition.language) is not None

    def _contact_point(self, channel: Channel) -> str | None:
        wanted = _KINDS.get(channel, _PHONES)
        for point in self.person.contact_points:
            if point.kind not in wanted or not point.usable or "all" in point.faults or channel in point.faults:
                continue
            if channel is Channel.SMS and point.phone_type == "landline":
                continue
            if not self.person.suppressions or not self._point_stopped(point.contact_point_ref):
                return point.contact_point_ref
        return None

    def _point_stopped(self, contact_point_ref: str) -> bool:
        return any(
            stop.scope == "contact_point" and stop.contact_point_ref == contact_point_ref
            for stop in standing_suppressions(self.person.suppressions)
            if stop.since <= self.now and (stop.until is None or self.now < stop.until)
        )

    def _limit_reached(self, definition: Definition) -> bool:
        limits = definition.limits
        if limits is None:
            return False
        since = self.now - limits.per
        made = sum(campaign == definition.campaign and at > since for campaign, at in self.person.campaign_contacts)
        return made >= limits.max

    def _valid_until(self, step: Step, channel: Channel, decision: Decision) -> datetime:
        """A call waits at no provider: it is over in minutes, so the fallback's wait does not shorten it."""
        ends = [self.message.expires_at]
        if decision.not_after is not None:
            ends.append(decision.not_after)
        if step.fallback is not None and channel is not Channel.VOICE:
            ends.append(self.now + step.fallback.after)
        return min(ends)


def never_in_time(decision: Decision, message: MessageRow) -> Outcome:
    """Deferred beyond its time: over, but for an emergency closure, which may be lifted before that."""
    if any(reason.rule == closures.RULE for reason in decision.reasons):
        return Later(message.expires_at, None, closures.RULE)
    return Suppress(suppressed_reason(decision), rule_of(decision))


def out_of_time(message: MessageRow, *, waiting: bool = False) -> Suppress | Expire:
    """How a message ends whose time ran out: what held it back all the while is the reason, else it came too late."""
    if waiting or message.reason in (PAYMENT_HOLD, "stopped", "paused"):
        return Suppress(SuppressedReason.PAUSED, message.reason or PAYMENT_HOLD)
    if message.rule == closures.RULE and message.due_at >= message.expires_at:
        return Suppress(SuppressedReason.HOLIDAY, closures.RULE)
    return Expire(ExpiredReason.TOO_LATE)


def installment_of(message: MessageRow, loan: Loan) -> Installment | None:
    """The installment a message is about, None for a message about the loan."""
    if message.installment_number == NO_INSTALLMENT:
        return None
    return loan.installments.get(message.installment_number)
