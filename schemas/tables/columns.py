"""The columns of the tables, by what they hold: PostgreSQL's own types, nothing left to a default.

Each takes the default of the Python field (none: required), `otherwise`, the SQL that the database puts where
nothing was given, and the options of SQLModel's Field.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    Identity,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    Time,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

APPEND_ONLY: dict[str, Any] = {"info": {"append_only": True}}
"""Updates and deletes are refused by a trigger."""
PARTITIONED: dict[str, Any] = {"postgresql_partition_by": "RANGE (id)"}
"""One partition a month of the time-ordered id, so that retention is a dropped partition."""


def column(sa_type: Any, default: Any = PydanticUndefined, *, otherwise: str | None = None, **options: Any) -> Any:
    """A column of this type."""
    if otherwise is not None:
        options["sa_column_kwargs"] = {"server_default": sql(otherwise)}
    return Field(default=default, sa_type=sa_type, **options)


text = partial(column, Text)
instant = partial(column, DateTime(timezone=True))
"""Aware, in UTC."""
day = partial(column, Date)
"""A date of the debtor's own calendar."""
clock = partial(column, Time)
"""A time of the debtor's own day."""
amount = partial(column, Numeric(28, 8))
"""Exact, in the row's currency."""
binary = partial(column, LargeBinary)
"""Sealed personal data, a keyed index or a hash."""
uuid = partial(column, Uuid)
"""UUIDv7, made by the real clock."""
document = partial(column, JSONB)
small = partial(column, SmallInteger)
number = partial(column, Integer)
large = partial(column, BigInteger)
real = partial(column, Double)
"""Never money."""
flag = partial(column, Boolean)


def words() -> Any:
    """A list of texts, empty where none was given."""
    return Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": sql("'{}'")})


def serial() -> Any:
    """A number that the database gives, and nobody else."""
    return Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=[Identity(always=True)])


def transaction() -> Any:
    """The number of the transaction that wrote the row; seals go by it."""
    return column(BigInteger, None, otherwise="((pg_current_xact_id())::text)::bigint", nullable=False)


def one_of(name: str, allowed: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in allowed)
    return CheckConstraint(f"{name} in ({listed})")
