"""Leaving without words: by the link of a message, or by a complaint at a mailbox provider."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.permissions import suppress
from campaigns.person import Person, Suppression
from campaigns.question import standing_suppressions
from schemas.enums import AttemptState, Channel
from schemas.outcome_events import ComplaintReceived
from schemas.outcome_words import OptSource
from services.clock import Clock
from services.consequences import Consequences
from services.database import Database
from services.failpoints import failpoint
from services.leaving import leave
from services.publisher import Said
from services.store import attempts, receipts
from services.store.attempts import AttemptRow

COMPLAINT = "complaint"
_NEVER_SEEN = frozenset({AttemptState.NOT_SENT.value, AttemptState.REJECTED.value})


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Ends messages to a person by the channels that reached them; again and again is the same as once."""

    database: Database
    consequences: Consequences
    clock: Clock

    async def knows(self, message_id: UUID) -> bool:
        """Whether a message was sent that may have this link; changes nothing."""
        return bool(await self.database.insist(lambda c: attempts.of_message(c, message_id), what="opt_out"))

    async def by_link(self, message_id: UUID) -> bool:
        """The person asked for it at a message's link; False where there is no such message."""
        known = await self.database.insist(lambda c: self._by_link(c, message_id), what="opt_out")
        await failpoint("optouts.after_commit")
        return known

    async def by_complaint(self, connection: Any, attempt_id: UUID, reason: str) -> None:
        """A mailbox provider tells that the person called a mail unwanted; inside the caller's transaction."""
        attempt = (await attempts.by_id(connection, [attempt_id]))[attempt_id]
        await self._stop(connection, [attempt], OptSource.PROVIDER, complaint=reason)

    async def _by_link(self, connection: Any, message_id: UUID) -> bool:
        tried = await attempts.of_message(connection, message_id)
        seen = [attempt for attempt in tried if attempt.state not in _NEVER_SEEN] or tried[-1:]
        if seen:
            await self._stop(connection, seen, OptSource.LINK)
        await failpoint("optouts.before_commit")
        return bool(seen)

    async def _stop(
        self, connection: Any, seen: Sequence[AttemptRow], source: OptSource, *, complaint: str | None = None
    ) -> None:
        """All of one person; each channel is stopped, and told, once."""
        now, debtor_ref = self.clock.now(), seen[0].debtor_ref
        book = await self.consequences.open(connection, [debtor_ref], now)
        said, everywhere = [], self.consequences.stop_everywhere
        if complaint and not await receipts.heard(connection, seen[0].id, COMPLAINT):
            said.append(Said(_complained(seen[0], complaint, now)))
        ways = list({attempt.channel: attempt for attempt in seen}.values())
        for attempt in _still_open(book.people.get(debtor_ref), ways[:1] if everywhere else ways):
            stop, told = _left(attempt, source, now, everywhere=everywhere)
            suppress(book, debtor_ref, stop)
            said.append(told)
        await self.consequences.close(connection, book, said, now)


def _still_open(person: Person | None, seen: Iterable[AttemptRow]) -> list[AttemptRow]:
    """Those by whose channel nothing stops us yet; none for a person that is no longer known."""
    if person is None:
        return []
    standing = standing_suppressions(person.suppressions)
    stopped = {stop.channel for stop in standing if stop.reason == "opt_out" and stop.scope in ("channel", "person")}
    return [] if None in stopped else [attempt for attempt in seen if attempt.channel not in stopped]


def _left(attempt: AttemptRow, source: OptSource, now: datetime, *, everywhere: bool) -> tuple[Suppression, Said]:
    return leave(
        attempt.debtor_ref,
        Channel(attempt.channel),
        source=source,
        now=now,
        everywhere=everywhere,
        loan_ref=attempt.loan_ref,
        message_ref=attempt.message_id,
        attempt_ref=attempt.id,
        contact_point_ref=attempt.contact_point_ref,
        evidence_ref=str(attempt.id),
    )


def _complained(attempt: AttemptRow, reason: str, now: datetime) -> ComplaintReceived:
    return ComplaintReceived(
        debtor_ref=attempt.debtor_ref,
        loan_ref=attempt.loan_ref,
        occurred_at=now,
        message_ref=attempt.message_id,
        attempt_ref=attempt.id,
        channel=Channel(attempt.channel),
        reason=reason,
    )
