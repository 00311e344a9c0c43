"""The maker-checker life of versions in the database: each step is a row of the log, and the state follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.store.campaigns import ContentRow, Manifest, put_contents

_LOCK = "select pg_advisory_xact_lock(hashtextextended('campaign/' || $1, 0))"
_INSERT = """
insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at, submitted_by)
values ($1, $2, $3, $4::jsonb, $5, 'submitted', $6, $7) returning id
"""
_CLAIM = "update campaign_version set submitted_by = $2 where id = $1"
_LOG = """
insert into campaign_review (version_id, campaign, version, fingerprint, action, actor, reason, simulation, at)
select id, campaign, version, fingerprint, $2, $3, $4, $5, $6 from campaign_version where id = $1
"""
_MOVE = """
update campaign_version set state = $2, activated_at = case when $2 = 'active' then $3 else activated_at end
where id = $1 and state <> $2
"""
_APPROVED = "update campaign_version set approved_by = $2 where id = $1"
_ENTRIES = """
select v.id, v.campaign, v.version, v.state, v.fingerprint, v.submitted_by, v.approved_by, v.created_at, v.activated_at
from campaign_version v where $1::text is null or v.campaign = $1 order by v.campaign, v.version desc, v.id desc
"""
_HISTORY = """
select id, version_id, campaign, version, fingerprint, action, actor, reason, simulation, at
from campaign_review where $1::text is null or campaign = $1 order by id
"""
_KEPT = "select body from content where hash = $1 and kind = 'simulation'"
_SUBMITTED_WITH = """
select simulation from campaign_review where version_id = $1 and action = 'submitted' order by id desc limit 1
"""


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version without its texts."""

    id: int
    campaign: str
    version: int
    state: str
    fingerprint: bytes
    submitted_by: str | None
    approved_by: str | None
    created_at: datetime
    activated_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether it is the campaign's running version, be it paused."""
        return self.state in ("active", "paused")

    @property
    def waits(self) -> bool:
        """Whether it was submitted and nobody has approved or rejected it yet."""
        return self.submitted_by is not None and self.approved_by is None and self.state not in ("rejected", "retired")


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One step of a version's life."""

    id: int
    version_id: int
    campaign: str
    version: int
    fingerprint: bytes
    action: str
    actor: str
    reason: str | None
    simulation: bytes | None
    at: datetime


async def lock(connection: Any, campaign: str) -> None:
    """Let nobody else change this campaign until the transaction ends."""
    await connection.execute(_LOCK, campaign)


async def entries(connection: Any, campaign: str | None = None) -> list[VersionEntry]:
    """Every version of one campaign or of all, the highest number first."""
    return [VersionEntry(*tuple(row)) for row in await connection.fetch(_ENTRIES, campaign)]


async def history(connection: Any, campaign: str | None = None) -> list[ReviewRow]:
    """Everything that was done to the versions of one campaign or of all, oldest first."""
    return [ReviewRow(*tuple(row)) for row in await connection.fetch(_HISTORY, campaign)]


async def kept_simulation(connection: Any, digest: bytes) -> str | None:
    """The JSON of a simulation that came with some submission."""
    body: str | None = await connection.fetchval(_KEPT, digest)
    return body


async def submitted_with(connection: Any, version_id: int) -> bytes | None:
    """The hash of the simulation that a version was last submitted with."""
    digest: bytes | None = await connection.fetchval(_SUBMITTED_WITH, version_id)
    return digest


async def add(
    connection: Any,
    *,
    campaign: str,
    version: int,
    manifest: Manifest,
    fingerprint: bytes,
    contents: Sequence[ContentRow],
    by: str,
    now: datetime,
) -> int:
    """Store a submitted version with its contents; gives its id."""
    await put_contents(connection, contents, now)
    version_id: int = await connection.fetchval(
        _INSERT, campaign, version, manifest.definition, manifest.to_json(), fingerprint, now, by
    )
    return version_id


async def claim(connection: Any, version_id: int, by: str) -> None:
    """Name the submitter of a version that only ran in development so far."""
    await connection.execute(_CLAIM, version_id, by)


async def log(
    connection: Any,
    version_id: int,
    action: str,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
    simulation: bytes | None = None,
) -> None:
    """Write a step down; it must come before the state that follows from it."""
    await connection.execute(_LOG, version_id, action, by, reason, simulation, now)


async def move(connection: Any, version_id: int, state: str, now: datetime) -> None:
    """Bring a version into the state that its last step gave it."""
    await connection.execute(_MOVE, version_id, state, now)


async def mark_approved(connection: Any, version_id: int, by: str) -> None:
    """Name who approved; the last step must be that approval."""
    await connection.execute(_APPROVED, version_id, by)
