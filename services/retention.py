"""Upkeep's chore of retention: what packs say need not be kept any more goes, months whole and rows in batches.

A month of evidence is dropped once every row of it is sealed; the chain of seals says so and stays.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from campaigns.pack_model import Kept
from schemas.enums import SealKind
from services.auditing import Action, record
from services.evidence import Signer
from services.ids import instant_of, uuid7
from services.sealing import append
from services.store import retention as store
from services.store import seals
from services.store.seals import Block, Part

log = structlog.get_logger(__name__)

_EVERY = timedelta(hours=1)
_BATCH = 500
_MONTHS_AHEAD = 3
_MONTHLY = {
    "callback": Kept.RAW_CALLBACKS,
    "decision": Kept.EVIDENCE,
    "receipt": Kept.EVIDENCE,
    "audit": Kept.EVIDENCE,
}
_ROWS = {
    "reply_texts": Kept.REPLY_TEXTS,
    "calls": Kept.REPLY_TEXTS,
    "messages": Kept.EVIDENCE,
    "other_contacts": Kept.EVIDENCE,
    "closed_tasks": Kept.EVIDENCE,
}


class Retention:
    """Removes what is older than its period, once an hour, as much as there is.

    Ids and their months are made by the real clock (`real_now`): a rehearsed clock ahead of it removes nothing.
    """

    def __init__(
        self,
        periods: Mapping[Kept, timedelta],
        signer: Signer | None,
        *,
        real_now: Callable[[], datetime] = lambda: instant_of(uuid7()),
    ) -> None:
        self._periods = periods
        self._signer = signer
        self._real_now = real_now
        self._done_at: datetime | None = None

    async def turn(self, connection: Any, now: datetime) -> bool:
        """Remove a batch where an hour has passed; True where more waits."""
        if self._done_at is not None and now - self._done_at < _EVERY:
            return False
        await self._months_ahead(connection)
        more = await self._drop_a_month(connection, now)
        for what, kept in _ROWS.items():
            more = await self._remove(connection, what, self._before(kept, now), now) or more
        self._done_at = None if more else now
        return more

    def _before(self, kept: Kept, now: datetime) -> datetime:
        return min(now, self._real_now()) - self._periods[kept]

    async def _months_ahead(self, connection: Any) -> None:
        month = self._real_now().date().replace(day=1)
        for _ in range(_MONTHS_AHEAD):
            month = _next(month)
            for table in store.MONTHLY:
                await store.make_month(connection, table, month)

    async def _drop_a_month(self, connection: Any, now: datetime) -> bool:
        """Drop the oldest month of one table that is over for long enough."""
        for table, kept in _MONTHLY.items():
            before = self._before(kept, now)
            for month in await store.months(connection, table):
                if _end(month) <= before and await self._drop(connection, table, month, now):
                    return True
        return False

    async def _drop(self, connection: Any, table: str, month: str, now: datetime) -> bool:
        rows: int | None = None
        if table in seals.SOURCES:
            if not await seals.take_turn(connection):
                return False
            rows = await store.sealed_rows(connection, table, month)
            if rows is None:
                return False
        try:
            async with connection.transaction():
                await store.drop_month(connection, table, month)
        except asyncpg.LockNotAvailableError:
            log.warning("retention_waits", table=table, month=month)
            return False
        if rows:
            block = Block({month: Part(rows, "")})
            await append(connection, SealKind.PRUNED, table, 0, 0, block, now=now, signer=self._signer)
        await self._record(connection, f"{table}/{month}", {"rows": rows}, now)
        return True

    async def _remove(self, connection: Any, what: str, before: datetime, now: datetime) -> bool:
        removed = await store.remove(connection, what, before=before, limit=_BATCH)
        if removed:
            await self._record(connection, what, {"rows": removed, "before": before.date().isoformat()}, now)
        return removed == _BATCH

    async def _record(self, connection: Any, what: str, details: dict[str, Any], now: datetime) -> None:
        subject, action = f"retention/{what}", Action.RETENTION_APPLIED
        await record(connection, actor="upkeep", action=action, subject=subject, details=details, now=now)


def _end(month: str) -> datetime:
    """The first instant after a month (YYYYMM)."""
    following = _next(date(int(month[:4]), int(month[4:]), 1))
    return datetime(following.year, following.month, 1, tzinfo=UTC)


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
