"""The inbox: which events were handled already, by source and id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

_TAKE = """
insert into inbox (source, id, processed_at)
select s, i, $3 from unnest($1::text[], $2::text[]) as rows (s, i) order by s, i
on conflict do nothing returning source, id
"""
_RELEASE = """
delete from inbox i using unnest($1::text[], $2::text[]) as refused (source, id)
where i.source = refused.source and i.id = refused.id
"""
_PRUNE = """
delete from inbox where ctid = any(array(
    select ctid from inbox where processed_at < $1 limit $2 for update skip locked))
"""


async def take(connection: Any, keys: Sequence[tuple[str, str]], now: datetime) -> set[tuple[str, str]]:
    """Of these (source, id), those never seen before; from now on they are."""
    unique = list(dict.fromkeys(keys))
    rows = await connection.fetch(_TAKE, [k[0] for k in unique], [k[1] for k in unique], now)
    return {(row["source"], row["id"]) for row in rows}


async def release(connection: Any, keys: Sequence[tuple[str, str]]) -> None:
    """Let events that were refused come again under the same id, once what stood against them has changed."""
    if keys:
        await connection.execute(_RELEASE, [k[0] for k in keys], [k[1] for k in keys])


async def prune(connection: Any, *, before: datetime, limit: int) -> int:
    """Forget events handled before an instant, at most `limit` of them; gives how many."""
    status: str = await connection.execute(_PRUNE, before, limit)
    return int(status.rpartition(" ")[2])
