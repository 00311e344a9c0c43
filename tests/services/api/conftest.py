"""The real application over real parts and a database of the test's own; only the clock is a fake."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.keys import KeyRole
from services.wiring import Parts
from tests.services.api.application import Client, application, assembled, make_key


@pytest.fixture
async def parts(database_url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    """The parts of a deployment whose provider nobody calls."""
    made = await assembled(database_url, tmp_path)
    yield made
    await made.close()


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The application that `puntual serve` would run."""
    return application(parts)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://puntual.test") as client:
        yield client


@pytest.fixture
async def admin(http: httpx.AsyncClient, parts: Parts) -> Client:
    """A client that may do everything."""
    return Client(http, await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now()))


