"""How far calendar campaigns are planned, and for whom already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.store.messages import MessageRow

_PLACE = """
insert into calendar_place (campaign, planned_until) values ($1, $2)
on conflict (campaign) do update set campaign = excluded.campaign returning planned_until, after
"""
_PEOPLE = "select debtor_ref from debtor where state = 'active' and debtor_ref > $1 order by debtor_ref limit $2"
_MOVE = "update calendar_place set after = $2 where campaign = $1"
_FINISH = "update calendar_place set planned_until = $2, after = '' where campaign = $1"
_PLANNED = """
select debtor_ref, occurrence, step from message
where debtor_ref = any($1::text[]) and campaign = $2 and occurrence = any($3::date[])
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Planned for everyone until `planned_until`; of the round under way, everyone up to `after`."""

    planned_until: datetime
    after: str


async def place(connection: Any, campaign: str, now: datetime) -> Place:
    """Where a campaign's planning stands; a new one starts now. Locks its place."""
    row = await connection.fetchrow(_PLACE, campaign, now)
    return Place(row["planned_until"], row["after"])


async def next_people(connection: Any, *, after: str, limit: int) -> list[str]:
    """The next debtors in the order of their refs."""
    return [row["debtor_ref"] for row in await connection.fetch(_PEOPLE, after, limit)]


async def move(connection: Any, campaign: str, after: str) -> None:
    """The round has come this far."""
    await connection.execute(_MOVE, campaign, after)


async def finish(connection: Any, campaign: str, planned_until: datetime) -> None:
    """The round is over."""
    await connection.execute(_FINISH, campaign, planned_until)


async def planned_already(connection: Any, campaign: str, rows: Sequence[MessageRow]) -> set[tuple[str, date, str]]:
    """Of these occurrences, those a person has a message for, by whichever loan."""
    found = await connection.fetch(
        _PLANNED, list({row.debtor_ref for row in rows}), campaign, list({row.occurrence for row in rows})
    )
    return {(row["debtor_ref"], row["occurrence"], row["step"]) for row in found}
