"""Gauges of what lives in memory or in files: breakers as they are when asked, and how long packs still answer."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

from campaigns.packs import Packs
from channels.health import State
from schemas.enums import Channel
from services import telemetry
from services.clock import Clock
from services.ways import Ways


def watch_breakers(ways: Ways, clock: Clock) -> None:
    """Export, for each provider and channel, how many senders rest or are on trial."""
    for provider, channel in {(each.provider, each.channel) for each in ways.report(clock.monotonic())}:
        gauge = telemetry.BREAKERS_OPEN.labels(provider, channel.value)
        gauge.set_function(partial(_resting, ways, clock, provider, channel))


def _resting(ways: Ways, clock: Clock, provider: str, channel: Channel) -> float:
    return sum(
        (each.provider, each.channel) == (provider, channel) and each.health.state is not State.CLOSED
        for each in ways.report(clock.monotonic())
    )


class PackWatch:
    """Upkeep's chore of telling how long each pack still answers."""

    def __init__(self, packs: Packs) -> None:
        self._packs = packs

    async def turn(self, _connection: Any, now: datetime) -> bool:
        """Set the gauges; a pack answers until its review date is over, here taken as a UTC day."""
        for pack in self._packs.all():
            ends = datetime.combine(pack.review_by + timedelta(days=1), time(), UTC)
            telemetry.PACK_EXPIRES.labels(pack.id).set((ends - now).total_seconds())
        return False
