"""Figures that many look at are read once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from services.clock import FakeClock
from services.console.live import Feeds
from services.database import Database

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)


class _Pool:
    """A pool that lends nothing, as often as it is asked."""

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        """Lend nothing."""
        yield None


class _Reading:
    """Counts how often figures are read."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, _connection: Any, _now: datetime) -> int:
        self.times += 1
        await asyncio.sleep(0)
        return self.times


async def test_whoever_looks_at_once_gets_one_reading() -> None:
    clock, read = FakeClock(NOW), _Reading()
    feeds = Feeds(Database(_Pool()), clock)
    found = await asyncio.gather(*(feeds.latest("pulse", 5, read) for _ in range(50)))
    assert found == [(1, NOW)] * 50
    clock.advance(timedelta(seconds=4))
    assert await feeds.latest("pulse", 5, read) == (1, NOW)
    clock.advance(timedelta(seconds=1))
    assert await feeds.latest("pulse", 5, read) == (2, NOW + timedelta(seconds=5))


async def test_figures_of_another_name_are_read_apart() -> None:
    feeds = Feeds(Database(_Pool()), FakeClock(NOW))
    first, second = _Reading(), _Reading()
    await feeds.latest("one", 5, first)
    await feeds.latest("two", 5, second)
    assert (first.times, second.times) == (1, 1)
