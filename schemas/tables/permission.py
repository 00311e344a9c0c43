"""Whether a person may be contacted: what they permitted, what stops us, and what others did already."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.enums import ConsentState
from schemas.tables.columns import APPEND_ONLY, instant, one_of, text, transaction, uuid


class Consent(SQLModel, table=True):
    """A row is one thing the debtor said about a channel and a purpose; the latest by `at` binds.

    Append-only: it is evidence. `recorded_at` is when we learnt of it.
    """

    __tablename__ = "consent"
    __table_args__: Any = (
        one_of("state", ConsentState),
        UniqueConstraint("debtor_ref", "channel", "purpose", "state", "at"),
        Index("consent_xact", "xact"),
        APPEND_ONLY,
    )

    id: UUID = uuid(primary_key=True)
    debtor_ref: str = text(foreign_key="debtor.debtor_ref")
    channel: str = text()
    purpose: str = text()
    state: str = text()
    at: datetime = instant()
    via: str | None = text(None)
    evidence_ref: str | None = text(None)
    recorded_at: datetime = instant()
    xact: int = transaction()


class Suppression(SQLModel, table=True):
    """A row is one stop on a person, channel, loan or contact point, or the lifting of one.

    Append-only: a stop is lifted by another row. `until` is null where only a lift ends it.
    """

    __tablename__ = "suppression"
    __table_args__: Any = (
        one_of("kind", ("suppress", "lift")),
        one_of("scope", ("person", "channel", "loan", "contact_point")),
        CheckConstraint("(scope = 'channel') = (channel is not null)"),
        CheckConstraint("scope <> 'loan' or loan_ref is not null"),
        Index("suppression_debtor", "debtor_ref"),
        Index("suppression_xact", "xact"),
        APPEND_ONLY,
    )

    id: UUID = uuid(primary_key=True)
    debtor_ref: str = text(foreign_key="debtor.debtor_ref")
    kind: str = text()
    scope: str = text()
    channel: str | None = text(None)
    loan_ref: str | None = text(None)
    contact_point_ref: str | None = text(None)
    reason: str = text()
    since: datetime = instant()
    until: datetime | None = instant(None)
    source: str = text()
    recorded_at: datetime = instant()
    xact: int = transaction()


class Hold(SQLModel, table=True):
    """A row is one temporary stop on a debtor or on one loan, until its end or its release."""

    __tablename__ = "hold"
    __table_args__: Any = (
        CheckConstraint("(debtor_ref is null) <> (loan_ref is null)"),
        Index("hold_debtor", "debtor_ref", postgresql_where=sql("debtor_ref is not null")),
        Index("hold_loan", "loan_ref", postgresql_where=sql("loan_ref is not null")),
    )

    id: UUID = uuid(primary_key=True)
    debtor_ref: str | None = text(None, foreign_key="debtor.debtor_ref")
    loan_ref: str | None = text(None, foreign_key="loan.loan_ref")
    reason: str = text()
    since: datetime = instant()
    until: datetime | None = instant(None)
    source: str = text()
    released_at: datetime | None = instant(None)


class OtherContact(SQLModel, table=True):
    """A row is one contact that another system or an agent made; it counts toward the person's caps."""

    __tablename__ = "other_contact"
    __table_args__: Any = (Index("other_contact_at", "at"),)

    debtor_ref: str = text(primary_key=True, foreign_key="debtor.debtor_ref")
    contact_ref: str = text(primary_key=True)
    loan_ref: str | None = text(None)
    channel: str = text()
    at: datetime = instant()
    outcome: str = text()
    agent_ref: str | None = text(None)
