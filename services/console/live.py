"""Figures that many open pages show: each is read once for all of them, at most every so many seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.clock import Clock
from services.database import Database


@dataclass(slots=True)
class _Kept:
    read_at: float = float("-inf")
    at: datetime | None = None
    value: Any = None
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


class Feeds:
    """The latest of each figure by name."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    async def latest(
        self, name: str, seconds: float, read: Callable[[Any, datetime], Awaitable[Any]]
    ) -> tuple[Any, datetime]:
        """What `read(connection, now)` gave at most `seconds` ago, and when; who waits meanwhile gets the same."""
        kept = self._kept.setdefault(name, _Kept())
        async with kept.reading:
            if kept.at is None or self._clock.monotonic() - kept.read_at >= seconds:
                now = self._clock.now()
                async with self._database.reading() as connection:
                    kept.value = await read(connection, now)
                kept.at, kept.read_at = now, self._clock.monotonic()
            return kept.value, kept.at
