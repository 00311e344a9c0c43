"""One turn of a call in one transaction: what the keys do, what is said next, and both kept under the turn's number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campaigns.forecast import Asker
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from channels.phones import canonical, comparable
from channels.twilio_voice import ANSWERED_BY_MACHINE
from channels.twiml import HANG_UP, Question, Transfer, twiml
from services.calls import flow
from services.calls.addresses import turn_url
from services.calls.effects import Effects
from services.calls.flow import Asked, Phrase, Situation, Turn
from services.calls.prompts import Prompts, farewell, neutral_name, speech, spoken_language
from services.calls.request import Request
from services.calls.scripts import open_answer, script_of, seal_answer
from services.calls.subject import Subject
from services.clock import Clock
from services.database import Database
from services.failpoints import failpoint
from services.history import history_from
from services.ids import uuid7
from services.intake import open_personal
from services.running import RunningCampaigns
from services.store import attempts, calls, messages, people, receipts
from services.store.calls import CallRow, StepRow
from services.vault import Vault
from services.words import Words

_PROOFS = frozenset({Asked.PROOF, Asked.PROOF_AGAIN})
_KEYS_OF = dict.fromkeys((Asked.DAY, Asked.DAY_AGAIN, *_PROOFS), 4)
_UNCONFIRMED = frozenset({Asked.START, Asked.IDENTITY, Asked.IDENTITY_AGAIN, *_PROOFS})
_DAYS = frozenset({Asked.DAY.value, Asked.DAY_AGAIN.value})
_MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers the webhooks of calls; the same one again is answered alike and does nothing more."""

    database: Database
    policy: ContactPolicy
    speakers: Mapping[str, Speaker]
    running: RunningCampaigns
    effects: Effects
    words: Words
    vault: Vault
    clock: Clock

    async def answer(self, request: Request) -> str:
        """The TwiML of this turn, once what it did is committed."""
        answer = await self.database.insist(lambda c: self._turn(c, request), what="call")
        await failpoint("calls.after_commit")
        return answer

    async def _turn(self, connection: Any, request: Request) -> str:
        now = self.clock.now()
        call = await self._call(connection, request, now)
        if call is None:
            return farewell(request.debtor_number) if request.call_id is None else HANG_UP
        await people.lock_debtors(connection, [call.debtor_ref])
        taken = await calls.steps(connection, call.id)
        subject = await self._subject(connection, call, taken, now)
        if subject is None or subject.person.person_key is None:
            return HANG_UP
        key = subject.person.person_key
        if request.seq < len(taken):
            return open_answer(self.vault, key, call, taken[request.seq].answer)
        if request.seq > len(taken):
            return HANG_UP
        answer = await self._next(connection, request, subject, taken)
        sealed = seal_answer(self.vault, key, call, answer)
        # What proves somebody's identity is compared and not kept.
        keys = "" if request.asked in _PROOFS else request.keys[:_MOST_KEYS]
        step = StepRow(request.seq, request.asked.value, keys, sealed, now)
        await calls.keep_step(connection, call.id, step)
        await failpoint("calls.before_commit")
        return answer

    async def _next(self, connection: Any, request: Request, subject: Subject, taken: Sequence[StepRow]) -> str:
        """Decide, do, and say."""
        call = subject.call
        if request.asked in _UNCONFIRMED and not request.keys and await self._is_machine(connection, request, call):
            return HANG_UP
        prompts = self._prompts(subject)
        seconds = subject.transfer_seconds if request.keys == flow.AGENT_KEY else 0
        situation = Situation(
            today=subject.today,
            may_tell=subject.may_tell,
            has_script=prompts.script is not None,
            agent_open=seconds > 0,
            inbound=call.inbound,
            day=_day_asked(subject, taken),
            proof=subject.proof,
            proven=request.asked in _PROOFS and subject.proves(request.keys),
            link_open=prompts.link,
        )
        turn = flow.turn(request.asked, request.keys, situation)
        if turn.effect is None and subject.over:
            turn = flow.GOODBYE
        if subject.first_name is None and Phrase.GREETING in turn.say:
            turn = flow.GOODBYE
        if turn.effect is not None and not await self.effects.apply(connection, request, subject, turn):
            return HANG_UP
        outcome = flow.outcome_of(turn)
        if outcome is not None:
            await calls.conclude(connection, call.id, outcome)
        return self._said(request, subject, prompts, turn, seconds)

    def _said(self, request: Request, subject: Subject, prompts: Prompts, turn: Turn, seconds: int) -> str:
        then: Question | Transfer | None = None
        if turn.asks is not None:
            public_url, secret, seq = self.words.public_url, self.words.secret, request.seq + 1
            address = turn_url(public_url, secret, subject.call.id, seq=seq, asked=turn.asks.value)
            then = Question(address, _KEYS_OF.get(turn.asks, 1))
            if turn.asks is Asked.AGENT:
                then = Transfer(subject.creditor.phone or "", request.our_number, seconds, address)
        sentences = [prompts.say(phrase, turn.day) for phrase in turn.say]
        return twiml(speech(subject.language, subject.call.voice), sentences, then)

    def _prompts(self, subject: Subject) -> Prompts:
        assert subject.person.person_key is not None
        return Prompts(
            language=spoken_language(subject.language),
            brand=neutral_name(subject.creditor),
            first_name=subject.first_name or "",
            script=script_of(self.vault, subject.person.person_key, subject.call),
            link=self.effects.links.open(subject),
        )

    async def _is_machine(self, connection: Any, request: Request, call: CallRow) -> bool:
        """Whether the provider took the voice at the other end for a machine's."""
        if call.inbound:
            return False
        return request.machine or await receipts.heard(connection, call.attempt_id, ANSWERED_BY_MACHINE)

    async def _call(self, connection: Any, request: Request, now: datetime) -> CallRow | None:
        if request.call_id is None:
            return await self._incoming(connection, request, now)
        call = await calls.lock(connection, request.call_id)
        if call is not None and call.provider_ref is None:
            await calls.name(connection, call.id, request.call_ref)
        return call

    async def _incoming(self, connection: Any, request: Request, now: datetime) -> CallRow | None:
        """The call of somebody who calls the number that they were contacted from; None for a stranger."""
        number = canonical(request.debtor_number)
        blind = self.vault.blind(comparable(number)) if number else None
        attempt_id = await calls.last_attempt_to(connection, blind) if blind else None
        if attempt_id is None:
            return None
        attempt = (await attempts.by_id(connection, [attempt_id]))[attempt_id]
        told = await calls.of_attempt(connection, attempt_id)
        row = CallRow(
            id=uuid7(),
            attempt_id=attempt_id,
            inbound=True,
            provider=request.provider,
            provider_ref=request.call_ref,
            debtor_ref=attempt.debtor_ref,
            message_id=attempt.message_id,
            loan_ref=attempt.loan_ref,
            language=told.language if told else "",
            voice=told.voice if told else None,
            script=told.script if told and now < attempt.valid_until else None,
            ends_at=None,
        )
        await calls.open_new(connection, [row], now)
        return await calls.lock_named(connection, request.provider, request.call_ref)

    async def _subject(self, connection: Any, call: CallRow, taken: Sequence[StepRow], now: datetime) -> Subject | None:
        """None where the person, the loan or the lender is gone since."""
        await self.running.refresh(connection, now)
        known, _ = await people.load(
            connection,
            debtor_refs=[call.debtor_ref],
            now=now,
            history_from=history_from(self.policy, self.running, now),
        )
        message = (await messages.by_id(connection, [call.message_id])).get(call.message_id)
        person = known.get(call.debtor_ref)
        loan = person.loans.get(call.loan_ref or "") if person else None
        if person is None or loan is None or message is None:
            return None
        definition = (await self.running.load(connection, message.version_id)).definition
        speaker, creditor = self.speakers.get(definition.creditor), self.words.creditors.get(definition.creditor)
        if speaker is None or creditor is None:
            return None
        attempt = (await attempts.by_id(connection, [call.attempt_id]))[call.attempt_id]
        return Subject(
            call=call,
            contact_point_ref=attempt.contact_point_ref,
            person=person,
            personal=open_personal(self.vault, person),
            loan=loan,
            message=message,
            creditor=creditor,
            asker=Asker(self.policy, person, loan, speaker, definition.purpose, now),
            began=taken[0].at if taken else now,
            now=now,
        )


def _day_asked(subject: Subject, taken: Sequence[StepRow]) -> date | None:
    """The day that the person keyed in last, read as it was then."""
    for step in reversed(taken):
        if step.step in _DAYS:
            return flow.day_of(step.digits, step.at.astimezone(subject.asker.zone).date())
    return None
