"""The real application over real parts and a database of the module's own; only the clock is a fake."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.keys import KeyRole
from services.wiring import Parts
from tests.end_to_end.fixtures import a_database
from tests.services.api.application import Client, activate_campaigns, application, assembled, make_key

_EMPTIED = (
    "truncate debtor, loan, open_attempt, inbox, outbox, task, decision, receipt, stop, idempotent_answer cascade"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def deployment(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[Parts]:
    """A deployment with the sample campaigns, whose provider nobody calls."""
    async with a_database(postgres_dsn, template_database) as dsn:
        made = await assembled(dsn, tmp_path_factory.mktemp("deployment"))
        await activate_campaigns(made)
        yield made
        await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def parts(deployment: Parts) -> Parts:
    """The deployment, knowing nobody yet."""
    async with deployment.database.transaction() as connection:
        await connection.execute("set local session_replication_role = replica")  # past the append-only triggers
        await connection.execute(_EMPTIED)
    return deployment


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The application that `puntual serve` would run."""
    return application(parts)


@pytest_asyncio.fixture(loop_scope="module")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://puntual.test") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def admin(http: httpx.AsyncClient, parts: Parts) -> Client:
    """A client that may do everything."""
    return Client(http, await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now()))
