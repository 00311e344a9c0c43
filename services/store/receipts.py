"""Receipts and replies as they came: sealed; receipts are append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.store.columns import copy_rows

_COLUMNS = (
    *("id", "attempt_id", "debtor_ref", "provider", "provider_ref", "status", "state", "code", "raw_hash"),
    "received_at",
)
_CALLBACK = ("receipt_id", "raw")
_REPLY = """
with changed as (
    insert into figure_change (messages) select array[$5::uuid] where $5::uuid is not null)
insert into reply (id, provider, provider_ref, debtor_ref, message_id, channel, intent, blind, sealed, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (provider, provider_ref) do nothing returning id
"""
_HEARD = "select exists (select 1 from receipt where attempt_id = $1 and status = $2)"
_OWNERS = """
select p.debtor_ref, p.contact_point_ref,
       (select max(handed_at) from attempt a where a.debtor_ref = p.debtor_ref) as last_contact
from contact_point p where p.blind = $1 order by last_contact desc nulls last, p.debtor_ref
"""
_LAST_MESSAGE = """
select m.id, m.loan_ref, a.contact_point_ref from attempt a join message m on m.id = a.message_id
where a.debtor_ref = $1 and a.channel = $2 and a.state <> 'not_sent' order by a.handed_at desc limit 1
"""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One callback as it came."""

    id: UUID
    attempt_id: UUID | None
    debtor_ref: str | None
    provider: str
    provider_ref: str | None
    status: str
    state: str | None
    code: str | None
    raw: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One inbound message; its text is sealed."""

    id: UUID
    provider: str
    provider_ref: str
    debtor_ref: str | None
    message_id: UUID | None
    channel: str
    intent: str
    blind: bytes
    sealed: bytes
    at: datetime


async def keep(connection: Any, rows: Sequence[ReceiptRow]) -> None:
    """Store receipts as they came, and apart their raw forms, which are kept for a shorter time."""
    await copy_rows(connection, "receipt", _COLUMNS, [_columns(row) for row in rows])
    await copy_rows(connection, "callback", _CALLBACK, [(row.id, row.raw) for row in rows])


def _columns(row: ReceiptRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.attempt_id,
        row.debtor_ref,
        row.provider,
        row.provider_ref,
        row.status,
        row.state,
        row.code,
        sha256(row.raw).digest(),
        row.received_at,
    )


async def heard(connection: Any, attempt_id: UUID, status: str) -> bool:
    """Whether this was told of an attempt before; its debtor must be locked."""
    return bool(await connection.fetchval(_HEARD, attempt_id, status))


async def keep_reply(connection: Any, row: ReplyRow) -> bool:
    """Store a reply; False where the provider had already told us of it."""
    kept = await connection.fetchval(
        _REPLY,
        row.id,
        row.provider,
        row.provider_ref,
        row.debtor_ref,
        row.message_id,
        row.channel,
        row.intent,
        row.blind,
        row.sealed,
        row.at,
    )
    return kept is not None


async def owners(connection: Any, blind: bytes) -> list[tuple[str, str]]:
    """(debtor, contact point) of everyone with this number, the one contacted last first."""
    return [(row["debtor_ref"], row["contact_point_ref"]) for row in await connection.fetch(_OWNERS, blind)]


async def last_message(connection: Any, debtor_ref: str, channel: str) -> Any | None:
    """The message a reply most likely answers: the last one handed over on that channel."""
    return await connection.fetchrow(_LAST_MESSAGE, debtor_ref, channel)
