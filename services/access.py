"""API keys made and revoked, and written down."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.auditing import Action, record
from services.store import keys
from services.store.keys import KeyRow


async def add_key(connection: Any, row: KeyRow, *, by: str, now: datetime) -> None:
    """Put a key in force."""
    await keys.add(connection, row)
    details = {
        "name": row.name,
        "role": row.role,
        "scopes": list(row.scopes),
        "expiresAt": row.expires_at.isoformat() if row.expires_at is not None else None,
    }
    await record(connection, actor=by, action=Action.KEY_MADE, subject=f"key/{row.id}", details=details, now=now)


async def revoke_key(connection: Any, key_id: UUID, *, by: str, now: datetime) -> bool:
    """End a key; False where there is none, or it was revoked before."""
    revoked = await keys.revoke(connection, key_id, now)
    if revoked:
        await record(connection, actor=by, action=Action.KEY_REVOKED, subject=f"key/{key_id}", now=now)
    return revoked
