"""Who wrote a reply, and what it answers, as far as can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels.provider import InboundMessage
from services.store import attempts, receipts


@dataclass(frozen=True, slots=True)
class Answered:
    """The message a reply most likely answers."""

    message_id: UUID | None
    loan_ref: str | None


@dataclass(frozen=True, slots=True)
class Writers:
    """Everyone whose number or mailbox it is as (debtor, contact point), the likeliest first; and what they answer."""

    owners: Sequence[tuple[str, str]]
    answered: Answered


async def who_wrote(connection: Any, inbound: InboundMessage, blind: bytes) -> Writers:
    """By the attempt that the reply names, else by the sender's blind index and the last message to them."""
    owners = await receipts.owners(connection, blind)
    if inbound.answers is not None:
        attempt = (await attempts.by_id(connection, [inbound.answers])).get(inbound.answers)
        if attempt is not None:
            asked = (attempt.debtor_ref, attempt.contact_point_ref)
            others = [owner for owner in owners if owner[0] != attempt.debtor_ref]
            return Writers([asked, *others], Answered(attempt.message_id, attempt.loan_ref))
    if not owners:
        return Writers([], Answered(None, None))
    row = await receipts.last_message(connection, owners[0][0], inbound.channel.value)
    return Writers(owners, Answered(row["id"], row["loan_ref"]) if row is not None else Answered(None, None))
