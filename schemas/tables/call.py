"""Automated calls and their turns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from schemas.tables.columns import binary, flag, instant, small, text, uuid


class Call(SQLModel, table=True):
    """A row is one call: ours, under its attempt's id, or the debtor's own about what was last sent to that number.

    `script` is the sealed words that the claim decided on; `ends_at` is when nothing more may be said; `outcome` what
    the keys came to, null where nobody pressed one that counts.
    """

    __tablename__ = "call"
    __table_args__: Any = (
        UniqueConstraint("provider", "provider_ref"),
        CheckConstraint("inbound or id = attempt_id"),
        Index("call_attempt", "attempt_id"),
    )

    id: UUID = uuid(primary_key=True)
    attempt_id: UUID = uuid(foreign_key="attempt.id", ondelete="CASCADE")
    inbound: bool = flag()
    provider: str = text()
    provider_ref: str | None = text(None)
    debtor_ref: str = text(foreign_key="debtor.debtor_ref")
    message_id: UUID = uuid()
    loan_ref: str | None = text(None)
    language: str = text()
    voice: str | None = text(None)
    script: bytes | None = binary(None)
    ends_at: datetime | None = instant(None)
    created_at: datetime = instant()
    outcome: str | None = text(None)


class CallStep(SQLModel, table=True):
    """A row is one turn of a call: what had been asked, the keys that came, and the sealed answer they got."""

    __tablename__ = "call_step"
    __table_args__: Any = (CheckConstraint("seq >= 0"), CheckConstraint("length(digits) <= 16"))

    call_id: UUID = uuid(primary_key=True, foreign_key="call.id", ondelete="CASCADE")
    seq: int = small(primary_key=True)
    step: str = text()
    digits: str = text()
    answer: bytes = binary()
    at: datetime = instant()
