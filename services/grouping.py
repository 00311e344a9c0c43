"""Group commit: what many callers bring within a moment is handled in one transaction."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from schemas.values import value

T = TypeVar("T")
Told = Callable[[Exception | None], None]
"""Called once an item is committed, or with what its transaction raised."""

_LOOK_SECONDS = 0.5


@value
class _Waiting(Generic[T]):
    """An item, how to tell its caller, and until when that one waits, by the loop's clock."""

    item: T
    told: Told
    until: float


class Grouped(Generic[T]):
    """Collects items for `pause` seconds or until there are `most`, and commits them together."""

    def __init__(
        self, handle: Callable[[Sequence[T]], Awaitable[None]], *, pause: float = 0.02, most: int = 500
    ) -> None:
        self._handle = handle
        self._pause = pause
        self._most = most
        self._items: list[_Waiting[T]] = []
        self._group: list[_Waiting[T]] = []
        self._watched = False
        self._some = asyncio.Event()
        self._full = asyncio.Event()

    async def put(self, item: T, patience: float = math.inf) -> None:
        """Hand an item in, and wait until it is committed; raises what its group's transaction raised.

        Raises TimeoutError after `patience` seconds and up to half a second more; the item stays, and is committed yet.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self.add(item, partial(_tell, future), loop.time() + patience)
        if not self._watched and patience < math.inf:
            self._watch(loop)
        await future

    def add(self, item: T, told: Told, until: float = math.inf) -> None:
        """Hand an item in; `told` is called when it is committed or can't be, with TimeoutError soon after `until`."""
        self._items.append(_Waiting(item, told, until))
        self._some.set()
        if len(self._items) >= self._most:
            self._full.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Commit groups until told to stop and nothing is left."""
        while not stopping.is_set() or self._items:
            if not self._items:
                await _either(self._some, stopping)
                continue
            if len(self._items) < self._most:
                await _within(self._full, self._pause)
            self._group, self._items = self._items[: self._most], self._items[self._most :]
            if not self._items:
                self._some.clear()
            if len(self._items) < self._most:
                self._full.clear()
            await self._commit(self._group)
            self._group = []

    async def _commit(self, group: Sequence[_Waiting[T]]) -> None:
        """Commit a group; where it fails, each item by itself, so that one bad item spoils only itself."""
        try:
            await self._handle([each.item for each in group])
        except Exception as error:
            if len(group) > 1:
                for single in group:
                    await self._commit([single])
                return
            group[0].told(error)
            return
        for each in group:
            each.told(None)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look at those who wait, by one timer for all, which costs a caller a tenth of one of its own."""
        self._watched = True
        loop.call_later(_LOOK_SECONDS, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watched = False
        waiting, now = [*self._group, *self._items], loop.time()
        for each in waiting:
            if now >= each.until:
                each.told(TimeoutError())
        if waiting:
            self._watch(loop)


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
