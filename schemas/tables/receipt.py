"""What came back: providers' receipts, debtors' replies, and work for people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import APPEND_ONLY, PARTITIONED, binary, instant, text, transaction, uuid


class Receipt(SQLModel, table=True):
    """A row is one callback of a provider about an attempt: its own word, ours, and the hash of the sealed raw form.

    Append-only, and kept in monthly partitions of its time-ordered id; `state` is null for a word we don't know.
    """

    __tablename__ = "receipt"
    __table_args__: Any = (
        Index("receipt_attempt", "attempt_id"),
        Index("receipt_xact", "xact"),
        {**APPEND_ONLY, **PARTITIONED},
    )

    id: UUID = uuid(primary_key=True)
    attempt_id: UUID | None = uuid(None)
    debtor_ref: str | None = text(None)
    provider: str = text()
    provider_ref: str | None = text(None)
    status: str = text()
    state: str | None = text(None)
    code: str | None = text(None)
    raw_hash: bytes = binary()
    received_at: datetime = instant()
    xact: int = transaction()


class Callback(SQLModel, table=True):
    """A row is one callback as it came, sealed; kept for a shorter time than its receipt, in monthly partitions."""

    __tablename__ = "callback"
    __table_args__: Any = {"postgresql_partition_by": "RANGE (receipt_id)"}

    receipt_id: UUID = uuid(primary_key=True)
    raw: bytes = binary()


class Reply(SQLModel, table=True):
    """A row is one message of a debtor to us, sealed, with the intent that was read in it.

    Words and sender are null once they need not be kept any more, or their debtor was erased.
    """

    __tablename__ = "reply"
    __table_args__: Any = (
        UniqueConstraint("provider", "provider_ref"),
        Index("reply_debtor", "debtor_ref"),
        Index("reply_sealed", "id", postgresql_where=sql("sealed is not null")),
        Index("reply_message", "message_id", postgresql_where=sql("message_id is not null")),
    )

    id: UUID = uuid(primary_key=True)
    provider: str = text()
    provider_ref: str = text()
    debtor_ref: str | None = text(None)
    message_id: UUID | None = uuid(None)
    channel: str = text()
    intent: str = text()
    blind: bytes | None = binary(None)
    sealed: bytes | None = binary(None)
    at: datetime = instant()


class Task(SQLModel, table=True):
    """A row is one piece of work for a person: a call back, a visit, a complaint; open until `closed_at`."""

    __tablename__ = "task"
    __table_args__: Any = (
        Index("task_open", "created_at", postgresql_where=sql("closed_at is null")),
        Index("task_debtor", "debtor_ref"),
        Index("task_closed", "closed_at", postgresql_where=sql("closed_at is not null")),
    )

    id: UUID = uuid(primary_key=True)
    debtor_ref: str | None = text(None)
    loan_ref: str | None = text(None)
    message_id: UUID | None = uuid(None)
    type: str = text()
    queue: str | None = text(None)
    reason: str = text()
    due_at: datetime | None = instant(None)
    created_at: datetime = instant()
    closed_at: datetime | None = instant(None)
    outcome: str | None = text(None)
    agent_ref: str | None = text(None)
