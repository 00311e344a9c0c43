"""The ledger of intentions: one message per step, debtor and due date, and every decision about it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.enums import MessageState, Verdict
from schemas.tables.columns import (
    APPEND_ONLY,
    PARTITIONED,
    day,
    document,
    instant,
    large,
    number,
    one_of,
    real,
    small,
    text,
    transaction,
    uuid,
    words,
)

_IN_TIME = "due_at >= '-infinity'"
"""Always true, and said by those alone who look for what is due: others find by debtor, whatever the planner thinks."""


class Message(SQLModel, table=True):
    """A row is one intention: this step, for this debtor, for this due date; the version is no part of its key.

    It waits from `earliest` to `expires_at`, next looked at when `due_at` comes. `tried` are the channels that
    failed, `sequence` numbers the events published of it, `trigger_id` is the event that caused it.
    """

    __tablename__ = "message"
    __table_args__: Any = (
        one_of("state", MessageState),
        CheckConstraint("earliest < expires_at"),
        UniqueConstraint("debtor_ref", "loan_ref", "installment_number", "occurrence", "campaign", "step"),
        Index(
            "message_due",
            "due_at",
            sql("priority desc"),
            "id",
            postgresql_where=sql(f"state = 'planned' and {_IN_TIME}"),
        ),
        CheckConstraint("lane in (0, 1)"),
        Index("message_urgent", "due_at", "id", postgresql_where=sql(f"state = 'planned' and lane = 0 and {_IN_TIME}")),
        Index("message_planned", "debtor_ref", postgresql_where=sql("state = 'planned'")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: UUID = uuid(primary_key=True)
    debtor_ref: str = text(foreign_key="debtor.debtor_ref")
    loan_ref: str = text()
    installment_number: int = number()
    occurrence: date = day()
    campaign: str = text()
    step: str = text()
    version_id: int = large()
    purpose: str = text()
    channel: str | None = text(None)
    state: str = text()
    outcome: str | None = text(None)
    reason: str | None = text(None)
    rule: str | None = text(None)
    earliest: datetime = instant()
    due_at: datetime = instant()
    expires_at: datetime = instant()
    priority: float = real(0.0, otherwise="0")
    attempts: int = small(0, otherwise="0")
    tried: list[str] = words()
    sequence: int = number(0, otherwise="0")
    trigger_id: str | None = text(None)
    trigger_type: str | None = text(None)
    segment: str | None = text(None)
    region: str | None = text(None)
    country: str | None = text(None)
    created_at: datetime = instant()
    updated_at: datetime = instant()
    lane: int = small(1, otherwise="1")


class Decision(SQLModel, table=True):
    """A row is one answer of the contact policy about a message: what was asked, of which packs, and why.

    Append-only, and kept in monthly partitions of its time-ordered id.
    """

    __tablename__ = "decision"
    __table_args__: Any = (
        one_of("stage", ("plan", "claim")),
        one_of("verdict", Verdict),
        Index("decision_message", "message_id"),
        Index("decision_xact", "xact"),
        {**APPEND_ONLY, **PARTITIONED},
    )

    id: UUID = uuid(primary_key=True)
    message_id: UUID = uuid()
    debtor_ref: str = text()
    stage: str = text()
    channel: str | None = text(None)
    verdict: str = text()
    at: datetime = instant()
    not_before: datetime | None = instant(None)
    not_after: datetime | None = instant(None)
    reasons: list[Any] = document()
    packs: Any = document()
    inputs: Any = document()
    xact: int = transaction()
