"""Hand-overs to providers: committed before the call, settled once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.enums import AttemptState
from schemas.tables.columns import binary, document, flag, instant, one_of, small, text, uuid

_LIVE = "state in ('sending', 'accepted', 'sent', 'delivered', 'read', 'unknown') and not superseded"

_UNHEARD = "state in ('accepted', 'sent') and look_up_at is not null"


class Attempt(SQLModel, table=True):
    """A row is one try at one provider by one sender; at most one of a message is live, that is, not proven failed.

    `superseded` marks the attempt before the one follow-up that a step may ask for. `content_hash` is of exactly the
    words that went out, `look_up_at` when the provider is next asked for an answer or a receipt that did not come, null
    when no more.
    """

    __tablename__ = "attempt"
    __table_args__: Any = (
        CheckConstraint("number > 0"),
        one_of("state", AttemptState),
        UniqueConstraint("message_id", "number"),
        Index("attempt_live", "message_id", unique=True, postgresql_where=sql(_LIVE)),
        Index("attempt_history", "debtor_ref", "handed_at"),
        Index("attempt_unknown", "look_up_at", postgresql_where=sql("state = 'unknown'")),
        Index("attempt_unheard", "look_up_at", postgresql_where=sql(_UNHEARD)),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: UUID = uuid(primary_key=True)
    message_id: UUID = uuid(foreign_key="message.id")
    debtor_ref: str = text()
    loan_ref: str | None = text(None)
    campaign: str = text()
    number: int = small()
    channel: str = text()
    contact_point_ref: str = text()
    provider: str = text()
    sender: str = text()
    state: str = text()
    superseded: bool = flag(False, otherwise="false")
    provider_ref: str | None = text(None)
    template: dict[str, Any] = document()
    content_hash: bytes = binary()
    parts: int = small()
    handed_at: datetime = instant()
    valid_until: datetime = instant()
    settled_at: datetime | None = instant(None)
    failure: str | None = text(None)
    code: str | None = text(None)
    looked_up: int = small(0, otherwise="0")
    look_up_at: datetime | None = instant(None)


class OpenAttempt(SQLModel, table=True):
    """A row is one debtor who is being contacted now; deleted when the attempt is settled or its lease ran out."""

    __tablename__ = "open_attempt"
    __table_args__: Any = (Index("open_attempt_lease", "lease_until"),)

    debtor_ref: str = text(primary_key=True)
    attempt_id: UUID = uuid(unique=True)
    lease_until: datetime = instant()
