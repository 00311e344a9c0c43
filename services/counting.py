"""Upkeep's chore of figures: what changed in the ledger is counted anew, so that figures answer without reading it."""

from datetime import datetime, timedelta
from typing import Any

from services import telemetry
from services.store import figure_feed as store

_CHANGES = 20
_DAYS_MENDED = 10
_KEEP_DAY_EVERY = timedelta(minutes=10)
_MOST_WAITING = 10_000


class Counting:
    """Counts; one process at a time does it, whichever comes first."""

    def __init__(self) -> None:
        self._kept_at: datetime | None = None

    async def turn(self, connection: Any, now: datetime) -> bool:
        """Count a batch of changes; True where more wait."""
        if not await store.take_turn(connection):
            return False
        taken, messages, loans = await store.take(connection, _CHANGES)
        await store.count_messages(connection, messages)
        await store.count_debts(connection, loans)
        if taken == _CHANGES:
            return True
        telemetry.FIGURES_BEHIND.set(await store.waiting(connection, _MOST_WAITING))
        await self._keep_day(connection, now)
        return False

    async def _keep_day(self, connection: Any, now: datetime) -> None:
        """Every ten minutes and at the first turn of a day; a day that ends keeps its last word.

        Then also the latest days whose sums do not agree are mended.
        """
        kept = self._kept_at
        if kept is None or now - kept >= _KEEP_DAY_EVERY or kept.date() != now.date():
            await store.keep_day(connection, now.date())
            await store.mend_pairs(connection, _DAYS_MENDED)
            self._kept_at = now
