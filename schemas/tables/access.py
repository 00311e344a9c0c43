"""Who may ask us, what they were answered, and what staff have stopped."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import binary, day, instant, one_of, small, text, uuid, words


class Stop(SQLModel, table=True):
    """A row is one kill switch: everything, or one campaign, channel, provider or jurisdiction, until lifted."""

    __tablename__ = "stop"
    __table_args__: Any = (
        one_of("scope", ("all", "campaign", "channel", "provider", "jurisdiction")),
        CheckConstraint("(scope = 'all') = (name is null)"),
        Index("stop_standing", "scope", "name", postgresql_where=sql("lifted_at is null")),
    )

    id: UUID = uuid(primary_key=True)
    scope: str = text()
    name: str | None = text(None)
    reason: str = text()
    made_by: str = text()
    since: datetime = instant()
    lifted_at: datetime | None = instant(None)
    lifted_by: str | None = text(None)


class Closure(SQLModel, table=True):
    """A row is one emergency closure: local days on which nobody is contacted in a jurisdiction, until lifted."""

    __tablename__ = "closure"
    __table_args__: Any = (
        CheckConstraint("first_day <= last_day"),
        Index("closure_standing", "last_day", postgresql_where=sql("lifted_at is null")),
    )

    id: UUID = uuid(primary_key=True)
    jurisdiction: str = text()
    region: str | None = text(None)
    first_day: date = day()
    last_day: date = day()
    reason: str = text()
    made_by: str = text()
    made_at: datetime = instant()
    lifted_at: datetime | None = instant(None)
    lifted_by: str | None = text(None)


class ApiKey(SQLModel, table=True):
    """A row is one key of the HTTP interface; only its digest is kept."""

    __tablename__ = "api_key"
    __table_args__: Any = (one_of("role", ("viewer", "operator", "author", "approver", "admin", "system")),)

    id: UUID = uuid(primary_key=True)
    name: str = text()
    role: str = text()
    digest: bytes = binary(unique=True)
    created_at: datetime = instant()
    expires_at: datetime | None = instant(None)
    revoked_at: datetime | None = instant(None)
    scopes: list[str] = words()


class IdempotentAnswer(SQLModel, table=True):
    """A row is one write over HTTP under its caller's Idempotency-Key, and the answer a repeat is given.

    `status` and `body` are null while the first request is being worked on; another `request_hash` under the same
    key is another request, and refused.
    """

    __tablename__ = "idempotent_answer"
    __table_args__: Any = (
        CheckConstraint("length(idempotency_key) between 1 and 255"),
        Index("idempotent_answer_age", "created_at", postgresql_using="brin"),
    )

    api_key_id: UUID = uuid(primary_key=True, foreign_key="api_key.id")
    idempotency_key: str = text(primary_key=True)
    request_hash: bytes = binary()
    status: int | None = small(None)
    body: str | None = text(None)
    created_at: datetime = instant()
