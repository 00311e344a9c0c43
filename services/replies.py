"""Replies: understood, kept sealed, taken to heart at once, and published; one `reply.received` for each."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.person import Person
from campaigns.replies import Intent, ReplyMeaning, understand
from channels.phones import canonical, comparable
from channels.provider import InboundMessage
from services import telemetry
from services.answers import Answers, Asked
from services.clock import Clock
from services.consequences import Consequences
from services.database import Database
from services.failpoints import failpoint
from services.hearing import Hearing, take_to_heart
from services.ids import uuid7
from services.store import faults, receipts, strangers, tasks
from services.strangers import remember
from services.vault import Vault
from services.writers import Answered, Writers, who_wrote

REPLY_CONTEXT = b"reply.sealed"


class Replies:
    """Takes inbound messages; `take` returns when all that follows is committed."""

    def __init__(
        self, *, database: Database, consequences: Consequences, answers: Answers, vault: Vault, clock: Clock
    ) -> None:
        self._database = database
        self._answers = answers
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
        now, everywhere = self._clock.now(), self._consequences.stop_everywhere
        blind = self._vault.blind(comparable(canonical(inbound.from_address) or inbound.from_address).lower())
        writers = await self._writers(connection, inbound, blind, now)
        owners, answered = writers.owners, writers.answered
        book = await self._consequences.open(connection, [ref for ref, _ in owners], now)
        asked = Asked()
        if owners:
            asked = await self._answers.asked(connection, owners[0][0], inbound.text, now)
        meaning = self._understood(inbound, book.people[owners[0][0]] if owners else None, answered, asked, now)
        hearing = Hearing(uuid7(), inbound, meaning, owners, answered, book, now, [], [], [], provider, asked.choice)
        hearing.stop_everywhere = everywhere
        if not await receipts.keep_reply(connection, self._row(hearing, provider, blind)):
            return None
        take_to_heart(hearing)
        for fault in hearing.faults:
            await faults.add(connection, uuid7(), fault, now)
        await tasks.create(connection, hearing.tasks, now)
        await self._consequences.close(connection, book, hearing.said, now)
        if owners:
            await self._answers.plan(connection, hearing)
        else:
            await remember(connection, hearing, blind, everywhere=everywhere)
        await failpoint("replies.before_commit")
        return meaning.intent

    async def _writers(self, connection: Any, inbound: InboundMessage, blind: bytes, now: datetime) -> Writers:
        """Who wrote; before a stop is taken for a stranger's, no snapshot may be under way that says whose it is."""
        writers = await who_wrote(connection, inbound, blind)
        if writers.owners:
            return writers
        meaning = self._understood(inbound, None, writers.answered, Asked(), now)
        if meaning.stop is None and meaning.intent is not Intent.OPT_IN:
            return writers
        await strangers.shut_snapshots_out(connection)
        return await who_wrote(connection, inbound, blind)

    def _understood(
        self, inbound: InboundMessage, person: Person | None, answered: Answered, asked: Asked, now: datetime
    ) -> ReplyMeaning:
        """In the writer's own calendar, or the lenders' where nobody is known to have written."""
        loan = person.loans.get(answered.loan_ref or "") if person else None
        planner = self._consequences.planner
        if person is None or loan is None:
            zone = ZoneInfo(person.timezone) if person and person.timezone else planner.home_zone()
        else:
            zone = planner.zone(person, loan)
        return understand(
            inbound.text,
            button=asked.choice.value if asked.choice else inbound.button,
            opt_out_hint=inbound.opt_out_hint,
            today=now.astimezone(zone).date(),
            currency=loan.known_currency if loan else None,
            last_prompt=asked.prompt,
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
