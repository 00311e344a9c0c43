"""What follows when debtors change by their own word or a provider's: stops and holds written, plans reviewed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.book import Book
from campaigns.policy import ContactPolicy
from services.history import history_from
from services.ids import uuid7
from services.planning import Planner
from services.publisher import Publisher, Said
from services.running import RunningCampaigns
from services.store import messages, outbox, people, projection


@dataclass(frozen=True, slots=True)
class Consequences:
    """Opens the book of known debtors, and closes it with all that follows.

    `stop_everywhere` says that a debtor's stop holds on every channel in this deployment, however it came.
    """

    policy: ContactPolicy
    planner: Planner
    running: RunningCampaigns
    publisher: Publisher
    stop_everywhere: bool = False

    async def open(self, connection: Any, debtor_refs: Iterable[str], now: datetime) -> Book:
        """Lock debtors and read what is known of them."""
        refs = sorted(set(debtor_refs))
        await people.lock_debtors(connection, refs)
        known, orphans = await people.load(
            connection, debtor_refs=refs, now=now, history_from=history_from(self.policy, self.running, now)
        )
        return Book(known, orphans)

    async def close(self, connection: Any, book: Book, said: Sequence[Said], now: datetime) -> None:
        """Write what changed, end or hold what is planned accordingly, and publish it in order."""
        await projection.write(connection, book, (), now=now, new_id=uuid7)
        planned = await messages.planned_of(connection, sorted(book.people))
        for version_id in {row.version_id for row in planned}:
            await self.running.load(connection, version_id)
        reviewed = self.planner.review(planned, book.people, book.changes.triggers, now)
        await messages.update(connection, reviewed.rows, now)
        await outbox.append(connection, self.publisher.rows([*said, *reviewed.said], now), now)
