"""What processes that share senders know of each other and of the carriers."""

from uuid import UUID

from sqlmodel import SQLModel

from schemas.tables.columns import large, text, uuid


class Dispatcher(SQLModel, table=True):
    """A row is one process that hands messages over; it lives as long as its `beat` goes on rising."""

    __tablename__ = "dispatcher"

    id: UUID = uuid(primary_key=True)
    beat: int = large()


class CarrierCount(SQLModel, table=True):
    """A row is one sender at one provider: how many receipts brought good news, refusals, an account at fault."""

    __tablename__ = "carrier_word"

    provider: str = text(primary_key=True)
    sender: str = text(primary_key=True)
    good: int = large()
    refused: int = large()
    misconfigured: int = large()
