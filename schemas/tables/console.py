"""Who may use the console, and from when to when they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import binary, instant, number, one_of, text, uuid


class ConsoleUser(SQLModel, table=True):
    """A row is one person who may log in to the console; the password is kept as an Argon2id hash alone."""

    __tablename__ = "console_user"
    __table_args__: Any = (
        CheckConstraint("length(name) between 1 and 64"),
        one_of("role", ("viewer", "operator", "author", "approver", "admin")),
        one_of("language", ("es", "en")),
        one_of("theme", ("light", "dark")),
    )

    id: UUID = uuid(primary_key=True)
    name: str = text(unique=True)
    role: str = text()
    password_hash: str = text()
    language: str | None = text(None)
    theme: str | None = text(None)
    created_at: datetime = instant()
    password_changed_at: datetime = instant()
    disabled_at: datetime | None = instant(None)


class ConsoleSession(SQLModel, table=True):
    """A row is one login: known by the digest of its token, until it ends, lies idle or expires."""

    __tablename__ = "console_session"
    __table_args__: Any = (Index("console_session_standing", "user_id", postgresql_where=sql("ended_at is null")),)

    digest: bytes = binary(primary_key=True)
    user_id: UUID = uuid(foreign_key="console_user.id")
    zone: str = text()
    created_at: datetime = instant()
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant(None)


class LoginFailure(SQLModel, table=True):
    """A row is one name or address (as a keyed index) under which logins failed, and until when it is locked."""

    __tablename__ = "login_failure"
    __table_args__: Any = (
        one_of("kind", ("name", "address")),
        CheckConstraint("failures > 0"),
    )

    kind: str = text(primary_key=True)
    subject: bytes = binary(primary_key=True)
    failures: int = number()
    last_at: datetime = instant()
    locked_until: datetime | None = instant(None)
