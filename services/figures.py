"""Figures of a period: counts from the store, and the rates that follow from them."""

from datetime import date
from decimal import Decimal
from typing import Any

from schemas.figures import (
    AgentFigures,
    BlockedFigure,
    By,
    KpiAnswer,
    MessageFigures,
    PortfolioFigures,
    PortfolioTrend,
)
from services.store import figures as store
from services.store.figures import Only


async def kpis(
    connection: Any, *, since: date, until: date, by: By, today: date, only: Only | None = None
) -> KpiAnswer:
    """The figures from `since` (inclusive) until `until` (exclusive), UTC days.

    By agent there are `agents` and no `rows`; by day there is the portfolio's `trend` too.
    """
    found = await store.read(connection, since=since, until=until, by=by.value, today=today, only=only)
    return KpiAnswer(
        since=since,
        until=until,
        by=by,
        rows=tuple(_messages(row) for row in found.rows),
        blocked=tuple(BlockedFigure(**row) for row in found.blocked),
        portfolio=tuple(_portfolio(row) for row in found.portfolio),
        trend=tuple(_trend(row) for row in found.trend),
        agents=tuple(AgentFigures(**row) for row in found.agents),
    )


def _messages(row: dict[str, Any]) -> MessageFigures:
    delivered = row["delivered"]
    return MessageFigures(
        **row,
        response_rate=_share(row["replied"], delivered),
        promise_rate=_share(row["promised"], delivered),
    )


def _portfolio(row: dict[str, Any]) -> PortfolioFigures:
    days = row.pop("days_to_collect")
    return PortfolioFigures(
        **row,
        delinquency_index=_share(row["overdue"], row["outstanding"]),
        recovery_rate=_share(row["recovered"], row["recovered"] + row["overdue"]),
        days_to_collect=float(days) if days is not None else None,
    )


def _trend(row: dict[str, Any]) -> PortfolioTrend:
    return PortfolioTrend(**row, delinquency_index=_share(row["overdue"], row["outstanding"]))


def _share(part: int | Decimal, whole: int | Decimal) -> float | None:
    return round(float(part) / float(whole), 4) if whole else None
