"""Holds by HTTP: contact stops for a while, with a person or about one loan."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from campaigns.person import Hold
from schemas.api import HoldBody, Recorded
from services.api.auth import Caller, Guard
from services.api.bodies import Given, body_of, takes
from services.api.problems import Fault, Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Write, Writes, write_of
from services.auditing import Action, record
from services.holding import Holding, NotTheirs, made_hold
from services.keys import Capability
from services.store import permissions as store


def holds_router(guard: Guard, writes: Writes, holding: Holding) -> APIRouter:
    """The routes of holds."""
    router = APIRouter(prefix="/v1/holds", tags=["permissions"])
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.HOLDS))]
    Body = Annotated[Given[HoldBody], Depends(body_of(HoldBody))]

    @router.post(
        "",
        summary="Hold contact",
        status_code=201,
        response_model=Recorded,
        responses=refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=takes(HoldBody),
    )
    async def post_hold(
        request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Stop contact until the hold ends; also where the debtor or the loan is not known yet."""
        write = write_of(request, caller, idempotency_key, given.raw)
        return await writes.once(write, lambda c: _hold(c, holding, write, given.model, writes))

    @router.delete(
        "/{hold_id}",
        summary="End a hold",
        status_code=204,
        responses=refusals(401, 403, 404, 422, 429, 503),
    )
    async def end_hold(
        hold_id: UUID, request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Contact is permitted again as far as this hold goes; ending one that ended before changes nothing."""
        write = write_of(request, caller, idempotency_key)
        return await writes.once(write, lambda c: _release(c, holding, write, hold_id, writes))

    return router


async def _hold(connection: Any, holding: Holding, write: Write, body: HoldBody, writes: Writes) -> Answer:
    now = writes.clock.now()
    hold = Hold(body.reason, now, body.until, f"api:{write.caller.name}")
    try:
        debtor_ref = await holding.hold(
            connection, debtor_ref=body.debtor_ref, loan_ref=body.loan_ref, hold=hold, now=now
        )
    except NotTheirs:
        fault = Fault(at="body.loanRef", message="belongs to another debtor; leave debtorRef out, or correct one")
        raise Problem(422, "the body can't be used; see errors", errors=[fault]) from None
    recorded = Recorded(
        id=made_hold(hold),
        debtor_ref=debtor_ref,
        loan_ref=body.loan_ref,
        reason=hold.reason,
        since=hold.since,
        until=hold.until,
    )
    await record(
        connection,
        actor=write.caller.actor,
        action=Action.HOLD_MADE,
        subject=f"hold/{recorded.id}",
        details={"debtorRef": debtor_ref, "loanRef": body.loan_ref},
        now=now,
    )
    return Answer(201, recorded.model_dump(mode="json", by_alias=True))


async def _release(connection: Any, holding: Holding, write: Write, hold_id: UUID, writes: Writes) -> Answer:
    row = await store.hold(connection, hold_id)
    if row is None:
        raise Problem(404, "there is no such hold")
    if row.released_at is None:
        now = writes.clock.now()
        await holding.release(connection, row, now)
        subject = f"hold/{hold_id}"
        await record(connection, actor=write.caller.actor, action=Action.HOLD_RELEASED, subject=subject, now=now)
    return Answer(204)
