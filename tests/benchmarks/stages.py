"""The stages that figures start at, each made once by the real roles: debtors known, messages planned, sent."""

import asyncio
import json
from functools import partial

import asyncpg

from tests.benchmarks import portfolio
from tests.benchmarks.grounds import Grounds, counter
from tests.benchmarks.machine import Measured
from tests.statements import execute

OUTBOX = "select max(seq) from outbox"


async def debtors(on: Grounds) -> None:
    """Every debtor known, with a loan."""
    if on.has("debtors"):
        return
    async with on.deployment("empty") as deployment:
        await asyncio.to_thread(portfolio.produce_snapshots, on.bootstrap, deployment.prefix, on.count)
        connection, count = await counter(deployment.dsn, "select count(*) from contact_point")
        await on.measure(deployment, ["ingest"], count, on.count)
        await connection.close()
        await on.keep("debtors", deployment)


async def ingest(on: Grounds) -> Measured:
    """Due events from Kafka into the projection, the plan and the outbox."""
    await debtors(on)
    async with on.deployment("debtors") as deployment:
        connection, count = await counter(deployment.dsn, OUTBOX)
        dues = partial(asyncio.to_thread, portfolio.produce_dues, on.bootstrap, deployment.prefix, range(on.count))
        measured = await on.measure(deployment, ["ingest"], count, on.count, load=dues)
        await _must_be(connection, "select count(*) from message where state = 'planned'", on.count)
        await connection.close()
        if not on.has("planned"):
            await on.keep("planned", deployment)
    return measured


async def dispatch(on: Grounds) -> Measured:
    """Due messages claimed, sent and settled."""
    if not on.has("planned"):
        await ingest(on)
    async with on.deployment("planned") as deployment:
        await execute(deployment.dsn, "delete from outbox", "vacuum outbox")
        connection, count = await counter(deployment.dsn, OUTBOX + f" where seq > {on.count}")
        measured = await on.measure(deployment, ["dispatch"], _less(count, on.count), on.count)
        await _must_be(connection, "select count(*) from attempt where state = 'accepted'", on.count)
        await connection.close()
        if not on.has("sent"):
            await on.keep("sent", deployment)
    return measured


async def relay(on: Grounds) -> Measured:
    """What the plan said, from the outbox to Kafka."""
    if not on.has("planned"):
        await ingest(on)
    async with on.deployment("planned") as deployment:
        topic = deployment.prefix + portfolio.OUTCOMES
        await execute(
            deployment.dsn, f"update outbox set aggregatetype = '{topic}'", "vacuum full outbox", "checkpoint"
        )
        written = on.written(topic)
        return await on.measure(deployment, ["relay"], written, on.count)


def _less(count, by):  # type: ignore[no-untyped-def]
    async def less() -> int:
        return max(0, await count() - by)

    return less


async def _must_be(connection: asyncpg.Connection, sql: str, wanted: int) -> None:
    found = await connection.fetchval(sql)
    if found != wanted:
        said = await connection.fetch("select state, outcome, reason, rule, count(*) from message group by 1, 2, 3, 4")
        raise RuntimeError(f"{sql}: {found}, not {wanted}; {json.dumps([list(map(str, row)) for row in said])}")
