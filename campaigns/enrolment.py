"""Which steps of the running campaigns a loan's open installments call for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaigns.conditions import Facts, Segments
from campaigns.definition import Definition, Step, StepEvent
from campaigns.experiment import held_out
from campaigns.person import Installment, Loan, Person
from campaigns.planner import Content, PlannedStep, choose_content, plan_event, plan_installment, plan_schedule
from campaigns.question import condition_facts
from campaigns.standing import Standing, standing
from schemas.enums import Channel
from schemas.values import value

NO_INSTALLMENT = -1


@dataclass(frozen=True, slots=True)
class RunningCampaign:
    """An active version, as the planner reads it."""

    version_id: int
    definition: Definition
    segments: Segments


@value
class Enrolment:
    """One message that is called for; `occurrence` is the installment's due date, or the event's local day."""

    campaign: RunningCampaign
    step: Step
    installment_number: int
    occurrence: date
    planned: PlannedStep
    channel: Channel | None
    priority: float
    held_out: bool


@value
class Enroller:
    """Finds what one person's loan calls for; `creditors` are all lenders of the deployment."""

    person: Person
    zone: ZoneInfo
    now: datetime
    today: date
    creditors: Sequence[str]

    def installments(self, loan: Loan, running: Sequence[RunningCampaign]) -> Iterator[Enrolment]:
        """Messages counted from due dates, for every open installment."""
        campaigns = self._for(loan, running)
        if not campaigns:
            return
        for installment in loan.installments.values():
            if standing(loan, installment) is Standing.OPEN:
                due = installment.due_date
                for campaign in campaigns:
                    steps = plan_installment(campaign.definition, due_date=due, zone=self.zone, now=self.now)
                    if steps:
                        yield from self._enrol(loan, installment, campaign, steps, due)

    def event(
        self, loan: Loan, running: Sequence[RunningCampaign], *, kind: StepEvent, at: datetime
    ) -> Iterator[Enrolment]:
        """Messages that an event calls for at once."""
        for campaign in self._for(loan, running):
            steps = plan_event(campaign.definition, kind=kind, at=at, zone=self.zone, now=self.now)
            if steps:
                yield from self._enrol(loan, None, campaign, steps, None)

    def calendar(
        self, loan: Loan, campaign: RunningCampaign, *, since: datetime, until: datetime
    ) -> Iterator[Enrolment]:
        """Messages of a calendar campaign whose time comes from `since` until `until`."""
        for matching in self._for(loan, [campaign]):
            steps = plan_schedule(matching.definition, zone=self.zone, since=since, until=until)
            if steps:
                yield from self._enrol(loan, None, matching, steps, None)

    def _for(self, loan: Loan, running: Sequence[RunningCampaign]) -> list[RunningCampaign]:
        """The campaigns that may speak about this loan and are for its product."""
        creditor = loan.creditor_ref
        if creditor is None:
            creditor = self.creditors[0] if len(self.creditors) == 1 else None
        return [
            campaign
            for campaign in running
            if campaign.definition.creditor == creditor
            and (campaign.definition.audience.products is None or loan.product in campaign.definition.audience.products)
        ]

    def _enrol(
        self,
        loan: Loan,
        installment: Installment | None,
        campaign: RunningCampaign,
        planned: Sequence[PlannedStep],
        occurrence: date | None,
    ) -> Iterator[Enrolment]:
        definition = campaign.definition
        facts = self.facts(loan, installment, campaign.segments)
        if definition.audience.when is not None and not definition.audience.when.evaluate(facts):
            return
        priority = (definition.priority.number(facts) if definition.priority else None) or 0.0
        for step in planned:
            spec = definition.step(step.step_id)
            if spec is None:
                continue
            content = choose_content(definition, spec, facts, debtor_ref=self.person.debtor_ref)
            channel = first_channel(self.person, spec, content)
            number = installment.number if installment else NO_INSTALLMENT
            held = held_out(definition, self.person.debtor_ref)
            yield Enrolment(campaign, spec, number, occurrence or step.occurrence, step, channel, priority, held)

    def facts(self, loan: Loan, installment: Installment | None, segments: Segments) -> Facts:
        """What conditions read of this loan and installment."""
        return condition_facts(self.person, loan, installment, now=self.now, today=self.today, segments=segments)


def ordered_channels(person: Person, channels: Sequence[Channel]) -> list[Channel]:
    """The step's channels, the debtor's own preference first."""
    if not person.preferred_channels:
        return list(channels)
    liked = [channel for channel in person.preferred_channels if channel in channels]
    return [Channel(channel) for channel in liked] + [c for c in channels if c not in liked]


def first_channel(person: Person, step: Step, content: Content | None) -> Channel | None:
    """The channel a message would go by if nothing stands in the way; None for a task."""
    if step.task is not None:
        return None
    channels = content.channels if content else step.channels or _any_choice(step)
    ordered = ordered_channels(person, channels)
    return ordered[0] if ordered else None


def _any_choice(step: Step) -> tuple[Channel, ...]:
    return next((choice.channels for choice in step.choose if choice.channels), ())
