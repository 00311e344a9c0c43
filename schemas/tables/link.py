"""Links in messages, and who followed them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from schemas.tables.columns import binary, instant, one_of, small, text, uuid


class Link(SQLModel, table=True):
    """A row is one payment link in one attempt's words; `digest` is the hash of its token, which is kept nowhere."""

    __tablename__ = "link"
    __table_args__: Any = (CheckConstraint("number > 0"), Index("link_expires", "expires_at"))

    digest: bytes = binary(primary_key=True)
    message_id: UUID = uuid()
    debtor_ref: str = text()
    number: int = small()
    created_at: datetime = instant()
    expires_at: datetime = instant()


class Click(SQLModel, table=True):
    """A row is one visit to a link, by a person, or by a machine that looks at links, with how that was told.

    `origin` is a keyed hash of address and browser that changes every day.
    """

    __tablename__ = "click"
    __table_args__: Any = (
        one_of("kind", ("person", "scanner")),
        CheckConstraint("(kind = 'scanner') = (reason is not null)"),
        Index("click_link", "digest", "kind"),
        Index("click_origin", "origin", "at"),
        Index("click_debtor", "debtor_ref"),
        Index("click_campaign", "campaign", "at"),
    )

    id: UUID = uuid(primary_key=True)
    digest: bytes = binary()
    message_id: UUID = uuid()
    debtor_ref: str = text()
    campaign: str = text()
    kind: str = text()
    reason: str | None = text(None)
    origin: bytes = binary()
    at: datetime = instant()
