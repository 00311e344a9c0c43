"""Several processes of one deployment, and what must be true of what they published together."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from uuid import UUID

import psutil

from tests.end_to_end.process import ServeProcess
from tests.end_to_end.topics import OUTBOUND, OutboundEvent
from tests.end_to_end.world import World

TOLERANCE_MS = 5
"""Ids begin with the millisecond in which they were made, while the debtor was locked, by one machine's real clock."""


class Crew:
    """Processes by name beside the world's own, which has the API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.processes: dict[str, ServeProcess] = {}

    async def join(self, name: str, *roles: str) -> ServeProcess:
        """Start a process with these roles and wait until it can work."""
        arguments = [word for role in roles for word in ("--role", role)]
        process = self.processes[name] = self._world.serve.sibling(name, *arguments)
        process.spawn(now=self._world.clock.now().isoformat())
        await process.ready()
        return process

    async def leave(self, name: str) -> None:
        """Stop a process gracefully."""
        assert await self.processes.pop(name).stop() == 0

    def die(self, name: str) -> None:
        """Stop a process as a power cut would."""
        self.processes.pop(name).kill()


@asynccontextmanager
async def crew_of(world: World) -> AsyncIterator[Crew]:
    """A crew that ends with the test."""
    crew = Crew(world)
    try:
        yield crew
    finally:
        for process in crew.processes.values():
            process.kill()


async def steady(world: World, told: list[str], ended: asyncio.Event, *, a_second: int, at_once: int = 1) -> None:
    """New debtors at a steady pace until `ended`, everything said of them twice; `told` gets who they are."""
    while not ended.is_set():
        for _ in range(at_once):
            debtor = world.debtor()
            due = debtor.due()
            await world.tell(debtor.snapshot(), due, due.again(event_id=due.id + "-again"))
            told.append(debtor.ref)
        await asyncio.sleep(at_once / a_second)


def disorder(world: World) -> list[str]:
    """Debtors whose events were first published in another order than they were made, each as one sentence."""
    seen: set[str] = set()
    made: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for record in world.topics.records(*OUTBOUND):
        event = OutboundEvent(record)
        if event.id not in seen and event.debtor is not None:
            seen.add(event.id)
            made[event.debtor, record.topic, record.partition].append(UUID(event.id).int >> 80)
    return [
        f"{debtor}: on {topic}/{partition} an event came after one made {earlier - later} ms later"
        for (debtor, topic, partition), found in made.items()
        for earlier, later in pairwise(found)
        if later < earlier - TOLERANCE_MS
    ]


def sampled(world: World) -> None:
    """Keep some hundred secrets to look for: the search takes as long as there are secrets times what was said."""
    world.secrets = world.secrets[:: 1 + len(world.secrets) // 300]


def weight(process: ServeProcess) -> float:
    """Memory of a process and its children that is theirs alone, in MiB."""
    parent = psutil.Process(process.pid)
    every = [parent, *parent.children(recursive=True)]
    return float(sum(each.memory_full_info().uss for each in every)) / 2**20


def report(what: str, **figures: object) -> None:
    """One line for whoever reads the log of a run."""
    print(f"{what}:", " ".join(f"{name}={value}" for name, value in figures.items()))  # noqa: T201
