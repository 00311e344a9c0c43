"""`puntual serve --role api --workers`: one port for all, receipts committed by each, and none lost where they stop."""

import asyncio
import re
from uuid import UUID, uuid4

import aiohttp
import pytest

from services import tokens
from services.attempting import STATUS
from tests.end_to_end.fixtures import MakeWorld
from tests.end_to_end.waiting import eventually
from tests.end_to_end.world import ACCOUNT, SECRET, World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]

WORKERS, AT_ONCE = 2, 8
COUNTED = re.compile(r"^puntual_receipts_total\{.*\} ([0-9.]+)$", re.MULTILINE)


class Told:
    """Receipts about attempts that nobody knows, each over a connection of its own; those answered are kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.answered: list[tuple[UUID, int]] = []

    async def tell(self, ended: asyncio.Event) -> None:
        """One after the other, until `ended`; a connection may be refused once they are told to stop."""
        while not ended.is_set():
            attempt = uuid4()
            token = tokens.sign(SECRET.encode(), STATUS, str(attempt))
            url = f"{self._world.serve.url}/callbacks/twilio/{STATUS}/{attempt}?k={token}"
            form = {"MessageSid": f"SM{attempt.hex}", "MessageStatus": "delivered", "AccountSid": ACCOUNT}
            try:
                self.answered.append((attempt, await self._world.callback(url, form)))
            except aiohttp.ClientError:
                await ended.wait()


async def counted(port: int) -> int:
    """How many receipts the process with this port of its own has committed; none before it is up."""
    try:
        async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/metrics") as answer:
            return round(sum(float(each) for each in COUNTED.findall(await answer.text())))
    except aiohttp.ClientError:
        return 0


async def test_receipts_at_one_port_are_committed_by_each_and_a_stop_loses_none(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.serve = world.serve.narrowed("--role", "api", "--workers", str(WORKERS))
        await world.start()
        told, ended = Told(world), asyncio.Event()
        tellers = [asyncio.create_task(told.tell(ended)) for _ in range(AT_ONCE)]

        async def all_took_some() -> bool:
            return all([await counted(world.serve.port + number) > 20 for number in range(1, WORKERS + 1)])

        await eventually(all_took_some, "every worker to commit receipts", within=60)
        assert await world.serve.stop() == 0
        ended.set()
        await asyncio.gather(*tellers)
        assert {status for _, status in told.answered} == {204}
        kept = {row["attempt_id"] for row in await world.rows("select attempt_id from receipt")}
        assert {attempt for attempt, _ in told.answered} <= kept
