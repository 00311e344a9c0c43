"""Mail that comes back: finds the attempt that it is about, and takes it to heart."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never
from uuid import UUID

from channels.provider import InboundMessage, Receipt
from channels.registry import Registry
from channels.smtp_bounces import Automatic, Bounce, Complaint, Reply, Returned, read_returned
from channels.smtp_message import message_id_of
from schemas.enums import Channel
from services.clock import Clock
from services.database import Database
from services.mail_tokens import attempt_of
from services.optouts import COMPLAINT, OptOuts
from services.receipts import Callback, Receipts
from services.replies import Replies
from services.store import attempts
from services.store.attempts import AttemptRow

_KEPT_CHARACTERS = 64_000
_STOP = "STOP"
_NO_PROVIDER = "mail"


class Filed(StrEnum):
    """What a mail turned out to be."""

    BOUNCE = "bounce"
    NOTE = "note"
    COMPLAINT = "complaint"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Takes one mail at a time; the same mail twice is the same as once."""

    database: Database
    registry: Registry
    receipts: Receipts
    replies: Replies
    optouts: OptOuts
    clock: Clock
    secret: bytes

    async def take(self, raw: bytes, recipient: str = "") -> Filed:
        """File a mail for good before this returns; raises NoMail."""
        returned = read_returned(raw, recipient)
        attempt = await self._attempt(returned)
        content = returned.content
        match content:
            case Reply():
                await self.replies.take(_inbound(content, attempt), self._provider(attempt))
                return Filed.REPLY
            case Automatic():
                return Filed.AUTOMATIC
            case Bounce() | Complaint():
                if attempt is None:
                    return Filed.NOT_OURS
                return await self._told(attempt, content, raw)
            case _:
                assert_never(content)

    async def _told(self, attempt: AttemptRow, content: Bounce | Complaint, raw: bytes) -> Filed:
        callback = Callback(attempt.id, attempt.provider, _receipt(content, attempt), _form(raw), self.clock.now())
        if isinstance(content, Bounce):
            await self.receipts.take(callback)
            return Filed.BOUNCE if content.failure else Filed.NOTE
        await self.database.insist(lambda c: self._complained(c, callback, attempt, content.kind), what="complaint")
        return Filed.COMPLAINT

    async def _complained(self, connection: Any, callback: Callback, attempt: AttemptRow, kind: str) -> None:
        await self.optouts.by_complaint(connection, attempt.id, kind)
        await self.receipts.keep(connection, callback, attempt.debtor_ref)

    async def _attempt(self, returned: Returned) -> AttemptRow | None:
        """By a token of ours before all else; an attempt by another channel is none."""
        signed = [found for token in returned.tokens if (found := attempt_of(self.secret, token)) is not None]
        named: Sequence[UUID] = [*signed, *returned.quoted]
        if not named:
            return None
        rows = await self.database.insist(lambda c: attempts.by_id(c, named), what="mail")
        known = (rows[each] for each in named if each in rows)
        return next((row for row in known if row.channel == Channel.EMAIL), None)

    def _provider(self, attempt: AttemptRow | None) -> str:
        if attempt is not None:
            return attempt.provider
        routes = self.registry.for_channel(Channel.EMAIL)
        return routes[0].provider.id if routes else _NO_PROVIDER


def _inbound(reply: Reply, attempt: AttemptRow | None) -> InboundMessage:
    """Writing to the mailbox for those who want to leave is a stop, whatever it says."""
    return InboundMessage(
        provider_ref=reply.message_id,
        channel=Channel.EMAIL,
        from_address=reply.from_address,
        to_address=reply.to_address,
        text=reply.text,
        opt_out_hint=_STOP if reply.leaving else None,
        answers=attempt.id if attempt is not None else None,
    )


def _receipt(content: Bounce | Complaint, attempt: AttemptRow) -> Receipt:
    name = message_id_of(attempt.id, attempt.sender)
    if isinstance(content, Complaint):
        return Receipt(name, None, COMPLAINT)
    return Receipt(name, content.state, content.status, content.failure, content.code)


def _form(raw: bytes) -> Sequence[tuple[str, str]]:
    return [("mail", raw[:_KEPT_CHARACTERS].decode("utf-8", "replace"))]
