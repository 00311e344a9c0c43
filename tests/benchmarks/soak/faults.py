"""What goes wrong in a soak, one thing after another in an order drawn anew each round."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from tests.benchmarks.soak.company import Company
from tests.benchmarks.soak.engines import Engines
from tests.benchmarks.soak.load import Load
from tests.end_to_end.world import World

SPELL, CALM = 5.0, 6.0
"""Seconds that a fault lasts, and that are good afterwards."""
_KNOBS = {
    "provider answers 429": ("throttled", 0.8),
    "provider answers 500, message not taken": ("error_before", 0.3),
    "provider answers 500, message taken": ("error_after", 0.3),
    "provider hangs": ("hang", 0.2),
    "answers of the provider are lost": ("lost_answer", 0.3),
    "requests to the provider are lost": ("lost_request", 0.3),
}
_RECEIPTS = {"receipts_lost": 0.01, "receipts_repeated": 0.02, "receipts_reversed": 0.02, "receipts_late": 0.02}
"""Shares of messages whose receipts go wrong all the time."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A fault that was, in seconds from the start."""

    name: str
    began: float
    ended: float


class Faults:
    """Everything that can go wrong here, and what has."""

    def __init__(
        self, world: World, company: Company, engines: Engines, load: Load, *, random: Random, since: float
    ) -> None:
        self._world, self._company, self._engines, self._load = world, company, engines, load
        self._random = random
        self._since = since
        self.spells: list[Spell] = []

    async def run(self) -> None:
        """Round after round until the load is done, the first one whole: the load is spread over it."""
        for name, share in _RECEIPTS.items():
            setattr(self._world.provider.settings, name, share)
        first = self._round()
        for number, (name, fault) in enumerate(first, 1):
            self._load.allowed = round(self._load.wanted * number / len(first))
            await self._spell(name, fault)
        while not self._load.done:
            for name, fault in self._round():
                if not self._load.done:
                    await self._spell(name, fault)

    def _round(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        faults: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            (name, partial(self._provider, *knob)) for name, knob in _KNOBS.items()
        ]
        faults += [(f"{role} killed", partial(self._company.replace, role)) for role in self._company.mortal]
        faults += [
            ("provider refuses connections", self._refused),
            ("API killed", self._api),
            ("connections to the database cut", self._cut),
            ("PostgreSQL killed", self._postgres),
        ]
        if self._engines.real_kafka:
            faults += [("Kafka stands still", self._paused), ("Kafka killed", self._kafka)]
        self._random.shuffle(faults)
        return faults

    async def _spell(self, name: str, fault: Callable[[], Awaitable[None]]) -> None:
        began = self._now()
        print(f"{began:7.1f} s  {name}; {len(self._load.told)} told of", flush=True)
        await fault()
        self.spells.append(Spell(name, round(began, 1), round(self._now(), 1)))
        await asyncio.sleep(CALM)

    async def _provider(self, knob: str, share: float) -> None:
        settings = self._world.provider.settings
        setattr(settings, knob, share)
        await asyncio.sleep(SPELL)
        setattr(settings, knob, 0.0)

    async def _refused(self) -> None:
        await self._world.provider_off()
        await asyncio.sleep(SPELL)
        await self._world.provider_on()

    async def _api(self) -> None:
        self._world.serve.kill()
        await self._world.start()

    async def _cut(self) -> None:
        for _ in range(int(SPELL)):
            with suppress(OSError):
                await self._engines.cut_connections()
            await asyncio.sleep(1)

    async def _postgres(self) -> None:
        self._engines.kill_postgres()
        await asyncio.sleep(SPELL)
        await asyncio.to_thread(self._engines.start_postgres)

    async def _paused(self) -> None:
        async with self._load.producing:
            self._engines.pause_kafka()
            await asyncio.sleep(2 * SPELL)
            self._engines.resume_kafka()

    async def _kafka(self) -> None:
        async with self._load.producing:
            self._engines.kill_kafka()
            await asyncio.sleep(SPELL)
            await asyncio.to_thread(self._engines.start_kafka)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._since
