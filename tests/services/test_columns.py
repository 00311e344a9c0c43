"""Rows as columns: what rows share is written once, instants come back as they were."""

from datetime import UTC, datetime, timedelta, timezone
from operator import itemgetter

from services.database import Database
from services.store.columns import by_kind


def test_what_rows_share_is_given_once_with_the_number_of_its_kind() -> None:
    rows = [("a", 1, "x"), ("b", 2, "y"), ("c", 3, "x"), ("d", 4, None)]
    columns = by_kind(rows, itemgetter(0, 1), itemgetter(2, 2))
    assert [list(each) for each in columns] == [
        ["a", "b", "c", "d"],
        [1, 2, 3, 4],
        [1, 2, 1, 3],
        ["x", "y", None],
        ["x", "y", None],
    ]


async def test_instants_are_stored_and_read_to_the_microsecond(database_url: str) -> None:
    mexico = timezone(timedelta(hours=-6))
    instants = [
        datetime(2026, 11, 24, 10, 0, 0, 1, tzinfo=mexico),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]
    database = await Database.connect(database_url, size=1)
    async with database.reading() as connection:
        read = await connection.fetchval("select $1::timestamptz[]", instants)
        told = await connection.fetchval("select $1::timestamptz::text", instants[0])
    await database.close()
    assert read == instants
    assert {each.tzinfo for each in read} == {UTC}
    assert told == "2026-11-24 16:00:00.000001+00"
