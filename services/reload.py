"""Which campaigns run in this process's deployment: looked at when it starts, and again when SIGHUP asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog

from services.activation import activate_folder
from services.lint_surroundings import load_surroundings
from services.wiring import Parts

log = structlog.get_logger(__name__)


async def activate_current(parts: Parts) -> None:
    """In development what lies clean in the folder runs; in production only what was approved."""
    if parts.settings.production:
        return
    now = parts.clock.now()
    surroundings, problems = load_surroundings(parts.settings, now)
    for problem in problems:
        log.warning("campaign_surroundings", problem=str(problem))
    async with parts.database.transaction() as connection:
        active = await activate_folder(connection, parts.settings, replace(surroundings, channels=None), now)
    parts.running.forget()
    log.info("campaigns_active", campaigns=active)


@asynccontextmanager
async def reloading(parts: Parts, asked: asyncio.Event) -> AsyncIterator[None]:
    """Look at the folder again whenever `asked` is set, for as long as the context lasts."""
    task = asyncio.create_task(_reload(parts, asked), name="reload")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _reload(parts: Parts, asked: asyncio.Event) -> None:
    while True:
        await asked.wait()
        asked.clear()
        if parts.settings.production:
            log.warning("reload_refused", reason="in production a version runs once it is approved, whatever lies here")
            continue
        try:
            await activate_current(parts)
        except Exception:
            # What ran goes on; whoever asked reads why in the log.
            log.exception("reload_failed")
