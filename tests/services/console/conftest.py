"""One console for each module of tests, over a database of its own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from tests.end_to_end.fixtures import a_database
from tests.services.api.application import PROVIDERS, activate_campaigns, assembled
from tests.services.console.morning import Morning, morning
from tests.services.console.site import Site, served

_TOKEN = "token-of-the-rehearsal"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[Site]:
    """A console with the sample campaigns, a user of every role, and nobody to contact yet."""
    silent = SimulatorSettings(receipts=())
    async with (
        TwilioSimulator(auth_token=_TOKEN, settings=silent) as twilio,
        a_database(postgres_dsn, template_database) as dsn,
    ):
        providers = PROVIDERS.replace("http://127.0.0.1:9", twilio.url)
        parts = await assembled(dsn, tmp_path_factory.mktemp("console"), providers=providers)
        await activate_campaigns(parts)
        async with served(parts) as made:
            yield made
        await parts.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(site: Site) -> Morning:
    """People of whom something is told on every page."""
    return await morning(site.parts)
