"""What keys do beyond words; a key is a reply by phone, and is taken to heart as replies by text are."""

from dataclasses import dataclass
from typing import Any, assert_never

from campaigns.outcome import PROVEN_FAILED
from campaigns.permissions import contact_recorded
from channels.provider import InboundMessage
from schemas.contact_events import ContactOutcome, ContactRecorded, ContactWay
from schemas.enums import AttemptState, Channel, FailureClass
from services.calls.flow import Effect, Turn
from services.calls.links import Links
from services.calls.request import Request
from services.calls.subject import Subject
from services.consequences import Consequences
from services.progress import Word
from services.replies import Replies
from services.settling import News, Settling
from services.store import attempts

_REACHED = frozenset({AttemptState.DELIVERED, AttemptState.READ})
_STOP, _WRONG_PERSON, _AGENT, _LINK = "STOP", "wrong_person", "agent", "payment_link"


@dataclass(frozen=True, slots=True)
class Effects:
    """Does what a turn is to do, inside its transaction."""

    replies: Replies
    settling: Settling
    consequences: Consequences
    links: Links

    async def apply(self, connection: Any, request: Request, subject: Subject, turn: Turn) -> bool:
        """False where the call is over already, so that nothing more may be told."""
        match turn.effect:
            case None:
                return True
            case Effect.CONFIRMED:
                return await self._confirmed(connection, request, subject)
            case Effect.OPT_OUT:
                await self._hear(connection, request, subject, hint=_STOP)
                await self._stopped(connection, request, subject)
            case Effect.WRONG_PERSON:
                await self._hear(connection, request, subject, button=_WRONG_PERSON)
            case Effect.CALL_BACK:
                await self._hear(connection, request, subject, button=_AGENT)
            case Effect.PROMISE:
                assert turn.day is not None
                await self._hear(connection, request, subject, text=f"pago el {turn.day.isoformat()}")
            case Effect.LINK:
                reply = await self._hear(connection, request, subject, button=_LINK)
                await self.links.send(connection, request.provider, reply, subject)
            case Effect.NOT_PROVEN:
                pass
            case _:
                assert_never(turn.effect)
        return True

    async def _confirmed(self, connection: Any, request: Request, subject: Subject) -> bool:
        """The right person listens: that is what delivered means of a call."""
        if subject.call.inbound:
            await self._count(connection, subject)
            return True
        if await self._state(connection, subject) in PROVEN_FAILED:
            return False
        word = Word(AttemptState.DELIVERED, provider_ref=request.call_ref)
        await self.settling.settle(connection, [News(subject.call.attempt_id, word, closes=False)], subject.now)
        return True

    async def _stopped(self, connection: Any, request: Request, subject: Subject) -> None:
        """Who stops us before hearing anything ends the message, on every channel."""
        if subject.call.inbound or await self._state(connection, subject) in _REACHED:
            return
        failure = FailureClass.OPTED_OUT
        word = Word(AttemptState.FAILED, provider_ref=request.call_ref, failure=failure, known=True)
        await self.settling.settle(connection, [News(subject.call.attempt_id, word, closes=False)], subject.now)

    async def _hear(
        self,
        connection: Any,
        request: Request,
        subject: Subject,
        *,
        text: str = "",
        button: str | None = None,
        hint: str | None = None,
    ) -> InboundMessage:
        reply = InboundMessage(
            provider_ref=f"{request.call_ref}-{request.seq}",
            channel=Channel.VOICE,
            from_address=request.debtor_number,
            to_address=request.our_number,
            text=text,
            button=button,
            opt_out_hint=hint,
            answers=subject.call.attempt_id,
        )
        await self.replies.hear(connection, reply, request.provider)
        return reply

    async def _count(self, connection: Any, subject: Subject) -> None:
        """A talk that the debtor began counts as a contact too."""
        call = subject.call
        book = await self.consequences.open(connection, [call.debtor_ref], subject.now)
        event = ContactRecorded(
            contact_ref=f"call-{call.id}",
            debtor_ref=call.debtor_ref,
            loan_ref=call.loan_ref,
            at=subject.now,
            channel=ContactWay.CALL,
            outcome=ContactOutcome.RIGHT_PARTY,
        )
        contact_recorded(book, event, subject.now)
        await self.consequences.close(connection, book, (), subject.now)

    async def _state(self, connection: Any, subject: Subject) -> AttemptState:
        attempt_id = subject.call.attempt_id
        return AttemptState((await attempts.by_id(connection, [attempt_id]))[attempt_id].state)
