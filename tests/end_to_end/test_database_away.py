"""A database that is away for a while costs time and nothing else."""

import asyncio
from pathlib import Path

import pytest

from services import migrations
from services.embedded.postgres import EmbeddedPostgres
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.topics import DEAD

pytestmark = pytest.mark.slow


async def test_events_wait_for_the_database_and_none_is_called_dead(make_world: MakeWorld, data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    dsn = await asyncio.to_thread(server.start)
    try:
        await migrations.upgrade(dsn)
        async with make_world(dsn=dsn) as world:
            await world.start()
            before, during = world.debtor(), world.debtor()
            await world.tell(before.snapshot(), before.due())
            await world.outcome(before, "message.delivered")
            await asyncio.to_thread(server.stop)
            await world.tell(during.snapshot(), during.due())
            await world.until(lambda: "database_unavailable" in world.serve.log, "the loss to be noticed")
            assert not world.topics.consumed()
            await asyncio.to_thread(server.start)
            await world.outcome(during, "message.delivered", within=40)
            await prove(world)
            assert world.topics.records(*DEAD) == []
            assert await world.serve.stop() == 0
    finally:
        server.stop()
