"""The person: what we may know of them, sealed, and how they can be reached."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import SQLModel

from schemas.tables.columns import binary, clock, flag, instant, large, one_of, real, small, text, uuid, words


class Debtor(SQLModel, table=True):
    """A row is one person by the core's reference, and the lock under which anything about them is written.

    `awaited` until their first snapshot, `erased` once personal data and its key are gone. `person_key` is the
    person's own key, wrapped by the deployment's; `sealed` holds names and addresses under it.
    """

    __tablename__ = "debtor"
    __table_args__: Any = (
        CheckConstraint("length(debtor_ref) between 1 and 128"),
        one_of("state", ("awaited", "active", "deactivated", "erased")),
        CheckConstraint("state <> 'erased' or (person_key is null and sealed is null)"),
        CheckConstraint("(window_from is null) = (window_until is null)"),
        {"postgresql_with": {"fillfactor": 85}},
    )

    debtor_ref: str = text(primary_key=True)
    state: str = text("awaited", otherwise="'awaited'")
    revision: int | None = large(None)
    snapshot_at: datetime | None = instant(None)
    person_key: bytes | None = binary(None)
    sealed: bytes | None = binary(None)
    language: str | None = text(None)
    country: str | None = text(None)
    region: str | None = text(None)
    timezone: str | None = text(None)
    segment: str | None = text(None)
    risk_score: float | None = real(None)
    tags: list[str] = words()
    preferred_channels: list[str] = words()
    window_from: time | None = clock(None)
    window_until: time | None = clock(None)
    status: str = text("active", otherwise="'active'")
    created_at: datetime = instant()
    updated_at: datetime = instant()
    number_zones: list[str] = words()


class ContactPoint(SQLModel, table=True):
    """A row is one number or mailbox of a debtor's newest snapshot; the value itself is sealed in the debtor.

    `blind` is the keyed index of the canonical value: the same on every row that holds the same number.
    """

    __tablename__ = "contact_point"
    __table_args__: Any = (
        one_of("kind", ("phone", "email", "whatsapp", "push")),
        Index("contact_point_blind", "blind"),
    )

    debtor_ref: str = text(primary_key=True, foreign_key="debtor.debtor_ref")
    contact_point_ref: str = text(primary_key=True)
    position: int = small()
    kind: str = text()
    blind: bytes = binary()
    phone_type: str | None = text(None)
    usable: bool = flag()
    verified: bool = flag(False, otherwise="false")


class ContactPointFault(SQLModel, table=True):
    """A row is one reason never to use a number or mailbox again: unallocated, not theirs, bounced.

    It is kept by `blind`, so that it outlives new snapshots with the same value; `channel` is null where every
    channel is meant. One that is not `proven` is a first suspicion, which stops nothing yet.
    """

    __tablename__ = "contact_point_fault"
    __table_args__: Any = (Index("contact_point_fault_debtor", "debtor_ref"),)

    id: UUID = uuid(primary_key=True)
    debtor_ref: str = text(foreign_key="debtor.debtor_ref")
    blind: bytes = binary()
    channel: str | None = text(None)
    reason: str = text()
    at: datetime = instant()
    proven: bool = flag(True, otherwise="true")
