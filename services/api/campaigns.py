"""Campaigns by HTTP: submitted by one key, approved by another, simulated before."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from schemas.campaign_api import (
    CampaignAnswer,
    CampaignBody,
    CampaignsPage,
    ReviewAnswer,
    ReviewBody,
    SimulationAnswer,
    SimulationBody,
    SubmissionBody,
    VersionAnswer,
)
from services import campaign_review as review
from services.api.auth import Caller, Guard
from services.api.bodies import Given, body_of, takes
from services.api.names import Campaign
from services.api.paging import Cursor, Limit, cursor_of, place_of
from services.api.problems import Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Writes, write_of
from services.campaign_diff import texts_of_version
from services.campaign_review import Actor, ReviewProblem
from services.campaign_texts import Checked, Texts, checked
from services.keys import Capability
from services.settings import Settings
from services.simulation.posted import PostedProblem, simulate_posted
from services.store import campaign_reviews as store
from services.store import campaigns as versions
from services.store.campaign_reviews import ReviewRow, VersionEntry

_BEGINNING = (datetime.min.replace(tzinfo=UTC), 0)
_WRITE = refusals(400, 401, 403, 409, 413, 415, 422, 429, 503)
_READ = refusals(401, 403, 404, 422, 429, 503)

Step = Callable[[Any, str, ReviewBody, Actor], Awaitable[VersionEntry]]


async def _reject(connection: Any, campaign: str, body: ReviewBody, by: Actor) -> VersionEntry:
    return await review.reject(connection, campaign, body.version, by, reason=body.reason or "")


STEPS: dict[str, tuple[Capability, Step]] = {
    "approve": (Capability.APPROVE, lambda c, name, body, by: review.approve(c, name, body.version, by)),
    "reject": (Capability.APPROVE, _reject),
    "pause": (Capability.STOPS, lambda c, name, body, by: review.pause(c, name, by, reason=body.reason)),
    "resume": (Capability.APPROVE, lambda c, name, body, by: review.resume(c, name, by, reason=body.reason)),
    "retire": (Capability.APPROVE, lambda c, name, body, by: review.retire(c, name, by, reason=body.reason)),
}


def campaigns_router(guard: Guard, writes: Writes, settings: Settings) -> APIRouter:
    """The routes under /v1/campaigns."""
    router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])
    _add_reads(router, guard, writes)
    _add_simulate(router, guard, writes, settings)
    _add_submit(router, guard, writes, settings)
    for name, (capability, step) in STEPS.items():
        _add_step(router, guard, writes, name, capability, step)
    return router


def _add_reads(router: APIRouter, guard: Guard, writes: Writes) -> None:
    allowed = [Depends(guard.needs(Capability.READ))]

    @router.get("", summary="List versions", response_model=CampaignsPage, responses=_READ, dependencies=allowed)
    async def get_campaigns(limit: Limit = 50, cursor: Cursor = None) -> CampaignsPage:
        """Versions of all campaigns, oldest first."""
        after = _after(cursor) if cursor is not None else _BEGINNING
        async with writes.database.reading() as connection:
            known = sorted(await store.entries(connection), key=_place)
        rest = [entry for entry in known if _place(entry) > after]
        following = cursor_of(rest[limit - 1].created_at, str(rest[limit - 1].id)) if len(rest) > limit else None
        return CampaignsPage(items=tuple(_version(entry) for entry in rest[:limit]), next=following)

    @router.get(
        "/{campaign}", summary="One campaign", response_model=CampaignAnswer, responses=_READ, dependencies=allowed
    )
    async def get_campaign(campaign: Campaign) -> CampaignAnswer:
        """Its versions, everything done to them, and the texts of the one that runs."""
        async with writes.database.reading() as connection:
            known = sorted(await store.entries(connection, campaign), key=_place)
            if not known:
                raise Problem(404, "there is no campaign of this name")
            shown = next((entry for entry in known if entry.runs), known[-1])
            history = await store.history(connection, campaign)
            texts = texts_of_version(await versions.version(connection, shown.id))
        return CampaignAnswer(
            campaign=campaign,
            versions=tuple(_version(entry) for entry in known),
            history=tuple(_review(row) for row in history),
            texts=texts,
        )


def _add_submit(router: APIRouter, guard: Guard, writes: Writes, settings: Settings) -> None:
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.AUTHOR))]
    Body = Annotated[Given[SubmissionBody], Depends(body_of(SubmissionBody))]

    @router.post(
        "",
        summary="Submit a version",
        status_code=201,
        response_model=VersionAnswer,
        responses=_WRITE,
        openapi_extra=takes(SubmissionBody),
    )
    async def post_campaign(
        request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """Put a definition forward for somebody else to approve; it must lint clean."""
        found = await _checked(settings, given.model, writes.clock.now())
        submission, simulation = found.submission, given.model.simulation
        if simulation is not None:
            submission = submission.simulated(json.dumps(simulation))
        write = write_of(request, caller, idempotency_key, given.raw)

        async def work(connection: Any) -> Answer:
            by = Actor(caller.name, writes.clock.now())
            return _answer(201, await _possible(review.submit(connection, submission, by)))

        return await writes.once(write, work)


def _add_simulate(router: APIRouter, guard: Guard, writes: Writes, settings: Settings) -> None:
    @router.post(
        "/simulate",
        summary="Simulate a definition over a small portfolio",
        response_model=SimulationAnswer,
        responses=refusals(400, 401, 403, 413, 415, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.AUTHOR))],
        openapi_extra=takes(SimulationBody),
    )
    async def post_simulation(
        given: Annotated[Given[SimulationBody], Depends(body_of(SimulationBody))],
    ) -> SimulationAnswer:
        """Run a definition over rows of a portfolio on a fake clock; nothing is stored or sent."""
        body = given.model
        found = await _checked(settings, body, writes.clock.now())
        try:
            result = await asyncio.to_thread(partial(simulate_posted, settings, found, body))
        except PostedProblem as problem:
            raise Problem(422, str(problem)) from None
        return SimulationAnswer(result=result)


def _add_step(router: APIRouter, guard: Guard, writes: Writes, name: str, capability: Capability, step: Step) -> None:
    Allowed = Annotated[Caller, Depends(guard.needs(capability))]
    Body = Annotated[Given[ReviewBody], Depends(body_of(ReviewBody))]

    @router.post(
        f"/{{campaign}}/{name}",
        summary=f"{name.capitalize()} a campaign",
        name=f"{name}_campaign",
        response_model=VersionAnswer,
        responses=_WRITE,
        openapi_extra=takes(ReviewBody),
    )
    async def post_step(
        campaign: Campaign, request: Request, caller: Allowed, given: Body, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """In force in every process within a second; an approver is never the submitter."""
        write = write_of(request, caller, idempotency_key, given.raw)

        async def work(connection: Any) -> Answer:
            by = Actor(caller.name, writes.clock.now())
            return _answer(200, await _possible(step(connection, campaign, given.model, by)))

        return await writes.once(write, work)


async def _checked(settings: Settings, body: CampaignBody, now: datetime) -> Checked:
    """The definition of a body; 422 with its faults. Reading files and compiling takes a thread of its own."""
    texts = Texts(body.definition, body.segments, body.templates)
    try:
        return await asyncio.to_thread(checked, settings, texts, now)
    except ReviewProblem as problem:
        raise Problem(
            422, "the definition has problems; see problems", more={"problems": str(problem).split("\n")}
        ) from None


async def _possible(step: Awaitable[VersionEntry]) -> VersionEntry:
    try:
        return await step
    except ReviewProblem as problem:
        raise Problem(409, str(problem)) from None


def _answer(status: int, entry: VersionEntry) -> Answer:
    return Answer(status, _version(entry).model_dump(mode="json", by_alias=True))


def _version(entry: VersionEntry) -> VersionAnswer:
    return VersionAnswer(
        campaign=entry.campaign,
        version=entry.version,
        state=entry.state,
        waits_for_approval=entry.waits,
        fingerprint=entry.fingerprint.hex(),
        submitted_by=entry.submitted_by,
        approved_by=entry.approved_by,
        created_at=entry.created_at,
        activated_at=entry.activated_at,
    )


def _review(row: ReviewRow) -> ReviewAnswer:
    return ReviewAnswer(
        version=row.version,
        fingerprint=row.fingerprint.hex(),
        action=row.action,
        actor=row.actor,
        reason=row.reason,
        simulation=row.simulation.hex() if row.simulation else None,
        at=row.at,
    )


def _place(entry: VersionEntry) -> tuple[datetime, int]:
    return entry.created_at, entry.id


def _after(cursor: str) -> tuple[datetime, int]:
    at, (entry_id,) = place_of(cursor, 2)
    if not entry_id.isdigit():
        raise Problem(422, "the cursor can't be used: it must be `next` of the page before, unchanged")
    return at, int(entry_id)
