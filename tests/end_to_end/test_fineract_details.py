"""A loan older than the switch, through the whole of `puntual serve`: Fineract is asked who owes it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from tests.end_to_end.fixtures import a_world, prove
from tests.end_to_end.test_fineract import TOPIC, Lender
from tests.end_to_end.world import World
from tests.services.fineract.core import PASSWORD, USER, FakeFineract

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fineract() -> AsyncIterator[FakeFineract]:
    async with FakeFineract() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    postgres_dsn: str, template_database: str, tmp_path_factory: Any, fineract: FakeFineract
) -> AsyncIterator[World]:
    """A deployment that listens to Fineract and may ask it."""
    folder = tmp_path_factory.mktemp("fineract-details")
    asking = {"fineract_url": fineract.url, "fineract_username": USER, "fineract_password": PASSWORD}
    async with a_world(folder, postgres_dsn, template_database, now=NOON, fineract_topic=TOPIC, **asking) as made:
        made.secrets.append(PASSWORD)
        await made.start()
        yield made
        await prove(made)


async def test_a_due_event_alone_is_enough(world: World, fineract: FakeFineract) -> None:
    lender = Lender(world, 1)
    world.secrets.append(lender.national)
    fineract.lend(lender.loan_id, lender.client_id)
    fineract.know(lender.client_id, phone=lender.national)
    fineract.mood = ["500"]
    await lender.tells(lender.due())
    await world.until(
        lambda: [each for each in world.provider.messages if each.to == f"+52{lender.national}"], "the message"
    )
    await world.rest()
    (message,) = [each for each in world.provider.messages if each.to == f"+52{lender.national}"]
    assert "Ana" in message.body
    assert 'puntual_fineract_details_total{outcome="answered"}' in await world.metrics()


async def test_while_fineract_is_away_other_events_are_taken_in(world: World, fineract: FakeFineract) -> None:
    fineract.mood = ["hang"] * 4
    stranger, known = Lender(world, 2), Lender(world, 3)
    fineract.lend(stranger.loan_id, stranger.client_id)
    await stranger.tells(stranger.due(), known.client(), known.account(), known.due())
    await world.until(
        lambda: [each for each in world.provider.messages if each.to == f"+52{known.national}"], "the other's message"
    )
    assert not await world.rows(
        "select 1 from loan where loan_ref = $1 and debtor_ref is not null", str(stranger.loan_id)
    )
