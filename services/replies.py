"""Replies: understood, kept sealed, taken to heart at once, and published; one `reply.received` for each."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.book import Book
from campaigns.replies import Intent, ReplyMeaning, understand
from channels.phones import canonical, comparable
from channels.provider import InboundMessage
from services import telemetry
from services.clock import Clock
from services.consequences import Consequences
from services.database import Database
from services.failpoints import failpoint
from services.hearing import Hearing, take_to_heart
from services.ids import uuid7
from services.store import faults, receipts, tasks
from services.vault import Vault
from services.writers import Answered, who_wrote

REPLY_CONTEXT = b"reply.sealed"


class Replies:
    """Takes inbound messages; `take` returns when all that follows is committed."""

    def __init__(self, *, database: Database, consequences: Consequences, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._consequences = consequences
        self._vault = vault
        self._clock = clock

    async def take(self, inbound: InboundMessage, provider: str) -> None:
        """Handle one reply, once, however often the provider tells of it."""
        intent = await self._database.insist(lambda c: self.hear(c, inbound, provider), what="reply")
        await failpoint("replies.after_commit")
        if intent is not None:
            telemetry.REPLIES.labels(inbound.channel.value, intent.value).inc()

    async def hear(self, connection: Any, inbound: InboundMessage, provider: str) -> Intent | None:
        """Handle one reply inside the caller's transaction; None where it was told before."""
        now = self._clock.now()
        blind = self._vault.blind(comparable(canonical(inbound.from_address) or inbound.from_address).lower())
        writers = await who_wrote(connection, inbound, blind)
        owners, answered = writers.owners, writers.answered
        book = await self._consequences.open(connection, [ref for ref, _ in owners], now)
        meaning = self._understood(inbound, book, owners, answered, now)
        hearing = Hearing(uuid7(), inbound, meaning, owners, answered, book, now, [], [], [])
        if not await receipts.keep_reply(connection, self._row(hearing, provider, blind)):
            return None
        take_to_heart(hearing)
        for fault in hearing.faults:
            await faults.add(connection, uuid7(), fault, now)
        await tasks.create(connection, hearing.tasks, now)
        await self._consequences.close(connection, book, hearing.said, now)
        await failpoint("replies.before_commit")
        return meaning.intent

    def _understood(
        self,
        inbound: InboundMessage,
        book: Book,
        owners: Sequence[tuple[str, str]],
        answered: Answered,
        now: datetime,
    ) -> ReplyMeaning:
        person = book.people[owners[0][0]] if owners else None
        zone = ZoneInfo(person.timezone) if person and person.timezone else ZoneInfo("America/Mexico_City")
        loan = person.loans.get(answered.loan_ref or "") if person else None
        return understand(
            inbound.text,
            button=inbound.button,
            opt_out_hint=inbound.opt_out_hint,
            today=now.astimezone(zone).date(),
            currency=loan.currency if loan else None,
        )

    def _row(self, hearing: Hearing, provider: str, blind: bytes) -> receipts.ReplyRow:
        inbound = hearing.inbound
        plain = json.dumps({"text": inbound.text, "button": inbound.button}, ensure_ascii=False).encode()
        person = hearing.book.people.get(hearing.debtor or "")
        key = person.person_key if person else None
        sealed = self._vault.seal(key, plain, REPLY_CONTEXT) if key else self._vault.seal_raw(plain, REPLY_CONTEXT)
        return receipts.ReplyRow(
            id=hearing.reply_id,
            provider=provider,
            provider_ref=inbound.provider_ref,
            debtor_ref=hearing.debtor,
            message_id=hearing.answered.message_id,
            channel=inbound.channel.value,
            intent=hearing.meaning.intent.value,
            blind=blind,
            sealed=sealed,
            at=hearing.now,
        )
