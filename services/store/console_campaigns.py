"""What the console shows of campaigns beside their versions: the simulation that was looked at."""

from typing import Any

from services.store.campaign_reviews import ReviewRow

_HISTORY = """
select id, version_id, campaign, version, fingerprint, action, actor, reason, simulation, at
from campaign_review where campaign = $1 and id < $2 order by id desc limit $3
"""
_SIMULATION = """
select c.body from campaign_review r join content c on c.hash = r.simulation
where r.version_id = $1 order by r.id desc limit 1
"""
_SIMULATED = """
select simulation from campaign_review where version_id = $1 and simulation is not null order by id desc limit 1
"""
LAST = (1 << 63) - 1
"""Comes after every step: where the first page begins."""


async def history(connection: Any, campaign: str, *, before: int, limit: int) -> list[ReviewRow]:
    """What was done to a campaign's versions, the newest first."""
    return [ReviewRow(*tuple(row)) for row in await connection.fetch(_HISTORY, campaign, before, limit)]


async def simulation(connection: Any, version_id: int) -> tuple[bytes | None, str | None]:
    """The hash of the simulation that came with a version, and its JSON where it was kept."""
    digest = await connection.fetchval(_SIMULATED, version_id)
    return digest, await connection.fetchval(_SIMULATION, version_id) if digest is not None else None
