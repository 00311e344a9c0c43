"""Campaign versions and the content they are made of, stored by hash when they become active."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_CONTENT = """
insert into content (hash, kind, name, body, created_at)
select h, k, n, b, $5 from unnest($1::bytea[], $2::text[], $3::text[], $4::text[]) as v (h, k, n, b)
on conflict do nothing
"""
_SUPERSEDE = """
update campaign_version set state = 'superseded' where campaign = $1 and state in ('active', 'paused')
    and fingerprint <> $2
"""
_ACTIVATE = """
insert into campaign_version (campaign, version, definition, manifest, fingerprint, state, created_at, activated_at)
values ($1, $2, $3, $4::jsonb, $5, 'active', $6, $6)
on conflict (campaign, version, fingerprint) do update set state = 'active', activated_at = excluded.activated_at
    where campaign_version.state in ('superseded', 'retired')
"""
_RETIRE_OTHERS = """
update campaign_version set state = 'retired' where state in ('active', 'paused') and campaign <> all($1::text[])
"""
_STATES = (
    "select id, state from campaign_version where state in ('active', 'paused') and ($1 is not true) order by campaign"
)
_VERSION = (
    "select id, campaign, version, state, definition, manifest::text as manifest from campaign_version where id = $1"
)
_BODIES = "select hash, body from content where hash = any($1::bytea[])"


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
    """Make this the running version of its campaign; what was planned under others keeps its own."""
    await connection.execute(
        _CONTENT,
        [row.hash for row in contents],
        [row.kind for row in contents],
        [row.name for row in contents],
        [row.body for row in contents],
        now,
    )
    await connection.execute(_SUPERSEDE, campaign, fingerprint)
    await connection.execute(_ACTIVATE, campaign, version, manifest.definition, manifest.to_json(), fingerprint, now)


async def retire_others(connection: Any, campaigns: Sequence[str]) -> None:
    """Stop planning for every campaign but these; what is planned goes on."""
    await connection.execute(_RETIRE_OTHERS, campaigns)


async def running(connection: Any, *, approved_only: bool = False) -> list[tuple[int, str]]:
    """(id, state) of every active or paused version, by campaign."""
    return [(row["id"], row["state"]) for row in await connection.fetch(_STATES, approved_only)]


async def version(connection: Any, version_id: int) -> VersionRow:
    """One version with its texts; it must exist."""
    row = await connection.fetchrow(_VERSION, version_id)
    manifest = Manifest.from_json(row["manifest"])
    wanted = {manifest.definition, *manifest.templates.values()} | ({manifest.segments} - {None})
    bodies = {found["hash"]: found["body"] for found in await connection.fetch(_BODIES, list(wanted))}
    return VersionRow(
        id=row["id"],
        campaign=row["campaign"],
        version=row["version"],
        state=row["state"],
        definition=bodies[manifest.definition],
        segments=bodies[manifest.segments] if manifest.segments else None,
        templates={path: bodies[digest] for path, digest in manifest.templates.items()},
    )
