"""Many rows in one statement: each column goes as one array, which SQL unnests."""

from collections.abc import Callable, Sequence
from typing import Any


async def write_rows(
    connection: Any, sql: str, rows: Sequence[Any], columns: Callable[[Any], tuple[Any, ...]], *more: Any
) -> None:
    """Run `sql` once over all rows: its first arguments are their columns, then come `more`."""
    if rows:
        await connection.execute(sql, *zip(*map(columns, rows), strict=True), *more)
