"""Every route under /v1, over the parts of a deployment."""

from fastapi import APIRouter

from services.api.audit import audit_router
from services.api.auth import Guard, Keys, Pace
from services.api.campaign_report import campaign_report_router
from services.api.campaigns import campaigns_router
from services.api.debtors import debtors_router
from services.api.events import events_router
from services.api.holds import holds_router
from services.api.kpis import kpis_router
from services.api.messages import messages_router
from services.api.permissions import consents_router, suppressions_router
from services.api.stops import KnownNames, stops_router
from services.api.writing import Writes
from services.holding import Holding
from services.wiring import Parts


def v1_routers(parts: Parts) -> list[APIRouter]:
    """The routers."""
    guard, writes = guard_of(parts), Writes(parts.database, parts.clock)
    known = KnownNames(frozenset(parts.registry.providers), frozenset(parts.policy.packs))
    return [
        events_router(guard, writes, parts.intake),
        debtors_router(guard, writes, parts.intake),
        consents_router(guard, writes, parts.intake),
        suppressions_router(guard, writes, parts.intake),
        holds_router(guard, writes, Holding(parts.consequences)),
        messages_router(guard, parts.database),
        kpis_router(guard, parts.database, parts.clock),
        stops_router(guard, writes, known),
        campaign_report_router(guard, parts.database, parts.settings, parts.clock),
        campaigns_router(guard, writes, parts.settings),
        audit_router(guard, parts.database),
    ]


def guard_of(parts: Parts) -> Guard:
    """What lets callers in; one for all routers of a process."""
    return Guard(Keys(parts.database, parts.clock), Pace(parts.settings.api_per_second, parts.clock))
