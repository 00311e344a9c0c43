"""In development a running process looks at its folder again when it is asked; in production it does not."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services import campaign_review as review
from services import wiring
from services.campaign_files import submission_of
from services.campaign_review import Actor
from services.clock import FakeClock
from services.database import Database
from services.reload import activate_current, reloading
from services.settings import Settings
from services.wiring import Parts
from tests.end_to_end.waiting import eventually
from tests.services.campaigns.conftest import NOW
from tests.services.campaigns.deployment import Deployment


@pytest.fixture
async def parts(settings: Settings, database: Database) -> AsyncIterator[Parts]:
    """The parts of a process."""
    made = wiring.assemble(settings, clock=FakeClock(NOW), database=database, bootstrap="nowhere:1")
    yield made
    await made.registry.close()


async def active(parts: Parts) -> list[int]:
    """The versions that run now."""
    async with parts.database.reading() as connection:
        await parts.running.refresh(connection, parts.clock.now())
    return [each.definition.version for each in parts.running.active]


async def runs(parts: Parts, version: int) -> bool:
    """Whether exactly this version runs."""
    return await active(parts) == [version]


async def test_a_changed_definition_runs_once_reload_is_asked_for(parts: Parts, deployment: Deployment) -> None:
    deployment.define(1)
    await activate_current(parts)
    assert await active(parts) == [1]
    deployment.define(2)
    asked = asyncio.Event()
    async with reloading(parts, asked):
        asked.set()
        await eventually(lambda: runs(parts, 2), "version 2 to run")


async def test_a_folder_that_broke_stops_what_it_held_and_a_repair_brings_it_back(
    parts: Parts, deployment: Deployment
) -> None:
    path = deployment.define(1)
    await activate_current(parts)
    good = path.read_text("utf-8")
    path.write_text("campaign: [", "utf-8")
    await activate_current(parts)
    assert await active(parts) == []
    path.write_text(good, "utf-8")
    await activate_current(parts)
    assert await active(parts) == [1]


async def test_what_people_approved_runs_on_though_its_file_left_the_folder(
    parts: Parts, deployment: Deployment, settings: Settings
) -> None:
    path = deployment.define(1)
    async with parts.database.transaction() as connection:
        await review.submit(connection, submission_of(settings, path, None, NOW), Actor("ana", NOW))
        await review.approve(connection, "aviso", None, Actor("luis", NOW))
    path.unlink()
    await activate_current(parts)
    assert await active(parts) == [1]
