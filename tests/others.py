"""What other tests do on the same PostgreSQL server, where it matters."""

import asyncio
from typing import Any

_UNDER_WAY = """
select backend_xid::text as xact from pg_stat_activity
where datname is distinct from current_database() and backend_xid is not null
"""


async def others_finished(connection: Any) -> None:
    """Wait for the transactions that other databases have under way now: a server's horizon is one for all of them."""
    waited_for = under_way = await _under_way(connection)
    while waited_for & under_way:
        await asyncio.sleep(0.01)
        under_way = await _under_way(connection)


async def _under_way(connection: Any) -> set[str]:
    # In a transaction PostgreSQL would show its activity of the first look again and again.
    await connection.execute("select pg_stat_clear_snapshot()")
    return {row["xact"] for row in await connection.fetch(_UNDER_WAY)}
