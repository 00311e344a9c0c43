"""Answers to replies: who gets one, which, about which loan; planned with the reply, in the ledger like any message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from campaigns.definition import Definition, StepEvent
from campaigns.enrolment import NO_INSTALLMENT
from campaigns.person import ContactPoint, Installment, Loan, Person
from campaigns.planner import PlannedStep, plan_event
from campaigns.replies import Intent, Prompt
from campaigns.replies.menu import Choice, chosen, is_automatic
from campaigns.standing import Standing, open_installments, standing
from channels.phones import canonical
from channels.registry import Registry
from schemas.enums import Channel
from services.announcing import insert_announced
from services.hearing import Hearing
from services.ids import uuid7
from services.planning import Planner
from services.publisher import Publisher
from services.running import RunningCampaigns
from services.store import answers as store
from services.store import outbox
from services.store.answers import AnswerRow
from services.store.messages import URGENT, MessageRow

MENU_LIVES = timedelta(hours=24)
CONFIRMATION_LIVES = timedelta(minutes=5)
MOST_AN_HOUR = 6
MOST_A_DAY = 20
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_CHANNELS = frozenset({Channel.SMS, Channel.WHATSAPP})
_BY_INTENT: Mapping[Intent, StepEvent] = {
    Intent.HELP: StepEvent.REPLY_HELP,
    Intent.BALANCE: StepEvent.REPLY_BALANCE,
    Intent.PAYMENT_LINK: StepEvent.REPLY_PAYMENT_LINK,
    Intent.AGENT: StepEvent.REPLY_AGENT,
    Intent.OPT_OUT: StepEvent.REPLY_OPT_OUT,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said to somebody last, which gives a bare number or day its meaning."""

    choice: Choice | None = None
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Plans answers; `ours` are the numbers we send from, which we never answer."""

    running: RunningCampaigns
    planner: Planner
    publisher: Publisher
    ours: frozenset[str]

    async def asked(self, connection: Any, debtor_ref: str, text: str, now: datetime) -> Asked:
        """What a reply refers to: after a menu a number is a choice, after a question for a day it is not."""
        kinds = await store.handed_since(connection, debtor_ref, now - MENU_LIVES)
        if kinds and kinds[0] == StepEvent.REPLY_PROMISE:
            return Asked(prompt=Prompt.PROMISE)
        return Asked(chosen(text) if StepEvent.REPLY_HELP in kinds else None)

    async def plan(self, connection: Any, hearing: Hearing) -> None:
        """Answer a reply, if anybody who may be answered asked; part of the transaction that takes the reply in.

        Who asks again while the same answer still waits for its hour gets that one alone.
        """
        kind = self._wanted(hearing)
        if kind is None or not await self._room(connection, hearing):
            return
        await self.running.refresh(connection, hearing.now)
        row = self._row(hearing, kind)
        if row is None or await store.waits(connection, _answer(hearing, row.id, kind), row.loan_ref):
            return
        fresh, said = await insert_announced(connection, self.planner, [row], hearing.now)
        for each in fresh:
            await store.open_new(connection, _answer(hearing, each.id, kind))
        await outbox.append(connection, self.publisher.rows(said, hearing.now), hearing.now)

    def _wanted(self, hearing: Hearing) -> StepEvent | None:
        """The answer that a reply asks for; None where none is due, or none may be given."""
        meaning, inbound = hearing.meaning, hearing.inbound
        point = _point(hearing)
        if inbound.channel not in _CHANNELS or point is None or not point.usable:
            return None
        if meaning.hold is not None or meaning.wrong_person or is_automatic(inbound.text) or self._is_ours(hearing):
            return None
        kind = _BY_INTENT.get(meaning.intent)
        if hearing.choice is Choice.PROMISE and meaning.intent is Intent.HELP:
            kind = StepEvent.REPLY_PROMISE
        if kind is StepEvent.REPLY_OPT_OUT:
            return kind if hearing.stopped_now and not inbound.opt_out_hint else None
        if kind is not None and (len(hearing.owners) > 1 or not point.verified):
            return StepEvent.REPLY_UNVERIFIED
        return kind

    def _is_ours(self, hearing: Hearing) -> bool:
        return (canonical(hearing.inbound.from_address) or hearing.inbound.from_address) in self.ours

    async def _room(self, connection: Any, hearing: Hearing) -> bool:
        """Whether this person was not answered too often of late: two machines talking stop here."""
        assert hearing.debtor is not None
        times = await store.since(connection, hearing.debtor, hearing.now - _DAY)
        lately = sum(at > hearing.now - _HOUR for at in times)
        return lately < MOST_AN_HOUR and len(times) < MOST_A_DAY

    def _row(self, hearing: Hearing, kind: StepEvent) -> MessageRow | None:
        """The message to plan; None where no campaign of the loan's lender answers this."""
        assert hearing.debtor is not None
        person = hearing.book.people[hearing.debtor]
        loan = hearing.loan or _most_urgent(person)
        now = hearing.now
        found = self._step(person, loan, kind, now) if loan is not None else None
        if loan is None or found is None:
            return None
        version_id, definition, step = found
        installment = _installment(loan)
        return MessageRow(
            id=uuid7(),
            debtor_ref=person.debtor_ref,
            loan_ref=loan.loan_ref,
            installment_number=installment.number if installment else NO_INSTALLMENT,
            occurrence=installment.due_date if installment else step.occurrence,
            campaign=definition.campaign,
            step=f"{step.step_id}:{_name(hearing)}",
            version_id=version_id,
            purpose=definition.purpose.value,
            channel=hearing.inbound.channel.value,
            state="planned",
            outcome=None,
            reason=None,
            rule=None,
            earliest=now,
            due_at=now,
            expires_at=now + CONFIRMATION_LIVES if kind is StepEvent.REPLY_OPT_OUT else step.expires_at,
            lane=URGENT,
        )

    def _step(
        self, person: Person, loan: Loan, kind: StepEvent, now: datetime
    ) -> tuple[int, Definition, PlannedStep] | None:
        """The first that answers this, of the campaigns in their term; it ends as any other step that comes at once."""
        zone = self.planner.zone(person, loan)
        for campaign in self.running.active:
            definition = campaign.definition
            if self.planner.speaks_for(definition.creditor, loan):
                for step in plan_event(definition, kind=kind, at=now, zone=zone, now=now):
                    return campaign.version_id, definition, step
        return None


def our_numbers(registry: Registry) -> frozenset[str]:
    """Every number and address that we send from."""
    return frozenset(canonical(address) or address for _, _, address, _ in registry.paces())


def _point(hearing: Hearing) -> ContactPoint | None:
    """The contact point that wrote, unless it was found to be useless or somebody else's."""
    if hearing.debtor is None:
        return None
    ref, points = hearing.owners[0][1], hearing.book.people[hearing.debtor].contact_points
    bad = {"all", hearing.inbound.channel.value}
    return next((p for p in points if p.contact_point_ref == ref and not p.faults & bad), None)


def _most_urgent(person: Person) -> Loan | None:
    """Of several loans the one whose oldest open installment is due first."""

    def first_due(loan: Loan) -> tuple[date, str]:
        rows = open_installments(loan)
        return rows[0].due_date if rows else date.max, loan.loan_ref

    return min(person.loans.values(), key=first_due, default=None)


def _installment(loan: Loan) -> Installment | None:
    """The oldest that is not paid; None where what is owed on it is in doubt."""
    row = next(iter(open_installments(loan)), None)
    return row if row is not None and standing(loan, row) is Standing.OPEN else None


def _name(hearing: Hearing) -> str:
    """The reply's own name, by which its answer is one message and no more, however often the reply is told."""
    name = f"{hearing.provider}\x00{hearing.inbound.provider_ref}"
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _answer(hearing: Hearing, message_id: UUID, kind: StepEvent) -> AnswerRow:
    debtor_ref, contact_point_ref = hearing.owners[0]
    channel = hearing.inbound.channel.value
    return AnswerRow(message_id, hearing.reply_id, debtor_ref, contact_point_ref, channel, kind.value, hearing.now)
