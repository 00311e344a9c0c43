"""Many rows in one statement: columns as arrays that SQL unnests, or COPY where rows are only added."""

from collections.abc import Callable, Sequence
from typing import Any

Columns = Callable[[Any], tuple[Any, ...]]


async def write_rows(connection: Any, sql: str, rows: Sequence[Any], columns: Columns, *more: Any) -> None:
    """Run `sql` once over all rows: its first arguments are their columns, then come `more`."""
    if rows:
        await connection.execute(sql, *zip(*map(columns, rows), strict=True), *more)


async def write_kinds(
    connection: Any, sql: str, rows: Sequence[Any], own: Columns, shared: Columns, *more: Any
) -> None:
    """As `write_rows`, with the columns of `by_kind`."""
    if rows:
        await connection.execute(sql, *by_kind(rows, own, shared), *more)


def by_kind(rows: Sequence[Any], own: Columns, shared: Columns) -> tuple[Sequence[Any], ...]:
    """Columns as arrays: a row's own values and the number of its kind, then the values that a kind shares, once each.

    An array costs the driver a quarter of a microsecond an element, and most columns of a batch hold few values.
    """
    kinds: dict[tuple[Any, ...], int] = {}
    numbers = [kinds.setdefault(shared(row), len(kinds) + 1) for row in rows]
    return (*zip(*map(own, rows), strict=True), numbers, *zip(*kinds, strict=True))


async def copy_rows(connection: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows in their order by COPY, which costs a third less than an insert; a conflict fails the transaction."""
    if rows:
        await connection.copy_records_to_table(table, columns=columns, records=rows)
