"""Emergency closures: days on which nobody is contacted somewhere, ordered by people and lifted by people."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from campaigns.facts import EmergencyClosure

RULE = "emergency-closure"
_SPREAD = timedelta(days=1)
_COLUMNS = "id, jurisdiction, region, first_day, last_day, reason, made_by, made_at, lifted_at, lifted_by"

_STANDING = """
select jurisdiction, region, first_day, last_day, reason from closure
where lifted_at is null and last_day >= $1 order by id
"""
_LIST = f"select {_COLUMNS} from closure where lifted_at is null or $1 order by id"
_MAKE = f"insert into closure ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, null, null)"
_LIFT = "update closure set lifted_at = $2, lifted_by = $3 where id = $1 and lifted_at is null"
# The second bound is always true, and lets the index by time serve: it holds what is asked for from '-infinity' on.
_ASK_AGAIN = """
update message set due_at = greatest(earliest, $1), rule = null, updated_at = $1
where state = 'planned' and rule = $2 and due_at > $1 and due_at >= '-infinity'
"""


async def standing(connection: Any, now: datetime) -> list[EmergencyClosure]:
    """The closures not lifted whose last day is not over everywhere."""
    rows = await connection.fetch(_STANDING, (now - _SPREAD).date())
    return [EmergencyClosure(*tuple(row)) for row in rows]


async def make(connection: Any, closure_id: UUID, closure: EmergencyClosure, *, made_by: str, now: datetime) -> None:
    """Close days."""
    days = closure.first, closure.last
    await connection.execute(
        _MAKE, closure_id, closure.jurisdiction, closure.region, *days, closure.reason, made_by, now
    )


async def lift(connection: Any, closure_id: UUID, *, lifted_by: str, now: datetime) -> bool:
    """Lift a closure, and ask anew about every message that waits for one to end; False where it stands no more."""
    status: str = await connection.execute(_LIFT, closure_id, now, lifted_by)
    await connection.execute(_ASK_AGAIN, now, RULE)
    return status.endswith("1")


async def every(connection: Any, *, past_too: bool = False) -> list[dict[str, Any]]:
    """The closures not lifted, oldest first; with `past_too` also those that were."""
    return [dict(row) for row in await connection.fetch(_LIST, past_too)]
