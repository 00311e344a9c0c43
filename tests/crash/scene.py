"""A small day at a lender, played against a deployment that may die at any moment of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from tests.end_to_end.fixtures import prove
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.waiting import PAUSE
from tests.end_to_end.world import World

UNTIL_LEASES_RAN_OUT = timedelta(seconds=50)
UNTIL_LOOKED_UP = timedelta(seconds=70)
PATIENCE = 30.0
CONTACTED = {"delivered", "accepted", "unknown"}


class Scene:
    """Who is in it, and what the provider still has to tell us again."""

    def __init__(self, world: World, *, debtors: int = 6) -> None:
        self._world = world
        self.due = [world.debtor() for _ in range(debtors)]
        self.late = [world.debtor() for _ in range(2)]
        self.paid = world.debtor(product="espera")
        self._unheard: list[Callable[[], Awaitable[None]]] = []

    async def play(self) -> None:
        """Due events, some twice, a payment, receipts, replies, and more due events; goes on if nobody listens."""
        world = self._world
        for debtor in self.due:
            due = debtor.due()
            await world.tell(debtor.snapshot(), due, due)
        await world.tell(self.paid.snapshot(), self.paid.due(), self.paid.payment("1050.50"))
        await self._while_alive(lambda: all(world.outcomes(debtor, "message.delivered") for debtor in self.due))
        await self._reply(self.due[0], "BAJA")
        await self._reply(self.due[1], "pues quién sabe qué será eso")
        await self._leave(self.due[2])
        for debtor in self.late:
            await world.tell(debtor.due(), debtor.snapshot())
        await self._while_alive(lambda: all(world.outcomes(debtor, "message.accepted") for debtor in self.late))

    async def end(self, *, most_unknown: int) -> None:
        """What was not heard is told again; then everything must have come to its end, once."""
        world = self._world
        await world.rest()
        await self._nobody_forgotten()
        unheard, self._unheard = self._unheard, []
        for tell_again in unheard:
            await tell_again()
        assert not self._unheard, "a reply was not taken"
        await prove(world)
        (row,) = await world.rows("select count(*) from attempt where state = 'unknown'")
        assert row[0] <= most_unknown, f"{row[0]} attempts are unknown"
        assert [self._told(debtor) for debtor in self.due[:3]] == [
            ["optout.recorded", "reply.received"],
            ["reply.received", "task.created"],
            ["optout.recorded"],
        ]
        (payments,) = await world.rows("select count(*) from payment")
        assert payments[0] == 1

    async def _nobody_forgotten(self) -> None:
        world = self._world
        rows = await world.rows("select debtor_ref, outcome from message")
        found = {row["debtor_ref"]: row["outcome"] for row in rows}
        forgotten = [debtor.ref for debtor in (*self.due, *self.late) if found.get(debtor.ref) not in CONTACTED]
        assert forgotten == [], f"{forgotten} of {found}"
        assert found.get(self.paid.ref) in (None, "cancelled")

    def _told(self, debtor: Debtor) -> list[str]:
        """What was told of a person beside their messages, sorted."""
        return sorted(e.kind for e in self._world.outcomes(debtor) if not e.kind.startswith("message."))

    async def _reply(self, debtor: Debtor, text: str, sid: str | None = None) -> None:
        """The provider tells of a reply, and will again if it got no clear answer."""
        sid = sid or f"SM{uuid4().hex}"
        if await self._world.reply(debtor, text, MessageSid=sid) != 200:
            self._unheard.append(partial(self._reply, debtor, text, sid))

    async def _leave(self, debtor: Debtor) -> None:
        """Somebody follows the exit of a message, and does again if nobody answered."""
        rows = await self._world.rows("select id from message where debtor_ref = $1", debtor.ref)
        if not rows or await self._world.leave(rows[0]["id"]) != 200:
            self._unheard.append(partial(self._leave, debtor))

    async def _while_alive(self, fact: Callable[[], Any]) -> None:
        """Wait for a fact, or for the end of the process."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while self._world.serve.alive and not fact():
            assert loop.time() < deadline, "neither dead nor done"
            await asyncio.sleep(PAUSE)
