"""Consents, suppressions and holds by HTTP; each in force when it is answered."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from campaigns.permissions import REPLY
from schemas.api import ConsentAnswer, ConsentBody, Recorded, SuppressionBody
from schemas.consent_events import SuppressionScope
from services.api.auth import Caller, Guard
from services.api.bodies import Given, body_of, takes
from services.api.facts import tell
from services.api.problems import Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Write, Writes, write_of
from services.auditing import Action, record
from services.intake import Intake
from services.keys import Capability
from services.store import permissions as store
from services.store.permissions import SuppressionRow

_SCOPE = {
    "person": SuppressionScope.PERSON,
    "channel": SuppressionScope.CHANNEL,
    "loan": SuppressionScope.LOAN,
    "contact_point": SuppressionScope.CONTACT_POINT,
}
_REFUSALS = refusals(400, 401, 403, 413, 415, 422, 429, 503)
_LIFT_REFUSALS = refusals(401, 403, 404, 409, 422, 429, 503)


def consents_router(guard: Guard, writes: Writes, intake: Intake) -> APIRouter:
    """The route of consents."""
    router = APIRouter(prefix="/v1", tags=["permissions"])
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.CONSENTS))]
    Body = Annotated[Given[ConsentBody], Depends(body_of(ConsentBody))]

    @router.post(
        "/consents",
        summary="Record a consent",
        status_code=201,
        response_model=ConsentAnswer,
        responses=_REFUSALS,
        openapi_extra=takes(ConsentBody),
    )
    async def post_consent(
        request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """What the debtor said about a channel and purpose; of several, the one given last counts."""
        write = write_of(request, caller, idempotency_key, given.raw)

        async def work(connection: Any) -> Answer:
            now = writes.clock.now()
            data = _data(given.model)
            data.setdefault("effectiveAt", now.isoformat())
            received = await tell(connection, intake, write, kind="consent.changed", data=data, now=now)
            answer = ConsentAnswer(debtor_ref=given.model.debtor_ref, status=received.fate.value)
            said = {name: data.get(name) for name in ("channel", "purpose", "state")}
            subject = f"debtor/{given.model.debtor_ref}"
            by = write.caller.actor
            await record(connection, actor=by, action=Action.CONSENT_RECORDED, subject=subject, details=said, now=now)
            return Answer(201, answer.model_dump(mode="json", by_alias=True))

        return await writes.once(write, work)

    return router


def suppressions_router(guard: Guard, writes: Writes, intake: Intake) -> APIRouter:
    """The routes of suppressions."""
    router = APIRouter(prefix="/v1/suppressions", tags=["permissions"])
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.SUPPRESSIONS))]
    Body = Annotated[Given[SuppressionBody], Depends(body_of(SuppressionBody))]

    @router.post(
        "",
        summary="Suppress contact",
        status_code=201,
        response_model=Recorded,
        responses=_REFUSALS,
        openapi_extra=takes(SuppressionBody),
    )
    async def post_suppression(
        request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Nobody may contact this person, loan, channel or address; also where the debtor is not known yet."""
        write = write_of(request, caller, idempotency_key, given.raw)
        return await writes.once(write, lambda c: _suppress(c, intake, write, given.model, writes))

    @router.delete("/{suppression_id}", summary="Lift a suppression", status_code=204, responses=_LIFT_REFUSALS)
    async def lift_suppression(
        suppression_id: UUID, request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """End a suppression, and others of the same place and reason; what the debtor asked for, the debtor ends."""
        write = write_of(request, caller, idempotency_key)
        return await writes.once(write, lambda c: _lift(c, intake, write, suppression_id, writes))

    return router


async def _suppress(connection: Any, intake: Intake, write: Write, body: SuppressionBody, writes: Writes) -> Answer:
    now = writes.clock.now()
    received = await tell(connection, intake, write, kind="contact.suppressed", data=_data(body), now=now)
    if received.reason is not None:
        raise Problem(409, "an event with this Idempotency-Key as its id was handled before; choose a new one")
    row = await store.just_made(connection, body.debtor_ref, now)
    recorded = Recorded(
        id=row.id,
        debtor_ref=row.debtor_ref,
        loan_ref=row.loan_ref,
        reason=row.reason,
        since=row.since,
        until=row.until,
    )
    await _record(connection, write, Action.SUPPRESSION_MADE, row, now)
    return Answer(201, recorded.model_dump(mode="json", by_alias=True))


async def _lift(connection: Any, intake: Intake, write: Write, suppression_id: UUID, writes: Writes) -> Answer:
    row = await store.suppression(connection, suppression_id)
    if row is None:
        raise Problem(404, "there is no such suppression")
    if row.source == REPLY:
        raise Problem(409, "the debtor asked for this stop; only their own word ends it")
    now = writes.clock.now()
    await tell(connection, intake, write, kind="contact.unsuppressed", data=_lifting(row), now=now)
    await _record(connection, write, Action.SUPPRESSION_LIFTED, row, now)
    return Answer(204)


async def _record(connection: Any, write: Write, action: Action, row: SuppressionRow, now: datetime) -> None:
    """Write down by whom; which person and scope, the row of the suppression tells."""
    subject, details = f"suppression/{row.id}", {"debtorRef": row.debtor_ref, "scope": row.scope}
    await record(connection, actor=write.caller.actor, action=action, subject=subject, details=details, now=now)


def _lifting(row: SuppressionRow) -> dict[str, Any]:
    named = {"channel": row.channel, "loanRef": row.loan_ref, "contactPointRef": row.contact_point_ref}
    data = {"debtorRef": row.debtor_ref, "scope": _SCOPE[row.scope].value, "reason": row.reason}
    return {**data, **{name: value for name, value in named.items() if value is not None}}


def _data(body: ConsentBody | SuppressionBody) -> dict[str, Any]:
    return body.model_dump(mode="json", by_alias=True, exclude_none=True)
