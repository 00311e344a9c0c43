"""What came back: providers' receipts, debtors' replies, and work for people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import APPEND_ONLY, PARTITIONED, binary, instant, text, uuid


class Receipt(SQLModel, table=True):
    """A row is one callback of a provider about an attempt: its own word, ours, and the sealed raw form.

    Append-only, and kept in monthly partitions of its time-ordered id; `state` is null for a word we don't know.
    """

    __tablename__ = "receipt"
    __table_args__: Any = (Index("receipt_attempt", "attempt_id"), {**APPEND_ONLY, **PARTITIONED})

    id: UUID = uuid(primary_key=True)
    attempt_id: UUID | None = uuid(None)
    debtor_ref: str | None = text(None)
    provider: str = text()
    provider_ref: str | None = text(None)
    status: str = text()
    state: str | None = text(None)
    code: str | None = text(None)
    raw: bytes = binary()
    received_at: datetime = instant()


class Reply(SQLModel, table=True):
    """A row is one message of a debtor to us, sealed, with the intent that was read in it."""

    __tablename__ = "reply"
    __table_args__: Any = (UniqueConstraint("provider", "provider_ref"), Index("reply_debtor", "debtor_ref"))

    id: UUID = uuid(primary_key=True)
    provider: str = text()
    provider_ref: str = text()
    debtor_ref: str | None = text(None)
    message_id: UUID | None = uuid(None)
    channel: str = text()
    intent: str = text()
    blind: bytes = binary()
    sealed: bytes = binary()
    at: datetime = instant()


class Task(SQLModel, table=True):
    """A row is one piece of work for a person: a call back, a visit, a complaint; open until `closed_at`."""

    __tablename__ = "task"
    __table_args__: Any = (
        Index("task_open", "created_at", postgresql_where=sql("closed_at is null")),
        Index("task_debtor", "debtor_ref"),
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
