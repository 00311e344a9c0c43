"""Debtors by HTTP: a snapshot put, a person erased, everything that happened to one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from schemas import strict_json
from schemas.api import DebtorAnswer, TimelinePage
from schemas.dead_letter import BadRecord
from schemas.debtor_events import DebtorUpserted
from schemas.envelope import MAX_BYTES, is_json
from services import ledger
from services.api.auth import Caller, Guard
from services.api.bodies import read_body, takes
from services.api.facts import apply, tell, usable_ref
from services.api.paging import Cursor, Limit, cursor_of, place_of
from services.api.problems import Fault, Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Write, Writes, write_of
from services.database import Database
from services.intake import Fact, Intake
from services.keys import Capability
from services.reading import Reading
from services.store import permissions as store
from services.store import timeline

_REVISION_TOO_OLD = "outdated"
Ref = Annotated[str, Path(description="the debtor's reference", min_length=1, max_length=128, examples=["D-1"])]


def debtors_router(guard: Guard, writes: Writes, intake: Intake) -> APIRouter:
    """The routes of debtors; the narrower address comes first, since a reference may hold slashes."""
    router = APIRouter(prefix="/v1/debtors", tags=["debtors"])
    _add_timeline(router, guard, writes.database)
    _add_put(router, guard, writes, intake)
    _add_erase(router, guard, writes, intake)
    return router


def _add_put(router: APIRouter, guard: Guard, writes: Writes, intake: Intake) -> None:
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.DEBTORS))]

    @router.put(
        "/{ref:path}",
        summary="Put a debtor's snapshot",
        response_model=DebtorAnswer,
        responses=refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=takes(DebtorUpserted),
    )
    async def put_debtor(
        ref: Ref, request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """The data of a `debtor.upserted` event; the reference in the address is the one that counts.

        A snapshot is the whole word on a debtor: what it leaves out is no longer so. One with a lower `revision`
        than we know changes nothing and is answered as outdated.
        """
        body = await read_body(request, MAX_BYTES)
        data = _snapshot(usable_ref(ref), request, body)
        write = write_of(request, caller, idempotency_key, body)
        return await writes.once(write, lambda c: _put(c, intake, write, data, writes))


def _add_erase(router: APIRouter, guard: Guard, writes: Writes, intake: Intake) -> None:
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.DEBTORS))]

    @router.delete(
        "/{ref:path}",
        summary="Erase a debtor",
        status_code=204,
        responses=refusals(401, 403, 404, 422, 429, 503),
    )
    async def erase_debtor(
        ref: Ref, request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Forget who this is: name, addresses and all that was sealed with them; nothing is sent any more.

        What was done stays on record under the reference alone.
        """
        write = write_of(request, caller, idempotency_key)
        return await writes.once(write, lambda c: _erase(c, intake, write, usable_ref(ref), writes))


def _add_timeline(router: APIRouter, guard: Guard, database: Database) -> None:
    @router.get(
        "/{ref:path}/timeline",
        summary="What happened to a debtor",
        response_model=TimelinePage,
        responses=refusals(401, 403, 404, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.READ))],
    )
    async def get_timeline(ref: Ref, limit: Limit = 50, cursor: Cursor = None) -> TimelinePage:
        """Messages, attempts, decisions, receipts, replies, consents, stops, tasks and contacts, oldest first."""
        after = timeline.BEGINNING
        if cursor is not None:
            at, more = place_of(cursor, 3)
            after = (at, more[0], more[1])
        async with database.reading() as connection:
            if not await timeline.known(connection, usable_ref(ref)):
                raise Problem(404, "no such debtor was ever heard of")
            page, following = await ledger.page(connection, ref, after=after, limit=limit)
        return page.model_copy(update={"next": cursor_of(*following)}) if following is not None else page


async def _put(connection: Any, intake: Intake, write: Write, data: dict[str, Any], writes: Writes) -> Answer:
    ref, given = data["debtorRef"], data.get("revision")
    received = await tell(connection, intake, write, kind="debtor.upserted", data=data, now=writes.clock.now())
    _, revision = await store.standing_of(connection, ref) or ("", None)
    outdated = given is not None and revision is not None and revision > given
    status = _REVISION_TOO_OLD if outdated else received.fate.value
    answer = DebtorAnswer(debtor_ref=ref, status=status, revision=revision)
    return Answer(200, answer.model_dump(mode="json", by_alias=True))


async def _erase(connection: Any, intake: Intake, write: Write, ref: str, writes: Writes) -> Answer:
    if await store.standing_of(connection, ref) is None:
        raise Problem(404, "no such debtor was ever heard of; nothing was erased")
    now = writes.clock.now()
    fact = Fact(write.caller.source, write.event_id, "erasure", now, None, erased=ref)
    await apply(connection, intake, Reading((fact,)), now)
    return Answer(204)


def _snapshot(ref: str, request: Request, body: bytes) -> dict[str, Any]:
    """The data of the event: the body, with the reference of the address."""
    content_type = request.headers.get("content-type")
    if content_type is None or not is_json(content_type):
        raise Problem(415, "send the snapshot as application/json")
    try:
        document = strict_json.loads(body)
    except BadRecord as error:
        raise Problem(400, error.message) from None
    if not isinstance(document, dict):
        raise Problem(422, "the body must be a JSON object")
    if document.get("debtorRef", ref) != ref:
        fault = Fault(at="body.debtorRef", message="must be the reference in the address, or be left out")
        raise Problem(422, "the body can't be used; see errors", errors=[fault])
    return {**document, "debtorRef": ref}
