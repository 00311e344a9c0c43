"""Who changed what, and the chain of seals over every append-only table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.enums import SealKind
from schemas.tables.columns import (
    APPEND_ONLY,
    PARTITIONED,
    binary,
    column,
    document,
    instant,
    large,
    one_of,
    text,
    transaction,
    uuid,
)


class Audit(SQLModel, table=True):
    """A row is one change that a person or a key made: who, what, to what; never anything personal.

    Append-only, and kept in monthly partitions of its time-ordered id.
    """

    __tablename__ = "audit"
    __table_args__: Any = (
        CheckConstraint("length(btrim(actor)) between 1 and 200"),
        Index("audit_xact", "xact"),
        {**APPEND_ONLY, **PARTITIONED},
    )

    id: UUID = uuid(primary_key=True)
    at: datetime = instant()
    actor: str = text()
    action: str = text()
    subject: str = text()
    details: Any = document()
    xact: int = transaction()


class AuditSeal(SQLModel, table=True):
    """A row is one link of the chain: the hashes of a table's rows, by month, that one range of transactions wrote.

    `previous` is the hash of the link before. A `pruned` link names months that retention removed, with what they
    held; a `rebased` link starts a new count of transactions, after a restore into another server.
    """

    __tablename__ = "audit_seal"
    __table_args__: Any = (
        CheckConstraint("number > 0"),
        one_of("kind", SealKind),
        CheckConstraint("since_xact <= until_xact"),
        CheckConstraint("(public_key is null) = (signature is null)"),
        Index("audit_seal_place", "source", "until_xact", unique=True, postgresql_where=sql("kind = 'sealed'")),
        APPEND_ONLY,
    )

    number: int = column(BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = text()
    source: str = text()
    since_xact: int = large()
    until_xact: int = large()
    first_id: str | None = text(None)
    last_id: str | None = text(None)
    rows: int = large()
    parts: Any = document()
    previous: bytes = binary()
    hash: bytes = binary(unique=True)
    sealed_at: datetime = instant()
    public_key: str | None = text(None)
    signature: str | None = text(None)
