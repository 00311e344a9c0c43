"""Maker and checker: a definition is submitted by one person and approved by another, exactly as it was submitted."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import asyncpg

from services.auditing import Action, record
from services.running import RunningCampaigns
from services.simulated import UnboundSimulation, check_bound
from services.store import campaign_reviews as store
from services.store.campaign_reviews import VersionEntry
from services.store.campaigns import AlteredContent, ContentRow, put_contents
from services.version_content import VersionContent


class ReviewProblem(Exception):
    """Why a step can't be taken; says what to do."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a maker puts forward; `simulation` is the hash of the simulation that was made of exactly this.

    `report` is that simulation's JSON, kept for the checker to look at; it is left out where it is kept already.
    """

    campaign: str
    version: int
    content: VersionContent
    simulation: bytes | None = None
    report: str | None = None

    def simulated(self, report: str) -> "Submission":
        """The same, with the simulation that was made of it."""
        return replace(self, simulation=sha256(report.encode()).digest(), report=report)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, by the name of their key, and when."""

    name: str
    at: datetime


async def submit(connection: Any, submission: Submission, by: Actor) -> VersionEntry:
    """Store a version for somebody else to approve; raises ReviewProblem."""
    await store.lock(connection, submission.campaign)
    known = await store.entries(connection, submission.campaign)
    fingerprint = submission.content.fingerprint
    same = next((each for each in known if _is(each, submission.version, fingerprint)), None)
    version_id = await (_anew(connection, submission, known, by) if same is None else _again(connection, same, by))
    await _keep_simulation(connection, submission, by)
    await store.log(connection, version_id, "submitted", by=by.name, now=by.at, simulation=submission.simulation)
    if same is not None and not same.runs:
        await store.move(connection, version_id, "submitted", by.at)
    entry = await _entry(connection, submission.campaign, version_id)
    await _record(connection, entry, "submitted", by)
    return entry


async def approve(connection: Any, campaign: str, version: int | None, by: Actor) -> VersionEntry:
    """Make a submitted version run, or an earlier approved one again; raises ReviewProblem."""
    known = await _locked(connection, campaign)
    chosen = _to_approve(campaign, known, version)
    if same_person(chosen.submitted_by or "", by.name):
        raise ReviewProblem(f"{campaign} v{chosen.version} was submitted by {by.name}: somebody else must approve it")
    try:
        await RunningCampaigns().load(connection, chosen.id)
    except (AlteredContent, ValueError) as error:
        raise ReviewProblem(f"{error}: submit it again under a higher version") from None
    simulation = await _simulation(connection, chosen)
    for other in known:
        if other.runs and other.id != chosen.id:
            await _step(connection, other, "superseded", by, state="superseded")
    try:
        await _step(connection, chosen, "approved", by, state="active", simulation=simulation)
        await store.mark_approved(connection, chosen.id, by.name)
    except (asyncpg.RestrictViolationError, asyncpg.CheckViolationError) as error:
        raise ReviewProblem(f"{campaign} v{chosen.version} can't be approved: {error}") from None
    return await _entry(connection, campaign, chosen.id)


async def reject(connection: Any, campaign: str, version: int | None, by: Actor, *, reason: str) -> VersionEntry:
    """Refuse a submitted version for good; raises ReviewProblem."""
    if not reason.strip():
        raise ReviewProblem("a rejection needs a reason: say what must change")
    known = await _locked(connection, campaign)
    waiting = [each for each in known if each.waits and version in (None, each.version)]
    if not waiting:
        raise ReviewProblem(f"{_named(campaign, version)} is not waiting for approval; see `campaigns list`")
    await _step(connection, waiting[0], "rejected", by, state="rejected", reason=reason.strip())
    return await _entry(connection, campaign, waiting[0].id)


async def pause(connection: Any, campaign: str, by: Actor, *, reason: str | None = None) -> VersionEntry:
    """Hold the campaign's messages, those planned under earlier versions too; raises ReviewProblem."""
    return await _change(connection, campaign, by, reason, action="paused", allowed="active", state="paused")


async def resume(connection: Any, campaign: str, by: Actor, *, reason: str | None = None) -> VersionEntry:
    """Let a paused campaign go on; raises ReviewProblem."""
    return await _change(connection, campaign, by, reason, action="resumed", allowed="paused", state="active")


async def retire(connection: Any, campaign: str, by: Actor, *, reason: str | None = None) -> VersionEntry:
    """Plan nothing more for a campaign; what is planned keeps its version and goes on. Raises ReviewProblem."""
    return await _change(connection, campaign, by, reason, action="retired", allowed=None, state="retired")


async def _anew(connection: Any, submission: Submission, known: list[VersionEntry], by: Actor) -> int:
    numbers = [each.version for each in known if each.submitted_by is not None]
    if submission.version in numbers:
        raise ReviewProblem(
            f"{submission.campaign} v{submission.version} was submitted with other content:"
            f" raise `version` to {max(numbers) + 1}"
        )
    return await store.add(
        connection,
        campaign=submission.campaign,
        version=submission.version,
        manifest=submission.content.manifest,
        fingerprint=submission.content.fingerprint,
        contents=submission.content.contents,
        by=by.name,
        now=by.at,
    )


async def _again(connection: Any, same: VersionEntry, by: Actor) -> int:
    """What only ran in development gets its submitter; anything else was submitted before."""
    if same.submitted_by is not None:
        told = "was rejected: change it and raise `version`" if same.state == "rejected" else f"is {same.state} already"
        raise ReviewProblem(f"exactly this content of {same.campaign} v{same.version} {told}")
    await store.claim(connection, same.id, by.name)
    return same.id


async def _locked(connection: Any, campaign: str) -> list[VersionEntry]:
    await store.lock(connection, campaign)
    known = await store.entries(connection, campaign)
    if not known:
        raise ReviewProblem(f"there is no campaign '{campaign}'; see `campaigns list`")
    return known


def _to_approve(campaign: str, known: list[VersionEntry], version: int | None) -> VersionEntry:
    """The version named, else the one that waits."""
    if version is None:
        waiting = [each for each in known if each.waits]
        if not waiting:
            raise ReviewProblem(f"no version of {campaign} waits for approval: submit one, or name one with --version")
        return waiting[0]
    found = [each for each in known if each.version == version and each.submitted_by is not None]
    if not found:
        raise ReviewProblem(f"{campaign} v{version} was never submitted")
    chosen = found[0]
    if chosen.state == "rejected":
        raise ReviewProblem(f"{campaign} v{version} was rejected: change it and submit it under a higher version")
    if chosen.runs and chosen.approved_by is not None:
        raise ReviewProblem(f"{campaign} v{version} is approved and {chosen.state} already")
    return chosen


async def _change(
    connection: Any, campaign: str, by: Actor, reason: str | None, *, action: str, allowed: str | None, state: str
) -> VersionEntry:
    known = await _locked(connection, campaign)
    running = next((each for each in known if each.runs), None)
    if running is None or (allowed is not None and running.state != allowed):
        told = f"is {running.state}" if running is not None else "has no version that runs"
        raise ReviewProblem(f"{campaign} {told}, so it can't be {action}")
    await _step(connection, running, action, by, state=state, reason=reason)
    return await _entry(connection, campaign, running.id)


async def _keep_simulation(connection: Any, submission: Submission, by: Actor) -> None:
    """Keep what the checker will look at; raises ReviewProblem where it would be nothing, or something else."""
    if submission.simulation is None:
        return
    try:
        await check_bound(
            connection,
            campaign=submission.campaign,
            fingerprint=submission.content.fingerprint,
            digest=submission.simulation,
            report=submission.report,
        )
    except UnboundSimulation as problem:
        raise ReviewProblem(f"{problem}: simulate exactly what is submitted, and submit it with that result") from None
    if submission.report is not None:
        row = ContentRow(submission.simulation, "simulation", submission.campaign, submission.report)
        await put_contents(connection, [row], by.at)


async def _simulation(connection: Any, chosen: VersionEntry) -> bytes | None:
    """The hash of the simulation that is approved with a version; raises ReviewProblem if nobody can look at it.

    What was approved once may run again, whatever was kept.
    """
    digest = await store.submitted_with(connection, chosen.id)
    if digest is None or chosen.approved_by is not None:
        return digest
    try:
        await check_bound(
            connection, campaign=chosen.campaign, fingerprint=chosen.fingerprint, digest=digest, report=None
        )
    except UnboundSimulation as problem:
        raise ReviewProblem(
            f"{chosen.campaign} v{chosen.version} can't be approved: {problem};"
            " submit it under a higher version with its simulation"
        ) from None
    return digest


async def _step(
    connection: Any,
    entry: VersionEntry,
    action: str,
    by: Actor,
    *,
    state: str,
    reason: str | None = None,
    simulation: bytes | None = None,
) -> None:
    """Write it down, then move."""
    await store.log(connection, entry.id, action, by=by.name, now=by.at, reason=reason, simulation=simulation)
    await store.move(connection, entry.id, state, by.at)
    await _record(connection, entry, action, by)


async def _record(connection: Any, entry: VersionEntry, action: str, by: Actor) -> None:
    await record(
        connection,
        actor=by.name,
        action=Action(f"campaign.{action}"),
        subject=f"campaign/{entry.campaign}/{entry.version}",
        details={"fingerprint": entry.fingerprint.hex()},
        now=by.at,
    )


async def _entry(connection: Any, campaign: str, version_id: int) -> VersionEntry:
    return next(each for each in await store.entries(connection, campaign) if each.id == version_id)


def same_person(one: str, other: str) -> bool:
    """Whether two names stand for one person, by whichever way each came."""
    return _person(one) == _person(other)


def _person(name: str) -> str:
    """Who a name stands for, by whichever way they came."""
    return name.strip().lower().rpartition(":")[2]


def _is(entry: VersionEntry, version: int, fingerprint: bytes) -> bool:
    return entry.version == version and entry.fingerprint == fingerprint


def _named(campaign: str, version: int | None) -> str:
    return campaign if version is None else f"{campaign} v{version}"
