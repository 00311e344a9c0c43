"""Emergency closures ordered by people: in force before the next claim, in every process."""

from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.facts import EmergencyClosure
from campaigns.packs import Packs
from services.auditing import Action, record
from services.ids import uuid7
from services.store import closures as store


class ClosureProblem(Exception):
    """Why a closure can't be ordered; says what to do."""


def checked(closure: EmergencyClosure, packs: Packs) -> EmergencyClosure:
    """The closure, of a place that the packs know; raises ClosureProblem."""
    pack = packs.get(closure.jurisdiction)
    if pack is None:
        raise ClosureProblem(f"there is no pack {closure.jurisdiction}; known: {', '.join(packs.ids)}")
    if closure.first > closure.last:
        raise ClosureProblem("the last day lies before the first; swap them")
    country = closure.jurisdiction.partition("-")[0]
    if closure.region is not None and not closure.region.startswith(f"{country}-"):
        raise ClosureProblem(f"{closure.region} is no region of {country}; write it as ISO 3166-2, {country}-…")
    return closure


async def order(connection: Any, closure: EmergencyClosure, *, made_by: str, now: datetime) -> UUID:
    """Close; what is planned for those days is deferred when it comes to be claimed."""
    closure_id = uuid7()
    await store.make(connection, closure_id, closure, made_by=made_by, now=now)
    days = {"first": closure.first.isoformat(), "last": closure.last.isoformat(), "reason": closure.reason}
    subject = f"closure/{closure_id}"
    details = {"jurisdiction": closure.jurisdiction, "region": closure.region, **days}
    await record(connection, actor=made_by, action=Action.CLOSURE_MADE, subject=subject, details=details, now=now)
    return closure_id


async def lift(connection: Any, closure_id: UUID, *, lifted_by: str, now: datetime, reason: str | None = None) -> bool:
    """Open again; what waited for the end is judged anew at once. False where no such closure stands."""
    if not await store.lift(connection, closure_id, lifted_by=lifted_by, now=now):
        return False
    told = {"reason": reason} if reason is not None else None
    subject = f"closure/{closure_id}"
    await record(connection, actor=lifted_by, action=Action.CLOSURE_LIFTED, subject=subject, details=told, now=now)
    return True
