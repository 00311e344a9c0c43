"""A link to pay, asked for in a call and sent as an SMS to the number that is on the line: an answer like any other.

It is a message of its own, under every rule for answers; the call only asks for it.
"""

from dataclasses import dataclass, replace
from typing import Any

from campaigns.definition import StepEvent
from campaigns.person import ContactPoint
from campaigns.question import question
from campaigns.replies import Intent, ReplyMeaning, understand
from campaigns.standing import open_installments
from channels.provider import InboundMessage
from schemas.enums import Channel, Verdict
from services.answers import Answers
from services.calls.subject import Subject
from services.consequences import Consequences
from services.hearing import Hearing
from services.running import RunningCampaigns
from services.store import calls
from services.writers import Answered


@dataclass(frozen=True, slots=True)
class Links:
    """Says whether a link can be sent, and asks for it."""

    answers: Answers
    consequences: Consequences
    running: RunningCampaigns

    def open(self, subject: Subject) -> bool:
        """Whether there is something to pay, a campaign that answers with a link, and a number that takes it.

        The number must be known to be the debtor's own, or they must have proven who they are.
        """
        point = _point(subject)
        if point is None or not (point.verified or subject.proof is not None):
            return False
        return bool(open_installments(subject.loan)) and self._answered(subject) and _permitted(subject)

    async def send(self, connection: Any, provider: str, reply: InboundMessage, subject: Subject) -> None:
        """Plan the answer to a reply that was heard in the call; part of its transaction."""
        point = _point(subject)
        reply_id = await calls.reply_of(connection, provider, reply.provider_ref)
        if point is None or reply_id is None:
            return
        ref, now = subject.person.debtor_ref, subject.now
        book = await self.consequences.open(connection, [ref], now)
        person = book.people[ref]
        known = [replace(each, verified=True) if each == point else each for each in person.contact_points]
        book.people[ref] = replace(person, contact_points=known)
        hearing = Hearing(
            reply_id=reply_id,
            inbound=replace(reply, channel=Channel.SMS),
            meaning=_wish(subject),
            owners=[(ref, point.contact_point_ref)],
            answered=Answered(subject.call.message_id, subject.call.loan_ref),
            book=book,
            now=now,
            said=[],
            tasks=[],
            faults=[],
            provider=provider,
        )
        await self.answers.plan(connection, hearing)

    def _answered(self, subject: Subject) -> bool:
        speaks_for = self.answers.planner.speaks_for
        return any(
            step.on is StepEvent.REPLY_PAYMENT_LINK and Channel.SMS in step.channels
            for campaign in self.running.active
            if speaks_for(campaign.definition.creditor, subject.loan)
            for step in campaign.definition.steps
        )


def _point(subject: Subject) -> ContactPoint | None:
    """The number on the line, where it takes text messages."""
    for point in subject.person.contact_points:
        if point.contact_point_ref == subject.contact_point_ref:
            useless = point.faults & {"all", Channel.SMS.value} or point.phone_type == "landline"
            return point if point.usable and point.kind == "phone" and not useless else None
    return None


def _permitted(subject: Subject) -> bool:
    """Whether text messages were not stopped; the hour is judged when the message is due."""
    asker = subject.asker
    asked = question(
        subject.person, subject.loan, asker.speaker, channel=Channel.SMS, purpose=asker.purpose, at=subject.now
    )
    decision = asker.policy.decide(replace(asked, history=()), asker.jurisdictions, subject.now)
    return decision.verdict is not Verdict.DENY


def _wish(subject: Subject) -> ReplyMeaning:
    meaning = understand("", button=Intent.PAYMENT_LINK.value, today=subject.today)
    assert meaning.intent is Intent.PAYMENT_LINK
    return meaning
