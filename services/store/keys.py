"""API keys: only digests are kept, and a revoked key stays on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_FIELDS = "id, name, role, digest, created_at, expires_at, revoked_at, scopes"
_ADD = """
insert into api_key (id, name, role, digest, created_at, expires_at, scopes) values ($1, $2, $3, $4, $5, $6, $7)
"""
_STANDING = f"select {_FIELDS} from api_key where revoked_at is null"
_EVERY = f"select {_FIELDS} from api_key order by created_at, id"
_REVOKE = "update api_key set revoked_at = $2 where id = $1 and revoked_at is null"
_NAMED = """
select true from api_key where name = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
"""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key; the secret itself is nowhere. Without scopes it may do all that its role may."""

    id: UUID
    name: str
    role: str
    digest: bytes
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    scopes: Sequence[str] = ()


async def add(connection: Any, row: KeyRow) -> None:
    """Store a new key."""
    await connection.execute(
        _ADD, row.id, row.name, row.role, row.digest, row.created_at, row.expires_at, list(row.scopes)
    )


async def standing(connection: Any) -> list[KeyRow]:
    """Every key that is not revoked; whether one expired is the caller's clock's to say."""
    return [KeyRow(*tuple(row)) for row in await connection.fetch(_STANDING)]


async def every(connection: Any) -> list[KeyRow]:
    """Every key there ever was, oldest first."""
    return [KeyRow(*tuple(row)) for row in await connection.fetch(_EVERY)]


async def in_use(connection: Any, name: str, now: datetime) -> bool:
    """Whether a key of this name works now."""
    return bool(await connection.fetchval(_NAMED, name, now))


async def revoke(connection: Any, key_id: UUID, now: datetime) -> bool:
    """End a key; False where there is none, or it was revoked before."""
    status: str = await connection.execute(_REVOKE, key_id, now)
    return status.endswith("1")
