"""Figures kept up to date: a feed of what changed, the figures, and what each message and installment counts for."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Index, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from schemas.tables import columns
from schemas.tables.columns import flag, large, one_of, serial, small, text, uuid, words


class FigureChange(SQLModel, table=True):
    """A row is one transaction that changed something which figures count; deleted once they do.

    `debtors` stands for all their loans. Nothing of it is compressed, which would take longer than writing it.
    """

    __tablename__ = "figure_change"

    id: int | None = serial()
    messages: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": sql("'{}'")}
    )
    loans: list[str] = words()
    debtors: list[str] = words()


class MessageSums(SQLModel):
    """What is summed of messages; `replies` and `promises` are what they brought in."""

    messages: int = large(0, otherwise="0")
    handed_over: int = large(0, otherwise="0")
    parts: int = large(0, otherwise="0")
    replies: int = large(0, otherwise="0")
    promises: int = large(0, otherwise="0")


class MessageFigure(MessageSums, table=True):
    """A row is one figure of messages: how many of a UTC day share a campaign, channel, segment, region and end.

    Absent values are empty texts; `rule` is what suppressed them.
    """

    __tablename__ = "message_figure"
    __table_args__: Any = (
        UniqueConstraint("day", "campaign", "channel", "segment", "region", "state", "rule"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    id: int | None = serial()
    day: date = columns.day()
    campaign: str = text()
    channel: str = text()
    segment: str = text()
    region: str = text()
    state: str = text()
    rule: str = text()


class MessageRollup(MessageSums, table=True):
    """A row is one sum of figures of messages: those of a UTC day and an end that share one key, by one way to split.

    By rule only what was suppressed is summed.
    """

    __tablename__ = "message_rollup"
    __table_args__: Any = (
        one_of("by", ("campaign", "channel", "segment", "region", "rule")),
        {"postgresql_with": {"fillfactor": 70}},
    )

    by: str = text(primary_key=True)
    day: date = columns.day(primary_key=True)
    key: str = text(primary_key=True)
    state: str = text(primary_key=True)


class MessagePair(MessageSums, table=True):
    """A row is one sum of figures of messages: those of a UTC day and an end that share two keys.

    `by` and `other` name the keys, in the order campaign, channel, segment, region, rule.
    """

    __tablename__ = "message_pair"
    __table_args__: Any = (
        one_of("by", ("campaign", "channel", "segment", "region")),
        one_of("other", ("channel", "segment", "region", "rule")),
        Index("message_pair_other", "by", "other", "other_key", "day"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    by: str = text(primary_key=True)
    other: str = text(primary_key=True)
    key: str = text(primary_key=True)
    day: date = columns.day(primary_key=True)
    other_key: str = text(primary_key=True)
    state: str = text(primary_key=True)


class MessageCounted(SQLModel, table=True):
    """A row is one message as figures count it now."""

    __tablename__ = "message_counted"
    __table_args__: Any = {"postgresql_with": {"fillfactor": 80}}

    message_id: UUID = uuid(primary_key=True)
    figure_id: int = large()
    handed_over: int = small()
    parts: int = columns.number()
    replies: int = columns.number()
    promises: int = columns.number()


class DebtFigure(SQLModel, table=True):
    """A row is one figure of installments: open ones by their due date, others by the UTC day on which they were paid.

    `days` adds up those from due date to payment, early ones as 0.
    """

    __tablename__ = "debt_figure"
    __table_args__: Any = (
        UniqueConstraint("open", "day", "currency", "creditor", "product", "segment", "region"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    id: int | None = serial()
    open: bool = flag()
    day: date = columns.day()
    currency: str = text()
    creditor: str = text()
    product: str = text()
    segment: str = text()
    region: str = text()
    installments: int = large(0, otherwise="0")
    amount: Decimal = columns.amount(0, otherwise="0")
    days: int = large(0, otherwise="0")


class DebtRollup(SQLModel, table=True):
    """A row is one sum of figures of installments: those of a currency that are open, or not, and share a day."""

    __tablename__ = "debt_rollup"
    __table_args__: Any = {"postgresql_with": {"fillfactor": 70}}

    open: bool = flag(primary_key=True)
    day: date = columns.day(primary_key=True)
    currency: str = text(primary_key=True)
    installments: int = large(0, otherwise="0")
    amount: Decimal = columns.amount(0, otherwise="0")
    days: int = large(0, otherwise="0")


class DebtCounted(SQLModel, table=True):
    """A row is one installment as figures count it now."""

    __tablename__ = "debt_counted"
    __table_args__: Any = {"postgresql_with": {"fillfactor": 80}}

    loan_ref: str = text(primary_key=True)
    number: int = columns.number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    figure_id: int = large()
    amount: Decimal = columns.amount()
    days: int = columns.number()


class PortfolioDay(SQLModel, table=True):
    """A row is one part of the portfolio at the end of a UTC day, or as it is now for the present one."""

    __tablename__ = "portfolio_day"

    day: date = columns.day(primary_key=True)
    currency: str = text(primary_key=True)
    creditor: str = text(primary_key=True)
    product: str = text(primary_key=True)
    segment: str = text(primary_key=True)
    region: str = text(primary_key=True)
    open_installments: int = large()
    outstanding: Decimal = columns.amount()
    overdue: Decimal = columns.amount()
