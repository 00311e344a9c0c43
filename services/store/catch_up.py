"""How far newly active versions are planned for what was known before them."""

from dataclasses import dataclass
from typing import Any

_MISSING = """
insert into catch_up (version_id) select v.id from campaign_version v
where v.state = 'active' and not exists (select from catch_up c where c.version_id = v.id)
on conflict do nothing
"""
_NEXT = """
select c.version_id, c.after from catch_up c join campaign_version v on v.id = c.version_id
where not c.done and v.state = 'active' order by c.version_id limit 1 for update of c skip locked
"""
_MOVE = "update catch_up set after = $2 where version_id = $1"
_FINISH = "update catch_up set done = true where version_id = $1"


@dataclass(frozen=True, slots=True)
class Place:
    """A version that is planned for everyone up to `after`."""

    version_id: int
    after: str


async def next_place(connection: Any) -> Place | None:
    """A version that has people left, locked for this transaction; None where all are done or in other hands."""
    await connection.execute(_MISSING)
    row = await connection.fetchrow(_NEXT)
    return None if row is None else Place(row["version_id"], row["after"])


async def move(connection: Any, place: Place, after: str) -> None:
    """The sweep has come this far."""
    await connection.execute(_MOVE, place.version_id, after)


async def finish(connection: Any, place: Place) -> None:
    """The sweep is over."""
    await connection.execute(_FINISH, place.version_id)
