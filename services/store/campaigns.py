"""Campaign versions and the content they are made of, stored by hash when they become active."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

_CONTENT = """
insert into content (hash, kind, name, body, created_at)
select h, k, n, b, $5 from unnest($1::bytea[], $2::text[], $3::text[], $4::text[]) as v (h, k, n, b)
on conflict do nothing
"""
_ADD = """
insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at)
values ($1, $2, $3, $4::jsonb, $5, 'submitted', $6) on conflict (campaign, version, fingerprint) do nothing
"""
_OTHERS = """
select id from campaign_version where campaign = $1 and state in ('active', 'paused') and fingerprint <> $2
"""
_IDLE = """
select id from campaign_version
where campaign = $1 and version = $2 and fingerprint = $3 and state not in ('active', 'paused')
"""
_STRAYS = """
select id from campaign_version where state in ('active', 'paused') and campaign <> all($1::text[])
    and submitted_by is null and approved_by is null
"""
_LOG = """
insert into campaign_review (version_id, campaign, version, fingerprint, action, actor, at)
select id, campaign, version, fingerprint, $2, $3, $4 from campaign_version where id = any($1::bigint[])
"""
_MOVE = """
update campaign_version set state = $2, activated_at = case when $2 = 'active' then $3 else activated_at end
where id = any($1::bigint[])
"""
_STATES = (
    "select id, state from campaign_version"
    " where state in ('active', 'paused') and (approved_by is not null or not $1) order by campaign"
)
_VERSION = """
select id, campaign, version, state, manifest::text as manifest, fingerprint from campaign_version where id = $1
"""
_BODIES = "select hash, body from content where hash = any($1::bytea[])"

DEVELOPMENT = "development"
"""Who runs what lies in the folder, without review."""


class AlteredContent(Exception):
    """What is stored of a version no longer has the hashes that it was stored with."""


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A text by its hash: a definition, a template or macro, or the segments."""

    hash: bytes
    kind: str
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which contents make up a version: the definition, the segments, and the template files by path."""

    definition: bytes
    segments: bytes | None
    templates: Mapping[str, bytes]

    def to_json(self) -> str:
        """The manifest as stored."""
        segments = self.segments.hex() if self.segments else None
        templates = {path: digest.hex() for path, digest in sorted(self.templates.items())}
        return json.dumps({"definition": self.definition.hex(), "segments": segments, "templates": templates})

    @property
    def fingerprint(self) -> bytes:
        """The hash over the hashes of all contents and their names."""
        return sha256(self.to_json().encode()).digest()

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest from its stored form."""
        stored = json.loads(text)
        segments = bytes.fromhex(stored["segments"]) if stored["segments"] else None
        templates = {path: bytes.fromhex(digest) for path, digest in stored["templates"].items()}
        return cls(bytes.fromhex(stored["definition"]), segments, templates)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a campaign with its texts."""

    id: int
    campaign: str
    version: int
    state: str
    definition: str
    segments: str | None
    templates: Mapping[str, str]


async def activate(
    connection: Any,
    *,
    campaign: str,
    version: int,
    manifest: Manifest,
    fingerprint: bytes,
    contents: Sequence[ContentRow],
    now: datetime,
) -> None:
    """Make this the running version of its campaign without review; what was planned under others keeps its own."""
    await put_contents(connection, contents, now)
    await connection.execute(_ADD, campaign, version, manifest.definition, manifest.to_json(), fingerprint, now)
    await _move(connection, await connection.fetch(_OTHERS, campaign, fingerprint), "superseded", "superseded", now)
    idle = await connection.fetch(_IDLE, campaign, version, fingerprint)
    await _move(connection, idle, "activated", "active", now)


async def retire_others(connection: Any, campaigns: Sequence[str], now: datetime) -> None:
    """Stop planning for every campaign but these that nobody submitted or approved; what is planned goes on."""
    await _move(connection, await connection.fetch(_STRAYS, campaigns), "retired", "retired", now)


async def put_contents(connection: Any, contents: Sequence[ContentRow], now: datetime) -> None:
    """Store texts by their hash; those that are there stay."""
    await connection.execute(
        _CONTENT,
        [row.hash for row in contents],
        [row.kind for row in contents],
        [row.name for row in contents],
        [row.body for row in contents],
        now,
    )


async def _move(connection: Any, rows: Sequence[Any], action: str, state: str, now: datetime) -> None:
    """Write the step down, then bring the versions into the state that follows from it."""
    ids = [row["id"] for row in rows]
    if ids:
        await connection.execute(_LOG, ids, action, DEVELOPMENT, now)
        await connection.execute(_MOVE, ids, state, now)


async def running(connection: Any, *, approved_only: bool = False) -> list[tuple[int, str]]:
    """(id, state) of every active or paused version, by campaign."""
    return [(row["id"], row["state"]) for row in await connection.fetch(_STATES, approved_only)]


async def version(connection: Any, version_id: int) -> VersionRow:
    """One version with its texts; it must exist. Raises AlteredContent where they are not what was stored."""
    row = await connection.fetchrow(_VERSION, version_id)
    manifest = Manifest.from_json(row["manifest"])
    wanted = {manifest.definition, *manifest.templates.values()} | ({manifest.segments} - {None})
    bodies = {found["hash"]: found["body"] for found in await connection.fetch(_BODIES, list(wanted))}
    altered = any(sha256(body.encode()).digest() != digest for digest, body in bodies.items())
    if altered or wanted - set(bodies) or manifest.fingerprint != row["fingerprint"]:
        raise AlteredContent(f"campaign {row['campaign']} version {row['version']} is not what was stored")
    return VersionRow(
        id=row["id"],
        campaign=row["campaign"],
        version=row["version"],
        state=row["state"],
        definition=bodies[manifest.definition],
        segments=bodies[manifest.segments] if manifest.segments else None,
        templates={path: bodies[digest] for path, digest in manifest.templates.items()},
    )
