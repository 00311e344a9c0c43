"""A folder with lenders, providers, templates and a definition, and the database beside it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.database import Database
from services.settings import PROJECT_ROOT, Settings
from tests.services.campaigns.deployment import Deployment

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """The project's own lenders, packs and templates, with definitions of this test alone."""
    return Deployment(tmp_path, PROJECT_ROOT)


@pytest.fixture
def settings(deployment: Deployment, database_url: str) -> Settings:
    """Settings of that deployment over this test's database."""
    return deployment.settings(database_url=database_url, now=NOW)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of this test."""
    opened = await Database.connect(database_url, size=3)
    yield opened
    await opened.close()
