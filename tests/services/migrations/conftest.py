"""A database that the tests of one module share."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import asyncpg
import pytest


@pytest.fixture(scope="module")
def shared_database_url(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """The present schema without rows, for tests that undo what they do."""
    name = f"shared_{uuid4().hex}"
    asyncio.run(administer(postgres_dsn, f"create database {name} template {template_database}"))
    yield postgres_dsn.replace("/puntual?", f"/{name}?")
    asyncio.run(administer(postgres_dsn, f"drop database {name} with (force)"))


async def administer(dsn: str, statement: str) -> None:
    """Run one statement outside any transaction."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
