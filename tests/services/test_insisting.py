"""Work that loses a lock is done again whole; what else goes wrong surfaces at once."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from services.database import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.connect(database_url, size=1)
    yield opened
    await opened.close()


async def test_work_that_lost_a_lock_is_done_again_and_nothing_stays_of_the_first_time(database: Database) -> None:
    times = 0

    async def work(connection: Any) -> int:
        nonlocal times
        times += 1
        await connection.execute("insert into inbox (source, id, processed_at) values ('s', $1, now())", str(times))
        if times == 1:
            raise asyncpg.DeadlockDetectedError("another was first")
        return times

    assert await database.insist(work, what="test") == 2
    async with database.reading() as connection:
        assert [row["id"] for row in await connection.fetch("select id from inbox")] == ["2"]


async def test_a_fault_of_the_work_itself_is_not_tried_again(database: Database) -> None:
    async def work(connection: Any) -> None:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        await database.insist(work, what="test")
