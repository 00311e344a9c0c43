"""The engine fixture: a function that makes an engine for a definition."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.services.engine.engine import TUESDAY, Engine, make_engine

MakeEngine = Callable[..., Awaitable[Engine]]


@pytest.fixture
async def engine(database_url: str, data_dir: Path) -> AsyncIterator[MakeEngine]:
    """`await engine(definition)` gives an engine whose database is gone after the test."""
    made: list[Engine] = []

    async def make(text: str, now: datetime = TUESDAY, **more: Any) -> Engine:
        made.append(await make_engine(database_url, data_dir, text, now=now, **more))
        return made[-1]

    yield make
    for each in made:
        await each.database.close()
