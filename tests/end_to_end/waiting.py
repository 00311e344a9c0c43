"""Waiting for facts, never for time to pass."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

PAUSE = 0.02


async def eventually(
    fact: Callable[[], Any | Awaitable[Any]], what: str | Callable[[], str], *, within: float = 20.0
) -> Any:
    """Ask again until `fact` gives something true, and give that; fails with `what` was waited for."""
    deadline = time.monotonic() + within
    while True:
        found = fact()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within:g} s for {what() if callable(what) else what}")
        await asyncio.sleep(PAUSE)
