"""The kill switch by HTTP: in force from the next claim on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from schemas.api import StopAnswer, StopBody, StopsPage
from services import switches
from services.api.auth import Caller, Guard
from services.api.bodies import Given, body_of, takes
from services.api.paging import Cursor, Limit, cursor_of, place_of
from services.api.problems import Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Write, Writes, write_of
from services.keys import Capability
from services.store import stops as store

_BEGINNING = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names a switch may be about, to warn of a slip of the pen."""

    providers: frozenset[str]
    jurisdictions: frozenset[str]


def stops_router(guard: Guard, writes: Writes, known: KnownNames) -> APIRouter:
    """The routes that throw, lift and list switches."""
    router = APIRouter(prefix="/v1/stops", tags=["stops"])
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.STOPS))]
    Body = Annotated[Given[StopBody], Depends(body_of(StopBody))]

    @router.post(
        "",
        summary="Stop sending",
        status_code=201,
        response_model=StopAnswer,
        responses=refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=takes(StopBody),
    )
    async def post_stop(
        request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Stop a campaign, channel, provider or jurisdiction, or everything where none is named."""
        write = write_of(request, caller, idempotency_key, given.raw)
        return await writes.once(write, lambda c: _throw(c, write, given.model, known, writes))

    @router.delete(
        "/{stop_id}", summary="Lift a stop", status_code=204, responses=refusals(401, 403, 404, 422, 429, 503)
    )
    async def lift_stop(
        stop_id: UUID, request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Sending goes on as far as this stop goes; lifting one that was lifted before changes nothing."""
        write = write_of(request, caller, idempotency_key)
        return await writes.once(write, lambda c: _lift(c, write, stop_id, writes))

    _add_list(router, guard, writes)
    return router


def _add_list(router: APIRouter, guard: Guard, writes: Writes) -> None:
    """The route that lists switches."""

    @router.get(
        "",
        summary="List stops",
        response_model=StopsPage,
        responses=refusals(401, 403, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.READ))],
    )
    async def get_stops(
        lifted: Annotated[bool, Query(description="those of the past too")] = False,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> StopsPage:
        """The stops in force, oldest first."""
        after = _after(cursor) if cursor is not None else _BEGINNING
        async with writes.database.reading() as connection:
            rows = await store.page(connection, lifted_too=lifted, after=after, limit=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        following = cursor_of(last["since"], str(last["id"])) if last is not None else None
        return StopsPage(items=tuple(StopAnswer(**row) for row in rows[:limit]), next=following)


async def _throw(connection: Any, write: Write, body: StopBody, known: KnownNames, writes: Writes) -> Answer:
    what = switches.target(*body.target)
    made_by, now = f"api:{write.caller.name}", writes.clock.now()
    row = await switches.throw(connection, what, reason=body.reason, made_by=made_by, now=now)
    warning = await switches.doubt(
        connection, what, providers=set(known.providers), jurisdictions=set(known.jurisdictions)
    )
    return Answer(201, StopAnswer(**row, warning=warning).model_dump(mode="json", by_alias=True))


async def _lift(connection: Any, write: Write, stop_id: UUID, writes: Writes) -> Answer:
    lifted_by = f"api:{write.caller.name}"
    if not await switches.lift_one(connection, stop_id, lifted_by=lifted_by, now=writes.clock.now()) and not (
        await store.exists(connection, stop_id)
    ):
        raise Problem(404, "there is no such stop")
    return Answer(204)


def _after(cursor: str) -> tuple[datetime, UUID]:
    at, (stop_id,) = place_of(cursor, 2)
    try:
        return at, UUID(stop_id)
    except ValueError:
        raise Problem(422, "the cursor can't be used: it must be `next` of the page before, unchanged") from None
