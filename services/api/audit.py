"""The audit log by HTTP: who changed what, newest first."""

from datetime import UTC, date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from schemas.audit_api import AuditEntry, AuditPage
from schemas.events_base import DayOrInstant
from services.api.auth import Guard
from services.api.names import NAMED
from services.api.paging import Cursor, Limit, cursor_of, place_of
from services.api.problems import Problem, refusals
from services.auditing import Action
from services.database import Database
from services.keys import Capability
from services.store import audit as store

Actor = Annotated[str | None, Query(description="only of this actor, whole", max_length=200, pattern=NAMED)]
Subject = Annotated[str | None, Query(description="only about this, whole", max_length=200, pattern=NAMED)]
Since = Annotated[DayOrInstant | None, Query(alias="from", description="from this UTC day or instant on")]
Until = Annotated[DayOrInstant | None, Query(alias="to", description="until this UTC day or instant, exclusive")]


def audit_router(guard: Guard, database: Database) -> APIRouter:
    """The route of the audit log."""
    router = APIRouter(
        prefix="/v1/audit",
        tags=["audit"],
        responses=refusals(401, 403, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.AUDIT))],
    )

    @router.get("", summary="The audit log")
    async def get_audit(
        actor: Actor = None,
        action: Annotated[Action | None, Query(description="only this")] = None,
        subject: Subject = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> AuditPage:
        """Every change that a person or a key made, newest first; references and counts, never personal data."""
        wanted = store.Wanted(actor, action, subject, _instant(since), _instant(until))
        before = _before(cursor) if cursor is not None else store.END
        async with database.reading() as connection:
            rows = await store.page(connection, wanted, before=before, limit=limit + 1)
        items = tuple(AuditEntry.model_validate(row, from_attributes=True) for row in rows[:limit])
        last = items[-1] if len(rows) > limit else None
        return AuditPage(items=items, next=cursor_of(last.at, str(last.id)) if last is not None else None)

    return router


def _instant(given: date | datetime | None) -> datetime | None:
    """A day stands for its first instant."""
    if given is None or isinstance(given, datetime):
        return given
    return datetime.combine(given, time(), UTC)


def _before(cursor: str) -> UUID:
    _, (entry_id,) = place_of(cursor, 2)
    try:
        return UUID(entry_id)
    except ValueError:
        raise Problem(422, "the cursor can't be used: it must be `next` of the page before, unchanged") from None
