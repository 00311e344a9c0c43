"""Callbacks about attempts: kept raw and sealed, applied by rank, committed in small groups."""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from channels.provider import Receipt
from services import telemetry
from services.clock import Clock
from services.database import Database
from services.failpoints import failpoint
from services.fleet import Hearsay
from services.grouping import Grouped
from services.ids import uuid7
from services.settling import News, Settling, word_of_receipt
from services.store import attempts, people
from services.store import receipts as store
from services.vault import Vault

RECEIPT_CONTEXT = b"receipt.raw"


@dataclass(frozen=True, slots=True)
class Callback:
    """A verified callback about an attempt."""

    attempt_id: UUID
    provider: str
    receipt: Receipt
    form: Sequence[tuple[str, str]]
    received_at: datetime


class Receipts:
    """Takes callbacks; `take` returns when the callback is committed."""

    def __init__(self, *, database: Database, settling: Settling, vault: Vault, clock: Clock, hearsay: Hearsay) -> None:
        self._database = database
        self._hearsay = hearsay
        self._settling = settling
        self._vault = vault
        self._clock = clock
        self._grouped = Grouped(self._commit)

    async def run(self, stopping: asyncio.Event) -> None:
        """Commit what comes, until told to stop."""
        await self._grouped.run(stopping)

    async def take(self, callback: Callback, patience: float = math.inf) -> None:
        """Commit a callback; raises TimeoutError where that takes more seconds, though it comes about yet."""
        await self._grouped.put(callback, patience)

    async def keep(self, connection: Any, callback: Callback, debtor_ref: str) -> None:
        """Store what says nothing about delivery, inside the caller's transaction."""
        keys = await people.person_keys(connection, [debtor_ref])
        await store.keep(connection, [self._row(callback, {callback.attempt_id: debtor_ref}, keys)])

    async def _commit(self, callbacks: Sequence[Callback]) -> None:
        await self._database.insist(lambda c: self._apply(c, callbacks), what="receipts")
        self._tell(callbacks)
        await failpoint("receipts.after_commit")

    def _tell(self, callbacks: Sequence[Callback]) -> None:
        states = Counter((callback.provider, callback.receipt.state) for callback in callbacks)
        for (provider, state), count in states.items():
            telemetry.RECEIPTS.labels(provider, state.value if state else "unknown_word").inc(count)
        for callback in callbacks:
            self._hearsay.note(callback.provider, callback.receipt)

    async def _apply(self, connection: Any, callbacks: Sequence[Callback]) -> None:
        news = [
            News(callback.attempt_id, word, closes=False)
            for callback in callbacks
            if (word := word_of_receipt(callback.receipt)) is not None
        ]
        owners = await self._settling.settle(connection, news, self._clock.now())
        others = [callback.attempt_id for callback in callbacks if callback.attempt_id not in owners]
        if others:
            owners |= await attempts.debtors_of(connection, others)
        keys = await people.person_keys(connection, owners.values())
        await store.keep(connection, [self._row(callback, owners, keys) for callback in callbacks])
        await failpoint("receipts.before_commit")

    def _row(self, callback: Callback, owners: dict[UUID, str], keys: dict[str, bytes]) -> store.ReceiptRow:
        """The callback as it came, under the person's own key, so that erasing the person erases it too."""
        receipt = callback.receipt
        raw = orjson.dumps(callback.form)
        key = keys.get(owners.get(callback.attempt_id, ""))
        seal, context = self._vault.seal, RECEIPT_CONTEXT
        return store.ReceiptRow(
            id=uuid7(),
            attempt_id=callback.attempt_id,
            debtor_ref=owners.get(callback.attempt_id),
            provider=callback.provider,
            provider_ref=receipt.provider_ref,
            status=receipt.status,
            state=receipt.state.value if receipt.state else None,
            code=receipt.code,
            raw=seal(key, raw, context) if key else self._vault.seal_raw(raw, context),
            received_at=callback.received_at,
        )
