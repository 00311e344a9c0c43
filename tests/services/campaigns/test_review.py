"""Nobody gets a version to run that somebody else has not approved exactly as it was submitted."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services import campaign_review as review
from services.activation import activate_folder
from services.campaign_diff import differences, texts_of_version
from services.campaign_files import submission_of
from services.campaign_review import Actor, ReviewProblem, Submission
from services.database import Database
from services.lint_surroundings import load_surroundings
from services.running import RunningCampaigns
from services.settings import Settings
from services.store import campaign_reviews as store
from services.store import campaigns as versions
from services.store.campaigns import ContentRow
from tests.services.campaigns.deployment import Deployment

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MAKER, CHECKER = Actor("ana", NOW), Actor("berta", NOW)


def submission(settings: Settings, path: Path) -> Submission:
    """What a file submits."""
    return submission_of(settings, path, None, NOW)


@pytest.fixture
def first(deployment: Deployment, settings: Settings) -> Submission:
    """Version 1."""
    return submission(settings, deployment.define(1))


async def test_an_approved_version_runs_in_production_and_a_submitted_one_does_not(
    database: Database, first: Submission
) -> None:
    running = RunningCampaigns(approved_only=True)
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
        await running.refresh(connection, NOW)
        assert running.active == []
        await review.approve(connection, "aviso", None, CHECKER)
        await running.refresh(connection, NOW + timedelta(seconds=1))
        assert [each.definition.version for each in running.active] == [1]


async def test_what_runs_unapproved_in_development_never_runs_in_production(
    database: Database, deployment: Deployment, settings: Settings
) -> None:
    deployment.define(1)
    async with database.transaction() as connection:
        assert await activate_folder(connection, settings, load_surroundings(settings, NOW)[0], NOW) == ["aviso"]
        production, development = RunningCampaigns(approved_only=True), RunningCampaigns()
        await production.refresh(connection, NOW)
        await development.refresh(connection, NOW)
    assert (len(production.active), len(development.active)) == (0, 1)


@pytest.mark.parametrize("name", ["ana", "ANA", " ana "])
async def test_nobody_approves_what_they_submitted(database: Database, first: Submission, name: str) -> None:
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
    with pytest.raises(ReviewProblem, match="somebody else"):
        async with database.transaction() as connection:
            await review.approve(connection, "aviso", 1, Actor(name, NOW))


@pytest.mark.parametrize(
    "statements",
    [
        ["update campaign_version set state = 'active' where id = {id}"],
        ["update campaign_version set state = 'active', approved_by = 'eva' where id = {id}"],
        ["update campaign_version set approved_by = 'eva' where id = {id}"],
        ["update campaign_version set submitted_by = 'eva' where id = {id}"],
        ["update campaign_version set fingerprint = '\\x01' where id = {id}"],
        ["update campaign_version set manifest = '{{}}' where id = {id}"],
        ["delete from campaign_version where id = {id}"],
        ["update content set body = body || ' '"],
        ["delete from content"],
        ["update campaign_review set actor = 'eva'"],
        ["delete from campaign_review"],
        [
            "insert into campaign_review (version_id, campaign, version, fingerprint, action, actor, at)"
            " select id, campaign, version, fingerprint, 'approved', 'Ana ', now() from campaign_version",
        ],
        [
            "insert into campaign_review (version_id, campaign, version, fingerprint, action, actor, at)"
            " select id, campaign, version, '\\x01', 'approved', 'eva', now() from campaign_version",
        ],
        [
            "insert into campaign_review (version_id, campaign, version, fingerprint, action, actor, at)"
            " select id, campaign, version, fingerprint, 'approved', 'eva', now() from campaign_version",
            "update campaign_version set state = 'active', approved_by = 'otto' where id = {id}",
        ],
        [
            "insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at,"
            " submitted_by) select campaign, 9, definition, manifest, fingerprint, 'active', now(), 'eva'"
            " from campaign_version",
        ],
        [
            "insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at,"
            " submitted_by, approved_by) select campaign, 9, definition, manifest, fingerprint, 'active', now(),"
            " 'eva', 'otto' from campaign_version",
        ],
        ["insert into content (hash, kind, name, body, created_at) values ('\\x01', 'template', 'x', 'y', now())"],
    ],
)
async def test_the_database_refuses_ways_round_approval(
    database: Database, first: Submission, statements: list[str]
) -> None:
    async with database.transaction() as connection:
        entry = await review.submit(connection, first, MAKER)
    script = ";".join(statement.format(id=entry.id) for statement in statements)
    with pytest.raises((asyncpg.RestrictViolationError, asyncpg.CheckViolationError)):
        async with database.transaction() as connection:
            await connection.execute(script)


async def test_other_content_needs_a_higher_version(
    database: Database, deployment: Deployment, settings: Settings, first: Submission
) -> None:
    altered = submission(settings, deployment.define(1, between="10:00-12:00"))
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
    with pytest.raises(ReviewProblem, match="raise `version` to 2"):
        async with database.transaction() as connection:
            await review.submit(connection, altered, MAKER)


async def test_a_template_that_changed_after_submission_changes_nothing(
    database: Database, deployment: Deployment, first: Submission
) -> None:
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
    path = deployment.templates / "es" / "vence_hoy.sms.j2"
    submitted = path.read_text("utf-8")
    path.write_text("---\n---\nOtra cosa", "utf-8")
    async with database.transaction() as connection:
        entry = await review.approve(connection, "aviso", 1, CHECKER)
        stored = await versions.version(connection, entry.id)
    assert stored.templates["es/vence_hoy.sms.j2"] == submitted


async def test_a_rejected_version_stays_rejected(database: Database, first: Submission) -> None:
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
        await review.reject(connection, "aviso", 1, CHECKER, reason="el tono")
    with pytest.raises(ReviewProblem, match="was rejected"):
        async with database.transaction() as connection:
            await review.approve(connection, "aviso", 1, CHECKER)
    with pytest.raises(ReviewProblem, match="was rejected"):
        async with database.transaction() as connection:
            await review.submit(connection, first, MAKER)


async def test_a_rejection_needs_a_reason(database: Database, first: Submission) -> None:
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
    with pytest.raises(ReviewProblem, match="reason"):
        async with database.transaction() as connection:
            await review.reject(connection, "aviso", 1, CHECKER, reason="  ")


async def test_roll_back_is_the_approval_of_an_earlier_version(
    database: Database, deployment: Deployment, settings: Settings, first: Submission
) -> None:
    second = submission(settings, deployment.define(2, between="10:00-12:00"))
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
        await review.approve(connection, "aviso", None, CHECKER)
        await review.submit(connection, second, MAKER)
        await review.approve(connection, "aviso", None, CHECKER)
        assert await states(connection) == {1: "superseded", 2: "active"}
        await review.approve(connection, "aviso", 1, CHECKER)
        assert await states(connection) == {1: "active", 2: "superseded"}
        actions = [(row.version, row.action) for row in await store.history(connection, "aviso")]
    assert actions == [
        (1, "submitted"), (1, "approved"), (2, "submitted"), (1, "superseded"), (2, "approved"),
        (2, "superseded"), (1, "approved"),
    ]  # fmt: skip


async def test_pause_resume_and_retire_are_seen_by_a_running_process_within_a_second(
    database: Database, first: Submission
) -> None:
    running, seen = RunningCampaigns(approved_only=True), []
    async with database.transaction() as connection:
        entry = await review.submit(connection, first, MAKER)
        await review.approve(connection, "aviso", None, CHECKER)
        for second, step in enumerate((review.pause, review.resume, review.retire), 1):
            await step(connection, "aviso", CHECKER)
            await running.refresh(connection, NOW + timedelta(seconds=second))
            seen.append((running.paused(entry.id), len(running.active)))
    assert seen == [(True, 0), (False, 1), (False, 0)]


async def test_only_what_runs_can_be_paused(database: Database, first: Submission) -> None:
    async with database.transaction() as connection:
        await review.submit(connection, first, MAKER)
    with pytest.raises(ReviewProblem, match="has no version that runs"):
        async with database.transaction() as connection:
            await review.pause(connection, "aviso", CHECKER)


async def test_what_ran_in_development_can_be_submitted_and_approved(
    database: Database, deployment: Deployment, settings: Settings
) -> None:
    path = deployment.define(1)
    async with database.transaction() as connection:
        await activate_folder(connection, settings, load_surroundings(settings, NOW)[0], NOW)
        entry = await review.submit(connection, submission(settings, path), MAKER)
        assert (entry.state, entry.waits) == ("active", True)
        entry = await review.approve(connection, "aviso", None, CHECKER)
    assert (entry.state, entry.approved_by) == ("active", "berta")


async def test_a_definition_with_problems_is_not_submitted(deployment: Deployment, settings: Settings) -> None:
    path = deployment.define(1, vencido_1="no_such")
    with pytest.raises(ReviewProblem, match=r"aviso\.yaml:\d+:\d+: "):
        submission(settings, path)


async def test_a_diff_shows_definition_and_templates(
    database: Database, deployment: Deployment, settings: Settings, first: Submission
) -> None:
    template = deployment.templates / "es" / "vence_hoy.sms.j2"
    template.write_text(template.read_text("utf-8") + "Gracias\n", "utf-8")
    second = submission(settings, deployment.define(2))
    async with database.transaction() as connection:
        one = await review.submit(connection, first, MAKER)
        two = await review.submit(connection, second, MAKER)
        before, after = await texts(connection, one.id), await texts(connection, two.id)
    lines = list(differences(before, after, before_name="v1", after_name="v2"))
    assert "-version: 1" in lines
    assert "+version: 2" in lines
    assert "+++ v2/templates/es/vence_hoy.sms.j2" in lines
    assert list(differences(before, before, before_name="v1", after_name="v1")) == []


async def states(connection: Any) -> dict[int, str]:
    """The state of each version."""
    return {entry.version: entry.state for entry in await store.entries(connection, "aviso")}


async def texts(connection: Any, version_id: int) -> dict[str, str]:
    """The texts of a version."""
    return texts_of_version(await versions.version(connection, version_id))


def simulated(submission: Submission, fingerprint: str | None = None) -> Submission:
    """It, with a simulation of exactly its content, or of other content."""
    of = fingerprint or submission.content.fingerprint.hex()
    report = json.dumps({"campaigns": [{"campaign": submission.campaign, "fingerprint": of}]})
    return replace(submission, simulation=sha256(report.encode()).digest(), report=report)


async def test_approval_is_bound_to_the_simulation_that_was_submitted(database: Database, first: Submission) -> None:
    given = simulated(first)
    async with database.transaction() as connection:
        await review.submit(connection, given, MAKER)
        await review.approve(connection, "aviso", 1, CHECKER)
        assert [row.simulation for row in await store.history(connection, "aviso")] == [given.simulation] * 2


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda given: replace(given, report=None), "no simulation with the hash .* is kept"),
        (lambda given: replace(given, simulation=b"\x01" * 32), "another hash"),
        (lambda given: simulated(given, "00"), "of other content"),
        (lambda given: replace(given, report="{", simulation=sha256(b"{").digest()), "of other content"),
    ],
)
async def test_a_simulation_that_nobody_could_look_at_is_refused(
    database: Database, first: Submission, change: Callable[[Submission], Submission], fault: str
) -> None:
    with pytest.raises(ReviewProblem, match=fault):
        async with database.transaction() as connection:
            await review.submit(connection, change(simulated(first)), MAKER)


async def test_a_hash_alone_finds_the_simulation_that_is_kept(database: Database, first: Submission) -> None:
    given = simulated(first)
    async with database.transaction() as connection:
        assert given.simulation is not None
        kept = ContentRow(given.simulation, "simulation", "aviso", given.report or "")
        await versions.put_contents(connection, [kept], NOW)
        await review.submit(connection, replace(given, report=None), MAKER)
        assert (await review.approve(connection, "aviso", 1, CHECKER)).state == "active"


async def test_what_was_submitted_with_a_lost_simulation_is_not_approved(database: Database, first: Submission) -> None:
    async with database.transaction() as connection:
        entry = await review.submit(connection, first, MAKER)
        await store.log(connection, entry.id, "submitted", by="ana", now=NOW, simulation=b"\x01" * 32)
    with pytest.raises(ReviewProblem, match="can't be approved: no simulation"):
        async with database.transaction() as connection:
            await review.approve(connection, "aviso", 1, CHECKER)
