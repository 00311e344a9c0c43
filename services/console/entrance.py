"""Logging in: failures are counted before a password is looked at, and lock a name or an address for ever longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.auditing import Action
from services.clock import Clock
from services.console import trail
from services.console.passwords import Passwords
from services.console.sessions import Sessions
from services.database import Database
from services.store import users
from services.store.users import UserRow
from services.vault import Vault

_FREE = {"name": 5, "address": 30}
_FIRST_LOCK = timedelta(seconds=30)
_LONGEST_LOCK = timedelta(minutes=30)
_FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Entered:
    """The login was right; `token` is for the cookie."""

    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not; `wait` is for how long nobody may try, None where another try may follow at once."""

    wait: timedelta | None = None


class Entrance:
    """Lets users in by name and password."""

    def __init__(
        self, *, database: Database, clock: Clock, vault: Vault, sessions: Sessions, passwords: Passwords
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._sessions = sessions
        self._passwords = passwords

    async def enter(self, name: str, password: str, *, address: str, zone: str) -> Entered | Refused:
        """Check a name and password from an address; whatever is wrong is answered alike."""
        name = canonical(name)
        wait = await self._attempt(name, address)
        if wait is not None:
            return Refused(wait)
        async with self._database.reading() as connection:
            user = await users.named(connection, name)
        right = await self._passwords.check(user.password_hash if user is not None else None, password)
        if user is None or not right or user.disabled_at is not None:
            return await self._fail(name)
        token = await self._sessions.open(user.id, zone)
        await self._welcome(user, password, address)
        return Entered(token)

    async def leave(self, session: bytes, name: str) -> None:
        """End a session."""
        await self._sessions.end(session)
        async with self._database.transaction() as connection:
            await trail.record(connection, name, Action.LOGOUT, "console", {}, self._clock.now())

    async def _attempt(self, name: str, address: str) -> timedelta | None:
        """Count this try as failed until it proves right; gives the wait where a lock is in force."""
        now = self._clock.now()
        subjects = {"name": self._vault.blind(f"login/{name}"), "address": self._vault.blind(f"login/{address}")}
        async with self._database.transaction() as connection:
            until = await users.locked_until(connection, name=subjects["name"], address=subjects["address"])
            if until is not None and until > now:
                who = await _who(connection, name)
                await trail.record(connection, who, Action.LOGIN_FAILED, "console", {"locked": True}, now)
                return until - now
            await users.forget_failures(connection, now - _FORGOTTEN_AFTER)
            for kind, subject in subjects.items():
                forget = now - _FORGOTTEN_AFTER
                failures = await users.count_failure(connection, kind, subject, now, forget=forget)
                if failures >= _FREE[kind]:
                    await users.lock(connection, kind, subject, _lock_until(now, failures - _FREE[kind]))
        return None

    async def _fail(self, name: str) -> Refused:
        async with self._database.transaction() as connection:
            who = await _who(connection, name)
            await trail.record(connection, who, Action.LOGIN_FAILED, "console", {}, self._clock.now())
        return Refused()

    async def _welcome(self, user: UserRow, password: str, address: str) -> None:
        blind = self._vault.blind
        async with self._database.transaction() as connection:
            await users.forgive(connection, name=blind(f"login/{user.name}"), address=blind(f"login/{address}"))
            if self._passwords.outdated(user.password_hash):
                await users.rehash(connection, user.id, self._passwords.hash(password))
            await trail.record(connection, user.name, Action.LOGIN, "console", {"role": user.role}, self._clock.now())


def canonical(name: str) -> str:
    """A user's name as it is stored."""
    return name.strip().lower()[:64]


def _lock_until(now: datetime, over: int) -> datetime:
    return now + min(_FIRST_LOCK * (1 << min(over, 10)), _LONGEST_LOCK)


async def _who(connection: Any, name: str) -> str:
    """A name for the record: one that nobody has may be a password in the wrong field."""
    return name if await users.named(connection, name) is not None else "unknown"
