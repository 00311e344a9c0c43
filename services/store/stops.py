"""Kill switches: what nobody may send by, for, or at all, until they are lifted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_STANDING = "select scope, name from stop where lifted_at is null"
_LIST = """
select id, scope, name, reason, made_by, since, lifted_at, lifted_by from stop
where lifted_at is null or $1 order by since
"""
_PAGE = """
select id, scope, name, reason, made_by, since, lifted_at, lifted_by from stop
where (lifted_at is null or $1) and (since, id) > ($2, $3) order by since, id limit $4
"""
_CAMPAIGNS = "select distinct campaign from campaign_version"
_MAKE = """
insert into stop (id, scope, name, reason, made_by, since) values ($1, $2, $3, $4, $5, $6)
"""
_LIFT = """
update stop set lifted_at = $3, lifted_by = $4
where lifted_at is null and scope = $1 and name is not distinct from $2 returning id
"""
_LIFT_ONE = "update stop set lifted_at = $2, lifted_by = $3 where id = $1 and lifted_at is null"


@dataclass(frozen=True, slots=True)
class Stops:
    """Kill switches in force."""

    everything: bool = False
    campaigns: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()


async def standing(connection: Any) -> Stops:
    """Every switch in force."""
    named: dict[str, set[str]] = {"campaign": set(), "channel": set(), "provider": set(), "jurisdiction": set()}
    everything = False
    for row in await connection.fetch(_STANDING):
        if row["scope"] == "all":
            everything = True
        else:
            named[row["scope"]].add(row["name"])
    return Stops(
        everything=everything,
        campaigns=frozenset(named["campaign"]),
        channels=frozenset(named["channel"]),
        providers=frozenset(named["provider"]),
        jurisdictions=frozenset(named["jurisdiction"]),
    )


async def make(
    connection: Any, stop_id: UUID, *, scope: str, name: str | None, reason: str, made_by: str, now: datetime
) -> None:
    """Throw a switch."""
    await connection.execute(_MAKE, stop_id, scope, name, reason, made_by, now)


async def lift(connection: Any, *, scope: str, name: str | None, lifted_by: str, now: datetime) -> list[UUID]:
    """Lift every switch of a scope and name; gives which they were."""
    return [row["id"] for row in await connection.fetch(_LIFT, scope, name, now, lifted_by)]


async def lift_one(connection: Any, stop_id: UUID, *, lifted_by: str, now: datetime) -> bool:
    """Lift one switch; False where it stands no more."""
    status: str = await connection.execute(_LIFT_ONE, stop_id, now, lifted_by)
    return status.endswith("1")


async def every(connection: Any, *, lifted_too: bool = False) -> list[dict[str, Any]]:
    """The switches in force, oldest first; with `lifted_too` also those of the past."""
    return [dict(row) for row in await connection.fetch(_LIST, lifted_too)]


async def page(connection: Any, *, lifted_too: bool, after: tuple[datetime, UUID], limit: int) -> list[dict[str, Any]]:
    """Up to `limit` switches that come after a place, oldest first."""
    return [dict(row) for row in await connection.fetch(_PAGE, lifted_too, *after, limit)]


async def exists(connection: Any, stop_id: UUID) -> bool:
    """Whether there ever was such a switch."""
    return bool(await connection.fetchval("select true from stop where id = $1", stop_id))


async def campaigns(connection: Any) -> list[str]:
    """The names of every campaign that was ever stored."""
    return [row["campaign"] for row in await connection.fetch(_CAMPAIGNS)]
