"""The figures of the console by HTTP."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from schemas.figures import By, KpiAnswer
from services import figures
from services.api.auth import Guard
from services.api.problems import Problem, refusals
from services.clock import Clock
from services.database import Database
from services.keys import Capability

_MOST_DAYS = 400
_USUAL = timedelta(days=30)


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
        since: Annotated[date | None, Query(alias="from", description="first UTC day; default 30 days")] = None,
        until: Annotated[
            date | None, Query(alias="to", description="UTC day after the last; tomorrow if left out")
        ] = None,
        by: Annotated[By, Query(description="what the counts are split by")] = By.CAMPAIGN,
    ) -> KpiAnswer:
        """Messages by outcome, what was blocked by which rule, and the portfolio; formulas in deploy/figures.md."""
        today = clock.now().date()
        end = until or today + timedelta(days=1)
        start = since or end - _USUAL
        if not timedelta(0) < end - start <= timedelta(days=_MOST_DAYS):
            raise Problem(422, f"the period from `from` until `to` must be 1 to {_MOST_DAYS} days long")
        async with database.reading() as connection:
            return await figures.kpis(connection, since=start, until=end, by=by, today=today)

    return router
