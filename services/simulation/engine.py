"""Runs campaigns over one debtor after another on a fake clock, by the parts that the running service is made of.

Planner, Consideration and Words are the service's own; what is left out is what lies outside: the database, the
pace of providers, and receipts, every message being delivered at once.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from itertools import count
from math import inf
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.definition import Unless
from campaigns.facts import ContactFact
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from campaigns.required_content import ContentNeed, Speech, required_content
from schemas.enums import Channel
from schemas.outcome_words import SuppressedReason
from services.consider import (
    Cancel,
    Consideration,
    Deliver,
    Expire,
    HandToPeople,
    Later,
    Suppress,
    installment_of,
)
from services.content import first_missing
from services.planning import HOLDOUT, Planner
from services.running import CampaignVersion, RunningCampaigns
from services.simulation.debtors import Debtor
from services.simulation.happenings import (
    Deferred,
    Ended,
    HandedToPeople,
    Happening,
    HeldOut,
    Intent,
    Sent,
    StillPlanned,
    Unrendered,
)
from services.store.messages import MessageRow
from services.store.stops import Stops
from services.words import Rendered, Words
from templates.problems import RenderProblem

_LEAST_WAIT = timedelta(seconds=1)
_NO_STOPS = Stops()


@dataclass(frozen=True, slots=True)
class Span:
    """The simulated days, in each debtor's own calendar; `end` is exclusive."""

    start: date
    days: int

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant, and the first that is no longer simulated."""
        end = self.start + timedelta(days=self.days)
        return datetime.combine(self.start, time(), zone), datetime.combine(end, time(), zone)


class Engine:
    """Simulates debtors, one at a time."""

    def __init__(
        self,
        *,
        policy: ContactPolicy,
        speakers: Mapping[str, Speaker],
        versions: Sequence[CampaignVersion],
        words: Words,
        carried: frozenset[Channel],
    ) -> None:
        self.policy = policy
        self.speakers = speakers
        self.words = words
        self._carried = carried
        self._running = RunningCampaigns.fixed(versions)
        self._planner = Planner(policy, speakers, self._running)
        self._calendars = [each.running for each in versions if each.definition.schedule is not None]
        self._needs = lru_cache(maxsize=1024)(partial(required_content, policy.law))

    def run(self, debtor: Debtor, *, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Happening]:
        """Everything that happens to this debtor's messages from `start` until before `end`."""
        order = count()
        queue: list[tuple[datetime, float, int, MessageRow | None]] = []
        plan = self._planner.plan(debtor.person, debtor.person.loans.values(), start, cause=None)
        if self._calendars:
            queue = [(day, -inf, next(order), None) for day in _days(start, end, zone)]
        yield from _queued(queue, plan, order)
        while queue:
            due_at, _, _, row = heapq.heappop(queue)
            if row is None:
                yield from _queued(queue, self._calendar(debtor, due_at, zone), order)
            elif due_at >= end:
                yield StillPlanned(_intent(row))
            else:
                now = max(due_at, start)
                yield self._consider(debtor, row, now, zone)
                if row.state == "planned":
                    heapq.heappush(queue, (max(row.due_at, now + _LEAST_WAIT), -row.priority, next(order), row))

    def _calendar(self, debtor: Debtor, day: datetime, zone: ZoneInfo) -> list[MessageRow]:
        """What calendar campaigns ask for on a local day, by the facts of its first instant."""
        until = datetime.combine(day.astimezone(zone).date() + timedelta(days=1), time(), zone)
        return [
            row
            for campaign in self._calendars
            for row in self._planner.plan_calendar(debtor.person, campaign, since=day, until=until, now=day)
        ]

    def _consider(self, debtor: Debtor, row: MessageRow, now: datetime, zone: ZoneInfo) -> Happening:
        version = self._running.version(row.version_id)
        outcome = Consideration(
            policy=self.policy,
            speakers=self.speakers,
            stops=_NO_STOPS,
            carried=self._carried,
            now=now,
            message=row,
            person=debtor.person,
            version=version,
            paused=False,
        ).outcome()
        intent = _intent(row)
        if isinstance(outcome, Later):
            row.due_at, row.reason, row.rule = outcome.at, outcome.reason, outcome.rule
            return Deferred(intent, outcome.rule or outcome.reason, outcome.at)
        row.state = "done"
        match outcome:
            case Deliver():
                return self._deliver(debtor, row, outcome, version, now, zone)
            case Suppress():
                return Ended(intent, "suppressed", outcome.reason, outcome.rule)
            case Cancel():
                return Ended(intent, "cancelled", outcome.reason, None)
            case Expire():
                return Ended(intent, "expired", outcome.reason, None)
            case HandToPeople():
                assert outcome.step.task is not None
                return HandedToPeople(intent, outcome.step.task.type.value, now.astimezone(zone))
            case _:
                assert_never(outcome)

    def _deliver(
        self,
        debtor: Debtor,
        row: MessageRow,
        deliver: Deliver,
        version: CampaignVersion,
        now: datetime,
        zone: ZoneInfo,
    ) -> Happening:
        person, local = debtor.person, now.astimezone(zone)
        try:
            rendered = self._render(debtor, row, deliver, version, local)
        except RenderProblem as problem:
            return Unrendered(_intent(row), str(problem))
        need = self._missing(debtor, row, deliver, version, rendered, now)
        if need is not None:
            return Ended(_intent(row), "suppressed", SuppressedReason.POLICY, need.reason.rule)
        person.history.append(ContactFact(now, deliver.channel, row.loan_ref, "delivered"))
        person.campaign_contacts.append((row.campaign, now))
        _follow_unread(row, deliver, now)
        return Sent(
            intent=_intent(row),
            at=now,
            local=local,
            channel=deliver.channel,
            segment=person.segment,
            template=rendered.template.name,
            variant=rendered.variant,
            content=rendered.content,
        )

    def _missing(
        self,
        debtor: Debtor,
        row: MessageRow,
        deliver: Deliver,
        version: CampaignVersion,
        rendered: Rendered,
        now: datetime,
    ) -> ContentNeed | None:
        """What the law wants said and the words do not say, asked as the service asks before it hands over."""
        person, definition = debtor.person, version.definition
        speaker = self.speakers[definition.creditor]
        packs = self.policy.jurisdictions(speaker.jurisdiction, person.country, person.region)
        speech = Speech(
            deliver.channel, definition.purpose, speaker.type, speaker.collector, first_contact=not person.history
        )
        needs = self._needs(packs, speech)
        return first_missing(needs, rendered.content, self.words.creditors[definition.creditor]) if needs else None

    def _render(
        self, debtor: Debtor, row: MessageRow, deliver: Deliver, version: CampaignVersion, local: datetime
    ) -> Rendered:
        loan = debtor.person.loans[row.loan_ref]
        return self.words.render(
            deliver=deliver,
            version=version,
            person=debtor.person,
            personal=debtor.personal,
            loan=loan,
            installment=installment_of(row, loan),
            message_id=row.id,
            now=local,
            today=local.date(),
        )


def _queued(
    queue: list[tuple[datetime, float, int, MessageRow | None]], rows: Iterable[MessageRow], order: Iterator[int]
) -> Iterator[Happening]:
    """Put planned messages into the queue; those of the control group end here."""
    for row in rows:
        if row.reason == HOLDOUT:
            yield HeldOut(_intent(row))
        else:
            heapq.heappush(queue, (row.due_at, -row.priority, next(order), row))


def _days(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The first instants of local days from `start` until before `end`."""
    day = start.astimezone(zone).date()
    while (instant := datetime.combine(day, time(), zone)) < end:
        yield instant
        day += timedelta(days=1)


def _follow_unread(row: MessageRow, deliver: Deliver, now: datetime) -> None:
    """Nobody reads in a simulation, so `unless: read` asks for its one more contact, as the service would."""
    fallback = deliver.step.fallback
    row.attempts += 1
    if fallback is None or fallback.unless is not Unless.READ or row.attempts > 1:
        return
    due_at = now + fallback.after
    left = [c for c in deliver.content.channels if c.value not in (*row.tried, deliver.channel.value)]
    if left and due_at < row.expires_at:
        row.state, row.due_at = "planned", due_at
        row.tried.append(deliver.channel.value)


def _intent(row: MessageRow) -> Intent:
    return Intent(row.campaign, row.step, row.debtor_ref, row.loan_ref, row.installment_number)
