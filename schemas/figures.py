"""The answer of `/v1/kpis`; formulas are in deploy/figures.md."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from schemas.events_base import Shape


class By(StrEnum):
    """What figures may be split by."""

    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    SEGMENT = "segment"
    REGION = "region"
    DAY = "day"
    AGENT = "agent"


class MessageFigures(Shape):
    """Counts of messages under one key."""

    key: str
    planned: int
    sent: int
    delivered: int
    read: int
    failed: int
    unknown: int
    suppressed: int
    cancelled: int
    expired: int
    parts: int
    replied: int
    promised: int
    response_rate: float | None
    promise_rate: float | None


class BlockedFigure(Shape):
    """How many messages one rule suppressed."""

    rule: str
    messages: int


class PortfolioFigures(Shape):
    """The portfolio in one currency; rates are shares from 0 to 1, None where nothing is there to compare."""

    currency: str
    open_installments: int
    outstanding: Decimal
    overdue: Decimal
    recovered: Decimal
    delinquency_index: float | None
    recovery_rate: float | None
    days_to_collect: float | None


class PortfolioTrend(Shape):
    """The portfolio in one currency at the end of a UTC day; of the present day as it is now."""

    day: date
    currency: str
    open_installments: int
    outstanding: Decimal
    overdue: Decimal
    delinquency_index: float | None


class AgentFigures(Shape):
    """What one agent did: contacts, how many were answered and by the right person, and tasks closed."""

    key: str
    contacts: int
    answered: int
    right_party: int
    tasks_closed: int


class KpiAnswer(Shape):
    """Figures of a period."""

    since: date = Field(alias="from")
    until: date = Field(alias="to")
    by: By
    rows: tuple[MessageFigures, ...]
    blocked: tuple[BlockedFigure, ...]
    portfolio: tuple[PortfolioFigures, ...]
    trend: tuple[PortfolioTrend, ...] = ()
    agents: tuple[AgentFigures, ...] = ()
