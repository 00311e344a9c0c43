"""Users of the console, their sessions, and failed logins; only digests and hashes are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_FIELDS = "id, name, role, password_hash, language, theme, created_at, password_changed_at, disabled_at"
_ADD = """
insert into console_user (id, name, role, password_hash, created_at, password_changed_at)
values ($1, $2, $3, $4, $5, $5) on conflict (name) do nothing
"""
_NAMED = f"select {_FIELDS} from console_user where name = $1"
_BY_ID = f"select {_FIELDS} from console_user where id = $1"
_EVERY = f"select {_FIELDS} from console_user order by name"
_DISABLE = "update console_user set disabled_at = $2 where name = $1 and disabled_at is null returning id"
_ENABLE = "update console_user set disabled_at = null where name = $1 and disabled_at is not null returning id"
_ROLE = "update console_user set role = $2 where name = $1 returning id"
_PASSWORD = "update console_user set password_hash = $2, password_changed_at = $3 where name = $1 returning id"
_REHASH = "update console_user set password_hash = $2 where id = $1"
_CHOOSE = "update console_user set language = $2, theme = $3 where id = $1"

_OPEN = """
insert into console_session (digest, user_id, zone, created_at, last_seen_at, expires_at)
values ($1, $2, $3, $4, $4, $5)
"""
_STANDING = """
select s.digest, s.zone, s.created_at, s.last_seen_at, s.expires_at,
    u.id as user_id, u.name, u.role, u.language, u.theme
from console_session s join console_user u on u.id = s.user_id
where s.digest = $1 and s.ended_at is null and u.disabled_at is null
"""
_SEEN = "update console_session set last_seen_at = $2 where digest = $1 and ended_at is null"
_END = "update console_session set ended_at = $2 where digest = $1 and ended_at is null"
_END_OF = "update console_session set ended_at = $2 where user_id = $1 and ended_at is null and digest <> $3"
_PRUNE = "delete from console_session where expires_at < $1 or ended_at < $1"

_FAIL = """
insert into login_failure as f (kind, subject, failures, last_at) values ($1, $2, 1, $3)
on conflict (kind, subject) do update
    set failures = case when f.last_at < $4 then 1 else f.failures + 1 end, last_at = $3
returning failures
"""
_LOCK = "update login_failure set locked_until = $3 where kind = $1 and subject = $2"
_LOCKED = "select max(locked_until) from login_failure where (kind, subject) in (('name', $1), ('address', $2))"
_FORGIVE = "delete from login_failure where kind = $1 and subject = $2"
_TAKE_BACK = """
update login_failure set failures = greatest(failures - 1, 1), locked_until = null where kind = $1 and subject = $2
"""
_FORGET = "delete from login_failure where last_at < $1 and (locked_until is null or locked_until < $1)"


@dataclass(frozen=True, slots=True)
class UserRow:
    """One person; the password itself is nowhere."""

    id: UUID
    name: str
    role: str
    password_hash: str
    language: str | None
    theme: str | None
    created_at: datetime
    password_changed_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One login of a user who is not disabled, not ended; whether it expired is the caller's clock's to say."""

    digest: bytes
    zone: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_id: UUID
    name: str
    role: str
    language: str | None
    theme: str | None


async def add(connection: Any, user_id: UUID, *, name: str, role: str, password_hash: str, now: datetime) -> bool:
    """Store a new user; False where the name is taken."""
    status: str = await connection.execute(_ADD, user_id, name, role, password_hash, now)
    return status.endswith("1")


async def named(connection: Any, name: str) -> UserRow | None:
    """The user of a name."""
    row = await connection.fetchrow(_NAMED, name)
    return UserRow(*tuple(row)) if row is not None else None


async def by_id(connection: Any, user_id: UUID) -> UserRow | None:
    """The user of an id."""
    row = await connection.fetchrow(_BY_ID, user_id)
    return UserRow(*tuple(row)) if row is not None else None


async def every(connection: Any) -> list[UserRow]:
    """Every user there ever was, by name."""
    return [UserRow(*tuple(row)) for row in await connection.fetch(_EVERY)]


async def disable(connection: Any, name: str, now: datetime) -> bool:
    """Let a user in no more, and end what they have open; False where nobody of this name was let in."""
    user_id = await connection.fetchval(_DISABLE, name, now)
    return await _end_all(connection, user_id, now)


async def enable(connection: Any, name: str) -> bool:
    """Let a user in again; False where nobody of this name was kept out."""
    return await connection.fetchval(_ENABLE, name) is not None


async def set_role(connection: Any, name: str, role: str, now: datetime) -> bool:
    """Give a user another role; what they have open ends. False where there is no such user."""
    user_id = await connection.fetchval(_ROLE, name, role)
    return await _end_all(connection, user_id, now)


async def set_password(
    connection: Any, name: str, password_hash: str, now: datetime, *, keep: bytes | None = None
) -> bool:
    """Give a user another password; every session ends but that of the digest `keep`. False: no such user."""
    user_id = await connection.fetchval(_PASSWORD, name, password_hash, now)
    return await _end_all(connection, user_id, now, keep=keep)


async def rehash(connection: Any, user_id: UUID, password_hash: str) -> None:
    """Store the same password under newer parameters."""
    await connection.execute(_REHASH, user_id, password_hash)


async def choose(connection: Any, user_id: UUID, *, language: str | None, theme: str | None) -> None:
    """Remember how a user wants pages; None: as their browser says."""
    await connection.execute(_CHOOSE, user_id, language, theme)


async def open_session(
    connection: Any, digest: bytes, user_id: UUID, *, zone: str, now: datetime, expires_at: datetime
) -> None:
    """Store a login."""
    await connection.execute(_OPEN, digest, user_id, zone, now, expires_at)


async def standing_session(connection: Any, digest: bytes) -> SessionRow | None:
    """The session of a digest."""
    row = await connection.fetchrow(_STANDING, digest)
    return SessionRow(*tuple(row)) if row is not None else None


async def seen(connection: Any, digest: bytes, now: datetime) -> None:
    """Note that a session is in use."""
    await connection.execute(_SEEN, digest, now)


async def end_session(connection: Any, digest: bytes, now: datetime) -> None:
    """End a session."""
    await connection.execute(_END, digest, now)


async def prune_sessions(connection: Any, before: datetime) -> None:
    """Forget sessions that were over before an instant."""
    await connection.execute(_PRUNE, before)


async def count_failure(connection: Any, kind: str, subject: bytes, now: datetime, *, forget: datetime) -> int:
    """Count one more failed login, from one where the last was before `forget`; gives how many there were."""
    count: int = await connection.fetchval(_FAIL, kind, subject, now, forget)
    return count


async def lock(connection: Any, kind: str, subject: bytes, until: datetime) -> None:
    """Let nobody try under a name or from an address until then."""
    await connection.execute(_LOCK, kind, subject, until)


async def locked_until(connection: Any, *, name: bytes, address: bytes) -> datetime | None:
    """Until when a name or address is locked, if it ever was."""
    until: datetime | None = await connection.fetchval(_LOCKED, name, address)
    return until


async def forgive(connection: Any, *, name: bytes, address: bytes) -> None:
    """A login went well: the name starts anew, and the address gets its last count back."""
    await connection.execute(_FORGIVE, "name", name)
    await connection.execute(_TAKE_BACK, "address", address)


async def forget_failures(connection: Any, before: datetime) -> None:
    """Forget failures that are long ago."""
    await connection.execute(_FORGET, before)


async def _end_all(connection: Any, user_id: UUID | None, now: datetime, *, keep: bytes | None = None) -> bool:
    if user_id is None:
        return False
    await connection.execute(_END_OF, user_id, now, keep or b"")
    return True
