"""Seals the append-only tables: blocks of rows hashed, chained and signed, by upkeep and never row by row.

A block is all that a range of transactions wrote to a table. The range ends at the oldest transaction still under way,
so that no row can turn up in it later, however long its writer took between taking an id and committing.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from schemas.enums import SealKind
from services import telemetry
from services.evidence import Signer
from services.store import seals as store
from services.store.seals import Block, Link

log = structlog.get_logger(__name__)

FORMAT = "puntual-seal/1"
GENESIS = hashlib.sha256(FORMAT.encode()).digest()
_MOST_ROWS = 10_000
_EVERY = timedelta(minutes=5)
_LOOK_EVERY = timedelta(seconds=10)


class Sealing:
    """Upkeep's chore of sealing; one process at a time does it, whichever comes first."""

    def __init__(self, signer: Signer | None, *, most_rows: int = _MOST_ROWS) -> None:
        self._signer = signer
        self._most_rows = most_rows
        self._looked_at: datetime | None = None

    async def turn(self, connection: Any, now: datetime) -> bool:
        """Seal full blocks at once and others every five minutes; True where more waits."""
        if self._looked_at is not None and now - self._looked_at < _LOOK_EVERY:
            return False
        last = await store.last(connection)
        due = last is None or now - last.sealed_at >= _EVERY
        more = await self.seal(connection, now, partly=due)
        self._looked_at = None if more else now
        return more

    async def seal(self, connection: Any, now: datetime, *, partly: bool = True) -> bool:
        """Seal one block of each table, less than full ones where `partly`; True where more waits."""
        if not await store.take_turn(connection):
            return False
        horizon, places = await store.settled(connection), await store.places(connection)
        more = False
        telemetry.AUDIT_BEHIND.set(max(places.values(), default=0) > horizon)
        for table in store.SOURCES:
            since = places.get(table, 0)
            if since > horizon:
                log.error("audit_chain_behind", table=table, remedy="run `puntual migrate`")
                continue
            until = await store.end_of_block(connection, table, since=since, until=horizon, most=self._most_rows)
            if until is None or (until == horizon and not partly):
                continue
            (block,) = await store.blocks(connection, table, [(since, until)])
            await append(connection, SealKind.SEALED, table, since, until, block, now=now, signer=self._signer)
            more = more or until < horizon
        return more


async def carry_on(connection: Any, now: datetime, signer: Signer | None) -> bool:
    """Let the chain go on after a restore into another server, before anybody writes there; False where it does."""
    base = await store.behind(connection)
    if not base:
        return False
    await store.rebase(connection, base)
    await append(connection, SealKind.REBASED, "all", base, base, Block({}), now=now, signer=signer)
    return True


async def append(
    connection: Any,
    kind: SealKind,
    source: str,
    since: int,
    until: int,
    block: Block,
    *,
    now: datetime,
    signer: Signer | None,
) -> Link:
    """Put a link at the end of the chain; the caller has its turn (`store.take_turn`)."""
    last = await store.last(connection)
    number, previous = (last.number + 1, last.hash) if last is not None else (1, GENESIS)
    bare = Link(number, kind.value, source, since, until, block, block.rows, previous, b"", now, None, None)
    digest = hash_of(bare)
    link = Link(
        *(number, kind.value, source, since, until, block, block.rows, previous, digest, now),
        public_key=signer.public_key if signer else None,
        signature=signer.sign(digest) if signer else None,
    )
    await store.add(connection, link)
    log.info("audit_sealed", number=number, table=source, rows=block.rows, kind=kind.value, hash=digest.hex())
    return link


def hash_of(link: Link) -> bytes:
    """The hash of a link: over what it says of its rows, and over the link before."""
    told = {
        "format": FORMAT,
        "number": link.number,
        "kind": link.kind,
        "source": link.source,
        "since": link.since,
        "until": link.until,
        "firstId": link.block.first_id,
        "lastId": link.block.last_id,
        "rows": link.rows,
        "parts": json.loads(store.parts_text(link.block)),
        "previous": link.previous.hex(),
        "sealedAt": link.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).digest()
