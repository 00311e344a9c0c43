"""The page of providers tells what the processes that send make of their senders, in whatever process it runs."""

from datetime import timedelta

import pytest

from services.ids import uuid7
from services.store import senders
from services.store.senders import SenderHealth
from tests.services.console.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENDER = ("twilio-main", "sms", "+525550000000")


async def page(site: Site) -> str:
    async with site.visitor("viewer") as client:
        return (await client.get("/console/providers")).text


async def test_without_a_process_that_sends_senders_are_named_and_nothing_claimed(site: Site) -> None:
    text = await page(site)
    assert "Ningún proceso que envía ha dicho nada" in text
    assert SENDER[2] in text
    assert "en servicio" not in text


async def test_the_most_troubled_process_is_told_and_how_many_agree(site: Site) -> None:
    well, ill = SenderHealth(*SENDER, "closed", None, 0.0), SenderHealth(*SENDER, "open", "unanswered", 25.0)
    for health in (well, well, ill):
        async with site.parts.database.transaction() as connection:
            await senders.beat(connection, uuid7(), 1, [health], site.clock.now())
    site.clock.advance(timedelta(seconds=3))
    text = await page(site)
    assert "en descanso" in text
    assert "no contesta" in text
    assert "así lo ven 1 de 3 procesos que envían" in text
