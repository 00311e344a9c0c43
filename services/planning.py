"""Plans messages for a person's loans, and reviews what is planned when the facts change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.book import Trigger
from campaigns.definition import StepEvent, StopWord
from campaigns.enrolment import Enroller, Enrolment, RunningCampaign
from campaigns.facts import Decision
from campaigns.forecast import Asker
from campaigns.person import Loan, Person
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from campaigns.standing import ENDED, Standing, standing
from schemas.outcome_words import CancelledReason, SuppressedReason
from schemas.values import value
from services import sayings
from services.ids import uuid7
from services.publisher import Said
from services.running import RunningCampaigns
from services.store.messages import URGENT, MessageRow

PAYMENT_HOLD = "payment_hold"
HOLDOUT = "holdout"
_CANCELS = {
    StopWord.PROMISE: CancelledReason.PROMISE,
    StopWord.DISPUTE: CancelledReason.DISPUTE,
    StopWord.OPT_OUT: CancelledReason.OPT_OUT,
    StopWord.HOLD: CancelledReason.PAUSED,
}


@value
class Cause:
    """The inbound event that planning goes back to."""

    event_id: str
    event_type: str


@value
class Happening:
    """A fact that steps with `on` answer at once."""

    kind: StepEvent
    loan_ref: str
    at: datetime


@dataclass(slots=True)
class Reviewed:
    """Planned messages that changed, and what is said of them."""

    rows: list[MessageRow]
    said: list[Said]


class Planner:
    """Pure but for the ids it makes: people and campaigns in, rows and outcomes out."""

    def __init__(self, policy: ContactPolicy, speakers: Mapping[str, Speaker], running: RunningCampaigns) -> None:
        self._policy = policy
        self._speakers = speakers
        self._creditors = list(speakers)
        self._running = running

    def plan(
        self,
        person: Person,
        loans: Iterable[Loan],
        now: datetime,
        *,
        cause: Cause | None,
        happenings: Sequence[Happening] = (),
    ) -> list[MessageRow]:
        """Every message that these loans call for now; those planned before have the same semantic key."""
        if person.state != "active":
            return []
        rows: list[MessageRow] = []
        for loan in loans:
            for enrolment in self._enrolments(person, loan, now, happenings):
                rows.append(self._row(person, loan, enrolment, now, cause))
        return rows

    def plan_calendar(
        self, person: Person, campaign: RunningCampaign, *, since: datetime, until: datetime, now: datetime
    ) -> list[MessageRow]:
        """A calendar campaign's messages to one person, about the first of their loans that is in its audience."""
        for loan in sorted(person.loans.values(), key=lambda loan: loan.loan_ref):
            zone = self._zone(person, loan) if loan.status not in ENDED else None
            if zone is not None:
                enroller = Enroller(person, zone, now, _today(now, zone), self._creditors)
                found = list(enroller.calendar(loan, campaign, since=since, until=until))
                if found:
                    return [self._row(person, loan, enrolment, now, None) for enrolment in found]
        return []

    def announce(self, row: MessageRow, now: datetime) -> list[Said]:
        """What is said of a message if it turns out to be new; nothing of a task, which is not a message."""
        if row.channel is None:
            return []
        if row.reason == HOLDOUT:
            return [sayings.suppressed(row, now, SuppressedReason.POLICY, HOLDOUT)]
        return [sayings.scheduled(row, now)]

    def review(
        self, rows: Iterable[MessageRow], people: Mapping[str, Person], triggers: Sequence[Trigger], now: datetime
    ) -> Reviewed:
        """Cancel, hold or take up again what is planned, as the facts now stand."""
        changed = Reviewed([], [])
        by_debtor: dict[str, list[Trigger]] = {}
        for trigger in triggers:
            by_debtor.setdefault(trigger.debtor_ref, []).append(trigger)
        for row in rows:
            person = people[row.debtor_ref]
            reason = self._cancels(row, person, by_debtor.get(row.debtor_ref, ()))
            if reason is not None and row.outcome is not None:
                row.state = "done"
                changed.rows.append(row)
            elif reason is not None:
                row.state, row.outcome, row.reason = "cancelled", "cancelled", reason.value
                changed.rows.append(row)
                if row.channel is not None:
                    changed.said.append(sayings.cancelled(row, now, reason))
            elif self._waits(row, person) != (row.reason == PAYMENT_HOLD):
                self._toggle_hold(row, person, now)
                changed.rows.append(row)
        return changed

    def zone(self, person: Person, loan: Loan) -> ZoneInfo:
        """The zone in which a person's days are counted, whoever may speak for the loan."""
        return self._zone(person, loan) or self.home_zone()

    def home_zone(self) -> ZoneInfo:
        """A zone of the lenders' own place, for somebody of whom nothing is known."""
        homes = tuple(dict.fromkeys(speaker.jurisdiction for speaker in self._speakers.values()))
        return ZoneInfo(self._policy.home_zone(homes[:1], None))

    def speaks_for(self, creditor: str, loan: Loan) -> bool:
        """Whether a lender may speak about a loan: its own, or the only lender where the loan names none."""
        return loan.creditor_ref == creditor or (loan.creditor_ref is None and list(self._speakers) == [creditor])

    def _enrolments(
        self, person: Person, loan: Loan, now: datetime, happenings: Sequence[Happening]
    ) -> Iterable[Enrolment]:
        zone = self._zone(person, loan)
        if zone is None:
            return
        enroller = Enroller(person, zone, now, _today(now, zone), self._creditors)
        yield from enroller.installments(loan, self._running.active)
        for happening in happenings:
            if happening.loan_ref == loan.loan_ref:
                yield from enroller.event(loan, self._running.active, kind=happening.kind, at=happening.at)

    def _row(self, person: Person, loan: Loan, enrolment: Enrolment, now: datetime, cause: Cause | None) -> MessageRow:
        planned = enrolment.planned
        definition = enrolment.campaign.definition
        row = MessageRow(  # by position, since two dozen keywords take more than half its time
            uuid7(),
            person.debtor_ref,
            loan.loan_ref,
            enrolment.installment_number,
            enrolment.occurrence,
            definition.campaign,
            enrolment.step.id,
            enrolment.campaign.version_id,
            definition.purpose.value,
            enrolment.channel.value if enrolment.channel else None,
            "planned",
            None,  # outcome
            None,  # reason
            None,  # rule
            planned.earliest,
            max(planned.earliest, now),
            planned.expires_at,
            enrolment.priority,
        )
        if cause is not None:
            row.trigger_id, row.trigger_type = cause.event_id, cause.event_type
        if enrolment.step.on is StepEvent.PAYMENT_RECEIVED:
            row.lane = URGENT
        if enrolment.held_out:
            row.state, row.outcome, row.reason, row.rule = "denied", "suppressed", HOLDOUT, HOLDOUT
        elif enrolment.channel is not None:
            self._foresee(row, person, loan, enrolment, now)
        return row

    def _foresee(self, row: MessageRow, person: Person, loan: Loan, enrolment: Enrolment, now: datetime) -> None:
        """Wait until the policy, as far as is known today, will permit; what it will never permit ends when due."""
        speaker = self._speakers[enrolment.campaign.definition.creditor]
        asker = Asker(self._policy, person, loan, speaker, enrolment.campaign.definition.purpose, now)
        assert enrolment.channel is not None
        forecast = asker.forecast(
            enrolment.step, enrolment.channel, since=row.due_at, until=enrolment.planned.expires_at
        )
        if forecast.at is not None:
            row.due_at = forecast.at
        row.rule = rule_of(forecast.decision)

    def _zone(self, person: Person, loan: Loan) -> ZoneInfo | None:
        """The person's zone, or one of the lender's place; None where nobody may speak for this loan."""
        if person.timezone is not None:
            return ZoneInfo(person.timezone)
        speaker = self._speakers.get(loan.creditor_ref or "")
        if speaker is None and loan.creditor_ref is None and len(self._speakers) == 1:
            speaker = next(iter(self._speakers.values()))
        if speaker is None:
            return None
        packs = self._policy.jurisdictions(speaker.jurisdiction, person.country, person.region)
        return ZoneInfo(self._policy.home_zone(packs, person.region))

    def _cancels(self, row: MessageRow, person: Person, triggers: Iterable[Trigger]) -> CancelledReason | None:
        """Why a message is not called for any more; `triggers` are those of its debtor."""
        loan = person.loans.get(row.loan_ref)
        for trigger in triggers:
            if trigger.loan_ref in (None, row.loan_ref):
                if trigger.word == "ended":
                    return CancelledReason.ERASED if person.state == "erased" else CancelledReason.SUPERSEDED
                definition = self._running.version(row.version_id).definition
                if trigger.word in definition.stop_on:
                    return _CANCELS[StopWord(trigger.word)]
        if loan is None:
            return CancelledReason.SUPERSEDED
        return installment_cancels(row, loan)

    def _waits(self, row: MessageRow, person: Person) -> bool:
        loan = person.loans[row.loan_ref]
        installment = loan.installments.get(row.installment_number)
        return installment is not None and standing(loan, installment) is Standing.WAITING

    def _toggle_hold(self, row: MessageRow, person: Person, now: datetime) -> None:
        """A message in doubt waits until it expires; a newer amount makes it due again."""
        if row.reason == PAYMENT_HOLD:
            row.reason, row.due_at = None, max(row.earliest, now)
        else:
            row.reason, row.due_at = PAYMENT_HOLD, row.expires_at


def installment_cancels(row: MessageRow, loan: Loan) -> CancelledReason | None:
    """Why a message about an installment is no longer called for, None where it is."""
    installment = loan.installments.get(row.installment_number)
    if installment is None:
        return None
    if installment.due_date != row.occurrence:
        return CancelledReason.RESCHEDULED
    if standing(loan, installment) is Standing.PAID:
        return _paid_reason(loan)
    if loan.rescheduled_at is not None and loan.rescheduled_at >= installment.amount_at:
        return CancelledReason.RESCHEDULED
    return None


def rule_of(decision: Decision | None) -> str | None:
    """The first rule a decision names."""
    return decision.reasons[0].rule if decision is not None and decision.reasons else None


@lru_cache(maxsize=256)
def _today(now: datetime, zone: ZoneInfo) -> date:
    """The local date, the same for everybody of a batch in a zone."""
    return now.astimezone(zone).date()


def _paid_reason(loan: Loan) -> CancelledReason:
    if loan.status in ENDED and loan.status not in ("closed", "overpaid"):
        return CancelledReason.CLOSED
    return CancelledReason.PAID
