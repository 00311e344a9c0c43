"""Campaigns on a calendar: everyone in their audience, once for each day the cron names, in their own local time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaigns.enrolment import RunningCampaign
from campaigns.person import Person
from campaigns.policy import ContactPolicy
from services.announcing import insert_announced
from services.history import history_from
from services.planning import Planner
from services.publisher import Publisher
from services.running import RunningCampaigns
from services.store import calendar, outbox, people
from services.store.messages import MessageRow

AHEAD = timedelta(hours=26)
_TURN = timedelta(seconds=1)
_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Calendar:
    """One chore of upkeep: plans a little ahead, one batch of people a transaction."""

    policy: ContactPolicy
    planner: Planner
    running: RunningCampaigns
    publisher: Publisher

    async def advance(self, connection: Any, now: datetime) -> bool:
        """Plan the next batch of one calendar campaign; False where all are planned ahead."""
        await self.running.refresh(connection, now)
        for campaign in self.running.active:
            if campaign.definition.schedule is not None:
                place = await calendar.place(connection, campaign.definition.campaign, now)
                if place.planned_until < now + AHEAD / 2:
                    await self._batch(connection, campaign, place, now)
                    return True
        return False

    async def _batch(self, connection: Any, campaign: RunningCampaign, place: calendar.Place, now: datetime) -> None:
        refs = await calendar.next_people(connection, after=place.after, limit=_PEOPLE)
        if not refs:
            await calendar.finish(connection, campaign.definition.campaign, now + AHEAD)
            return
        await people.lock_debtors(connection, refs)
        known, _ = await people.load(
            connection, debtor_refs=refs, now=now, history_from=history_from(self.policy, self.running, now)
        )
        since = max(place.planned_until, now - timedelta(hours=1))
        rows = self._rows(campaign, list(known.values()), since, now)
        taken = await calendar.planned_already(connection, campaign.definition.campaign, rows)
        rows = [row for row in rows if (row.debtor_ref, row.occurrence, row.step) not in taken]
        _, said = await insert_announced(connection, self.planner, rows, now)
        await outbox.append(connection, self.publisher.rows(said, now), now)
        await calendar.move(connection, campaign.definition.campaign, refs[-1])

    def _rows(
        self, campaign: RunningCampaign, known: Sequence[Person], since: datetime, now: datetime
    ) -> list[MessageRow]:
        return [
            row
            for person in known
            for row in self.planner.plan_calendar(person, campaign, since=since, until=now + AHEAD, now=now)
        ]


def turns(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, datetime]]:
    """When upkeep that runs from `start` on plans, and for which time: from, inclusive, until, exclusive."""
    now, planned_until = start, start
    while now < end:
        yield now, planned_until, now + AHEAD
        planned_until = now + AHEAD
        now = planned_until - AHEAD / 2 + _TURN
