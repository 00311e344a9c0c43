"""Runs campaigns over one debtor after another on a fake clock, by the parts that the running service is made of.

Planner, Consideration and Words are the service's own; what is left out is what lies outside: the database, the
pace of providers, and receipts, every message being delivered at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from campaigns.definition import Unless
from campaigns.facts import ContactFact
from campaigns.question import Speaker
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
from services.intake import Fact
from services.planning import Planner
from services.running import CampaignVersion, RunningCampaigns
from services.simulation.agenda import Agenda
from services.simulation.debtors import Debtor
from services.simulation.happenings import Deferred, Ended, HandedToPeople, Happening, Sent, Unrendered, intent_of
from services.simulation.speech import Occasion, Said, Speaking
from services.simulation.telling_policy import TellingPolicy
from services.simulation.watched import neutral_wishes, watched
from services.store.messages import MessageRow
from services.store.stops import Stops
from services.words import Words

_NO_STOPS = Stops()

Speak = Callable[[Debtor, Occasion], Said]


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
    """Simulates debtors, one at a time; `watch` writes down a debtor's course while it is on."""

    def __init__(
        self,
        *,
        policy: TellingPolicy,
        speakers: Mapping[str, Speaker],
        versions: Sequence[CampaignVersion],
        words: Words,
        carried: frozenset[Channel],
    ) -> None:
        self.policy = policy
        self.speakers = speakers
        self.speaking = Speaking(words, policy, speakers)
        self.watch = policy.watch
        self.versions = [
            replace(each, definition=watched(each.definition, each.segments, each.templates, self.watch))
            for each in versions
        ]
        self.neutral_wishes = neutral_wishes([each.definition for each in versions])
        self._carried = carried
        self._running = RunningCampaigns.fixed(self.versions)
        self.planner = Planner(policy, speakers, self._running)
        self.calendars = [each.running for each in self.versions if each.definition.schedule is not None]

    def run(
        self,
        debtor: Debtor,
        *,
        start: datetime,
        end: datetime,
        zone: ZoneInfo,
        facts: Sequence[Fact] = (),
        speak: Speak | None = None,
    ) -> Iterator[Happening]:
        """Everything that happens to this debtor's messages from `start` until before `end`.

        `facts` become known meanwhile, each at its own instant; `speak` says what messages say.
        """
        agenda = Agenda(self.planner, self.calendars, debtor, end)
        yield from agenda.begin(start, facts)
        while (entry := agenda.next()) is not None:
            if not isinstance(entry, MessageRow):
                yield from entry
                continue
            happening = self._consider(debtor, entry, agenda.now, zone, speak or self.speaking.said)
            if happening is not None:
                yield happening
            agenda.put_back(entry)

    def _consider(
        self, debtor: Debtor, row: MessageRow, now: datetime, zone: ZoneInfo, speak: Speak
    ) -> Happening | None:
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
        intent = intent_of(row)
        if isinstance(outcome, Later):
            row.due_at, row.reason, row.rule = outcome.at, outcome.reason, outcome.rule
            return Deferred(intent, outcome.rule or outcome.reason, outcome.at)
        row.state, follow_up = "done", row.outcome is not None
        match outcome:
            case Deliver():
                return self._deliver(debtor, row, outcome, version, now.astimezone(zone), speak)
            case Suppress():
                ended: Happening = Ended(intent, "suppressed", outcome.reason, outcome.rule)
            case Cancel():
                ended = Ended(intent, "cancelled", outcome.reason, None)
            case Expire():
                ended = Ended(intent, "expired", outcome.reason, None)
            case HandToPeople():
                assert outcome.step.task is not None
                ended = HandedToPeople(intent, outcome.step.task.type.value, now.astimezone(zone))
            case _:
                assert_never(outcome)
        return None if follow_up else ended

    def _deliver(
        self,
        debtor: Debtor,
        row: MessageRow,
        deliver: Deliver,
        version: CampaignVersion,
        local: datetime,
        speak: Speak,
    ) -> Happening | None:
        person, loan, now = debtor.person, debtor.person.loans[row.loan_ref], local.astimezone(UTC)
        occasion = Occasion(deliver, version, loan, installment_of(row, loan), local, first_contact=not person.history)
        said = speak(debtor, occasion)
        self.watch.spoken(self.speaking, occasion, said)
        if said.problem is not None or said.missing is not None:
            return None if row.outcome is not None else _unsaid(row, said)
        person.history.append(ContactFact(now, deliver.channel, row.loan_ref, "delivered"))
        person.campaign_contacts.append((row.campaign, now))
        _follow_unread(row, deliver, now)
        return Sent(
            intent=intent_of(row),
            at=now,
            local=local,
            channel=deliver.channel,
            segment=person.segment,
            template=said.template,
            variant=deliver.content.variant,
            language=said.language,
            parts=said.parts,
            content=said.content,
        )


def _unsaid(row: MessageRow, said: Said) -> Happening:
    if said.problem is not None:
        return Unrendered(intent_of(row), said.problem)
    return Ended(intent_of(row), "suppressed", SuppressedReason.POLICY, said.missing)


def _follow_unread(row: MessageRow, deliver: Deliver, now: datetime) -> None:
    """Nobody reads in a simulation, so `unless: read` asks for its one more contact, as the service would."""
    fallback, step = deliver.step.fallback, deliver.step
    row.attempts, row.outcome = row.attempts + 1, "delivered"
    if fallback is None or fallback.unless is not Unless.READ or row.attempts > 1:
        return
    due_at = now + fallback.after
    channels = step.channels or next((choice.channels for choice in step.choose if choice.channels), ())
    left = [channel for channel in channels if channel.value not in (*row.tried, deliver.channel.value)]
    if left and due_at < row.expires_at:
        row.state, row.due_at = "planned", due_at
        row.tried.append(deliver.channel.value)
        row.channel = left[0].value
