"""Lists of the console about stops and closures, the newest first, a page at a time."""

from typing import Any
from uuid import UUID

LAST = UUID(int=(1 << 128) - 1)
"""Comes after every id: where the first page begins."""

_STOPS = """
select id, scope, name, reason, made_by, since, lifted_at, lifted_by from stop where id < $1 order by id desc limit $2
"""
_CLOSURES = """
select id, jurisdiction, region, first_day, last_day, reason, made_by, made_at, lifted_at, lifted_by from closure
where id < $1 order by id desc limit $2
"""


async def stops(connection: Any, *, before: UUID, limit: int) -> list[dict[str, Any]]:
    """Kill switches, those in force and those of the past."""
    return [dict(row) for row in await connection.fetch(_STOPS, before, limit)]


async def closures(connection: Any, *, before: UUID, limit: int) -> list[dict[str, Any]]:
    """Emergency closures, lifted ones too."""
    return [dict(row) for row in await connection.fetch(_CLOSURES, before, limit)]
