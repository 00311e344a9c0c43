"""What a campaign achieves, by HTTP."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from channels.config import ProvidersFile
from schemas.campaign_api import ReportAnswer
from services.api.auth import Guard
from services.api.kpis import Day
from services.api.names import Campaign
from services.api.problems import Problem, refusals
from services.clock import Clock
from services.database import Database
from services.experiments import USUAL, WITHIN, NoSuchCampaign, Period, report
from services.keys import Capability
from services.running import RunningCampaigns
from services.settings import Settings
from services.yaml_document import read_document


def campaign_report_router(guard: Guard, database: Database, settings: Settings, clock: Clock) -> APIRouter:
    """The route of a campaign's report."""
    router = APIRouter(
        prefix="/v1/campaigns",
        tags=["campaigns"],
        responses=refusals(401, 403, 404, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.READ))],
    )

    @router.get("/{campaign}/report", summary="What a campaign achieves")
    async def get_report(
        campaign: Campaign,
        since: Annotated[Day | None, Query(alias="from", description="first UTC day; default 90 days")] = None,
        until: Annotated[Day | None, Query(alias="to", description="UTC day after the last; now if left out")] = None,
        within: Annotated[int, Query(ge=1, le=366, description="days for which each person is followed")] = WITHIN,
    ) -> ReportAnswer:
        """Versions and variants against the people held out, by intention to treat."""
        now = clock.now()
        end = datetime.combine(until, time(), UTC) if until is not None else now
        start = datetime.combine(since, time(), UTC) if since is not None else max(end, _EARLIEST) - USUAL
        if start >= end:
            raise Problem(422, "the period is empty: `from` must lie before `to`")
        prices = read_document(settings.providers_file, ProvidersFile).prices
        period = Period(start, end, timedelta(days=within))
        try:
            async with database.transaction() as connection:
                found = await report(connection, RunningCampaigns(), campaign, period, now=now, prices=prices)
        except NoSuchCampaign:
            raise Problem(404, "there is no campaign of this name") from None
        return ReportAnswer(report=found)

    return router


_EARLIEST = datetime.min.replace(tzinfo=UTC) + USUAL
