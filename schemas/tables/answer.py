"""Answers to replies, and stops of numbers that belong to nobody we know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import SQLModel

from schemas.tables.columns import binary, instant, one_of, text, uuid


class Answer(SQLModel, table=True):
    """A row is one message that answers a reply: to the number that wrote, by its channel; one for each reply."""

    __tablename__ = "answer"
    __table_args__: Any = (one_of("channel", ("sms", "whatsapp")), Index("answer_debtor", "debtor_ref", "at"))

    message_id: UUID = uuid(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    reply_id: UUID = uuid(unique=True)
    debtor_ref: str = text()
    contact_point_ref: str = text()
    channel: str = text()
    kind: str = text()
    at: datetime = instant()


class StrangerStop(SQLModel, table=True):
    """A row is one stop, or its end, from an address that was nobody's then; it holds for whoever turns out to own it.

    Without `channel` it holds on every one.
    """

    __tablename__ = "stranger_stop"
    __table_args__: Any = (one_of("kind", ("suppress", "lift")), Index("stranger_stop_blind", "blind", "id"))

    id: UUID = uuid(primary_key=True)
    blind: bytes = binary()
    channel: str | None = text(None)
    kind: str = text()
    reply_id: UUID = uuid()
    at: datetime = instant()
