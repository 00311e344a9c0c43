"""Group commit: many in one, a bad one alone, and callers whose patience ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from services.grouping import Grouped


class Ledger:
    """Keeps groups; refuses those with a 13 in them, and holds all while `open` is not set."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def keep(self, items: Sequence[int]) -> None:
        await self.open.wait()
        if 13 in items:
            raise ValueError("13")
        self.groups.append(list(items))


@asynccontextmanager
async def running(grouped: Grouped[int]) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    task = asyncio.create_task(grouped.run(stopping))
    yield
    stopping.set()
    await task


async def test_what_comes_together_is_kept_together() -> None:
    ledger = Ledger()
    grouped = Grouped(ledger.keep, most=3)
    async with running(grouped):
        await asyncio.gather(*(grouped.put(number) for number in range(7)))
    assert ledger.groups == [[0, 1, 2], [3, 4, 5], [6]]


async def test_a_bad_one_spoils_only_itself() -> None:
    ledger = Ledger()
    grouped = Grouped(ledger.keep)
    async with running(grouped):
        told = await asyncio.gather(*(grouped.put(number) for number in (1, 13, 2)), return_exceptions=True)
    assert [type(each) for each in told] == [type(None), ValueError, type(None)]
    assert ledger.groups == [[1], [2]]


async def test_who_does_not_wait_is_told_what_became_of_an_item() -> None:
    ledger = Ledger()
    grouped = Grouped(ledger.keep)
    told: list[Exception | None] = []
    async with running(grouped):
        for number in (1, 13, 2):
            grouped.add(number, told.append)
        assert told == []
    assert [type(each) for each in told] == [type(None), ValueError, type(None)]
    assert ledger.groups == [[1], [2]]


async def test_a_caller_is_told_when_patience_ends_and_the_item_is_kept_all_the_same() -> None:
    ledger = Ledger()
    grouped = Grouped(ledger.keep, pause=0.0)
    async with running(grouped):
        ledger.open.clear()
        tries = [asyncio.create_task(grouped.put(number, 0.05)) for number in (1, 2)]
        for each in tries:
            with pytest.raises(TimeoutError):
                await each
        ledger.open.set()
    assert sorted(number for group in ledger.groups for number in group) == [1, 2]
