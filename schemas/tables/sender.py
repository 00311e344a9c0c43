"""What processes that share senders know of each other and of the carriers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from schemas.tables.columns import document, instant, large, text, uuid


class Dispatcher(SQLModel, table=True):
    """A row is one process that hands messages over; it lives as long as its `beat` goes on rising.

    `senders` is what it makes of each sender: the state of its breaker, why, and when it is tried again.
    """

    __tablename__ = "dispatcher"

    id: UUID = uuid(primary_key=True)
    beat: int = large()
    told_at: datetime | None = instant(None)
    senders: list[dict[str, Any]] = document(otherwise="'[]'")


class CarrierCount(SQLModel, table=True):
    """A row is one sender at one provider: how many receipts brought good news, refusals, an account at fault."""

    __tablename__ = "carrier_word"

    provider: str = text(primary_key=True)
    sender: str = text(primary_key=True)
    good: int = large()
    refused: int = large()
    misconfigured: int = large()
