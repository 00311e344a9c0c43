"""Waiting for other tests' transactions: their end is seen from within a transaction too."""

import asyncio

import asyncpg

from tests.end_to_end.waiting import eventually
from tests.others import others_finished

LOOKED = "select 1 from pg_stat_activity where pid = $1 and query like '%backend_xid%'"


async def test_the_end_of_anothers_transaction_is_seen_inside_a_transaction(
    database_url: str, postgres_dsn: str
) -> None:
    waiting, other = await asyncpg.connect(database_url), await asyncpg.connect(postgres_dsn)
    watching = await asyncpg.connect(postgres_dsn)
    ours, theirs = waiting.transaction(), other.transaction()
    await theirs.start()
    await other.execute("select pg_current_xact_id()")
    await ours.start()
    pid = await waiting.fetchval("select pg_backend_pid()")
    ended = asyncio.create_task(others_finished(waiting))
    await eventually(lambda: watching.fetchval(LOOKED, pid), "the first look")
    assert not ended.done()
    await theirs.rollback()
    await asyncio.wait_for(ended, 30)
    for each in (waiting, other, watching):
        await each.close()
