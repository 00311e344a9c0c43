"""A campaign that becomes active is planned for the installments that were known before it, a batch at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.policy import ContactPolicy
from services.announcing import insert_announced
from services.history import history_from
from services.planning import Planner
from services.publisher import Publisher
from services.running import RunningCampaigns
from services.store import calendar, catch_up, outbox, people

_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class CatchUp:
    """One chore of upkeep; what is planned already has its semantic key and is passed over."""

    policy: ContactPolicy
    planner: Planner
    running: RunningCampaigns
    publisher: Publisher

    async def advance(self, connection: Any, now: datetime) -> bool:
        """Plan the next batch of people for one version; False where nobody is left."""
        place = await catch_up.next_place(connection)
        if place is None:
            return False
        await self.running.refresh(connection, now)
        refs = await calendar.next_people(connection, after=place.after, limit=_PEOPLE)
        if not refs:
            await catch_up.finish(connection, place)
            return True
        await people.lock_debtors(connection, refs)
        known, _ = await people.load(
            connection, debtor_refs=refs, now=now, history_from=history_from(self.policy, self.running, now)
        )
        rows = [
            row
            for person in known.values()
            for row in self.planner.plan(person, person.loans.values(), now, cause=None)
        ]
        _, said = await insert_announced(connection, self.planner, rows, now)
        await outbox.append(connection, self.publisher.rows(said, now), now)
        await catch_up.move(connection, place, refs[-1])
        return True
