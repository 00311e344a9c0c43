"""The figures of the console by HTTP."""

import re
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator

from schemas.figures import By, KpiAnswer
from services import figures
from services.api.auth import Guard
from services.api.names import NAMED
from services.api.problems import Problem, refusals
from services.clock import Clock
from services.database import Database
from services.keys import Capability
from services.store.figures import Only

_MOST_DAYS = 400
_USUAL = timedelta(days=30)
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written(value: object) -> object:
    """A number would be taken for an instant, and an instant for a day."""
    if isinstance(value, str) and not _WRITTEN.fullmatch(value):
        raise ValueError("write a day like 2026-11-24")
    return value


Day = Annotated[date, BeforeValidator(_written)]
Wanted = Annotated[str | None, Query(description="only of this one", max_length=128, pattern=NAMED)]


def kpis_router(guard: Guard, database: Database, clock: Clock) -> APIRouter:
    """The route of figures."""
    router = APIRouter(
        prefix="/v1/kpis",
        tags=["figures"],
        responses=refusals(401, 403, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.READ))],
    )

    @router.get("", summary="Figures of a period")
    async def get_kpis(
        since: Annotated[Day | None, Query(alias="from", description="first UTC day; default 30 days")] = None,
        until: Annotated[
            Day | None, Query(alias="to", description="UTC day after the last; tomorrow if left out")
        ] = None,
        by: Annotated[By, Query(description="what the counts are split by")] = By.CAMPAIGN,
        campaign: Wanted = None,
        channel: Wanted = None,
        segment: Wanted = None,
        region: Wanted = None,
    ) -> KpiAnswer:
        """Messages by outcome, what was blocked by which rule, and the portfolio; formulas in deploy/figures.md."""
        today = clock.now().date()
        end = until or today + timedelta(days=1)
        start = since or max(end, date.min + _USUAL) - _USUAL
        if not timedelta(0) < end - start <= timedelta(days=_MOST_DAYS):
            raise Problem(422, f"the period from `from` until `to` must be 1 to {_MOST_DAYS} days long")
        async with database.reading() as connection:
            only = Only(campaign, channel, segment, region)
            return await figures.kpis(connection, since=start, until=end, by=by, today=today, only=only)

    return router
