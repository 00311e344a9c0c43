"""People who fall due as fast as the deployment takes it, some of whom pay at once or ask to be left alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.end_to_end.portfolio import Debtor, Event
from tests.end_to_end.world import World

AT_ONCE = 50
MOST_BEHIND = 3_000
"""People told of who are not done with yet."""
_PAUSE = 0.1
PAY, LEAVE = 0.03, 0.01
"""Shares of the people told of, and of those contacted."""


class Load:
    """`told` are the people of whom a due event was produced; `allowed` is how many there may be as yet.

    Who holds `producing` is alone with Kafka: the core's own producer is not what is tried here.
    """

    def __init__(self, world: World, wanted: int, random: Random) -> None:
        self._world = world
        self._random = random
        self._seen = 0
        self._contacted = 0
        self._by_phone: dict[str, Debtor] = {}
        self._leaving: list[Debtor] = []
        self.wanted = wanted
        self.allowed = 0
        self.waiting = 0
        self.told: list[Debtor] = []
        self.paid: set[str] = set()
        self.left: set[str] = set()
        self.producing = asyncio.Lock()

    @property
    def done(self) -> bool:
        """Whether everybody was told of."""
        return len(self.told) >= self.wanted

    @property
    def unheard(self) -> int:
        """How many still say that they want to be left alone."""
        return len(self._leaving)

    def measured(self, waiting: int) -> None:
        """So many people of those told are not done with."""
        self.waiting, self._seen = waiting, len(self.told)

    async def run(self) -> None:
        """Tell of people until all were told of."""
        while not self.done:
            behind = self.waiting + len(self.told) - self._seen
            if len(self.told) >= self.allowed or behind >= MOST_BEHIND:
                await asyncio.sleep(_PAUSE)
            else:
                async with self.producing:
                    await self._tell(min(AT_ONCE, self.wanted - len(self.told)))

    async def reply(self, ended: asyncio.Event) -> None:
        """Some of those who were contacted say BAJA, until the end; again until they are heard."""
        while not ended.is_set():
            self._draw()
            for debtor in self._leaving[:20]:
                if self._world.serve.alive and await self._world.reply(debtor, "BAJA") == 200:
                    self._leaving.remove(debtor)
                    self.left.add(debtor.ref)
            await asyncio.sleep(1)

    def _draw(self) -> None:
        """Who of those contacted since the last time has had enough."""
        handed = self._world.handed
        fresh, self._contacted = handed[self._contacted :], len(handed)
        self._leaving += [self._by_phone[message.to] for message in fresh if self._random.random() < LEAVE]

    async def _tell(self, count: int) -> None:
        """Everything is said twice, the second time under another id; a payment may follow at once."""
        events: list[Event] = []
        people = [self._world.debtor() for _ in range(count)]
        for debtor in people:
            due = debtor.due()
            events += [debtor.snapshot(), due, due.again(event_id=due.id + "-again")]
            self._by_phone[debtor.phone] = debtor
            if self._random.random() < PAY:
                events.append(debtor.payment("1050.50"))
                self.paid.add(debtor.ref)
        await self._world.tell(*events)
        self._world.sent[-len(events) :] = _light(events)
        self.told += people
        await asyncio.sleep(0)


def _light(events: Sequence[Event]) -> list[Event]:
    """The same events without what they said, which nobody asks for again."""
    return [replace(event, data={}) for event in events]
