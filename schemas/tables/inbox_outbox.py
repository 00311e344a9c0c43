"""The edges to Kafka: events already handled, and events to publish."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import SQLModel

from schemas.tables.columns import document, instant, serial, text, uuid


class Inbox(SQLModel, table=True):
    """A row is one event that was applied, by its source and id; the same event again changes nothing."""

    __tablename__ = "inbox"
    __table_args__: Any = (Index("inbox_age", "processed_at", postgresql_using="brin"),)

    source: str = text(primary_key=True)
    id: str = text(primary_key=True)
    processed_at: datetime = instant()


class Outbox(SQLModel, table=True):
    """A row is one event to publish, written with the change it tells of; deleted once Kafka has it.

    `seq` is taken while the debtor is locked, so that it orders one debtor's events by their commits.
    """

    __tablename__ = "outbox"

    seq: int | None = serial()
    id: UUID = uuid()
    aggregatetype: str = text()
    aggregateid: str = text()
    type: str = text()
    subject: str = text()
    payload: dict[str, Any] = document()
    headers: dict[str, Any] = document(otherwise="'{}'", default_factory=dict)
    created_at: datetime = instant()
