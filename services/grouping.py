"""Group commit: what many callers bring within a moment is handled in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Grouped(Generic[T]):
    """Collects items for `pause` seconds or until there are `most`; `put` returns when its item is committed."""

    def __init__(
        self, handle: Callable[[Sequence[T]], Awaitable[None]], *, pause: float = 0.02, most: int = 500
    ) -> None:
        self._handle = handle
        self._pause = pause
        self._most = most
        self._items: list[tuple[T, asyncio.Future[None]]] = []
        self._some = asyncio.Event()
        self._full = asyncio.Event()

    async def put(self, item: T) -> None:
        """Hand an item in, and wait until it is committed; raises what its group's transaction raised."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._items.append((item, future))
        self._some.set()
        if len(self._items) >= self._most:
            self._full.set()
        await future

    async def run(self, stopping: asyncio.Event) -> None:
        """Commit groups until told to stop and nothing is left."""
        while not stopping.is_set() or self._items:
            if not self._items:
                await _either(self._some, stopping)
                continue
            if len(self._items) < self._most:
                await _within(self._full, self._pause)
            group, self._items = self._items[: self._most], self._items[self._most :]
            if not self._items:
                self._some.clear()
            if len(self._items) < self._most:
                self._full.clear()
            await self._commit(group)

    async def _commit(self, group: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        """Commit a group; where it fails, each item by itself, so that one bad item spoils only itself."""
        try:
            await self._handle([item for item, _ in group])
        except Exception as error:
            if len(group) > 1:
                for single in group:
                    await self._commit([single])
                return
            _tell(group[0][1], error)
            return
        for _, future in group:
            _tell(future, None)


def _tell(future: asyncio.Future[None], error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


async def _either(first: asyncio.Event, second: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(first.wait()), asyncio.ensure_future(second.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
