"""Worlds for tests: one for a module's tests where they can't disturb each other, or one of a test's own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from services.embedded.kafka import EmbeddedBroker
from services.settings import Settings
from services.topics import wanted_topics
from tests.end_to_end.world import World
from tests.invariants import check

TUESDAY = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


class MakeWorld(Protocol):
    """Makes worlds that end with the test; `dsn` takes another database than one made for it."""

    def __call__(self, *, now: datetime = TUESDAY, dsn: str | None = None, **settings: Any) -> Any:
        """A context in which the world lives, not yet started."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[World]:
    """A running world that the tests of a module share; at its end every invariant must hold."""
    folder = tmp_path_factory.mktemp("world")
    async with a_world(folder, postgres_dsn, template_database) as made:
        await made.start()
        yield made
        await prove(made)


@pytest.fixture
def make_world(postgres_dsn: str, template_database: str, tmp_path: Path) -> Iterator[MakeWorld]:
    """Makes a world of the test's own."""

    @asynccontextmanager
    async def make(*, now: datetime = TUESDAY, dsn: str | None = None, **settings: Any) -> AsyncIterator[World]:
        folder = tmp_path / uuid4().hex
        async with a_world(folder, postgres_dsn, template_database, now=now, dsn=dsn, **settings) as made:
            yield made

    return make


@asynccontextmanager
async def a_world(
    folder: Path,
    server: str,
    template: str,
    *,
    now: datetime = TUESDAY,
    dsn: str | None = None,
    bootstrap: str | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """A world with its own database and broker unless given, not yet started."""
    async with AsyncExitStack() as stack:
        if dsn is None:
            dsn = await stack.enter_async_context(a_database(server, template))
        if bootstrap is None:
            broker = EmbeddedBroker()
            bootstrap = await asyncio.to_thread(broker.start)
            stack.callback(broker.stop)
            broker.ensure_topics(topic.name for topic in wanted_topics(Settings()))
        yield await stack.enter_async_context(World(folder, dsn=dsn, bootstrap=bootstrap, now=now, **settings))


async def prove(world: World) -> None:
    """Come to rest, then check every invariant and that nothing personal got out."""
    await world.rest()
    violations = await check(world)
    assert not violations, "\n".join(violations)


@asynccontextmanager
async def a_database(server: str, template: str) -> AsyncIterator[str]:
    """A database of its own on a server, with the present schema and no rows."""
    """A database with the present schema, dropped at the end."""
    name = f"world_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"create database {name} template {template}")
        yield server.replace("/puntual?", f"/{name}?")
        await connection.execute(f"drop database {name} with (force)")
    finally:
        await connection.close()
