"""Sessions of the console: server-side rows, found by the digest of a random token that only a cookie holds."""

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.clock import Clock
from services.database import Database
from services.explanation_words import Language
from services.keys import KeyRole
from services.store import users
from services.store.users import SessionRow

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_FRESH_SECONDS = 2.0
_SEEN_EVERY = timedelta(minutes=1)
_MOST_KEPT = 10_000
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in; language and theme are None where the browser decides."""

    session: bytes
    user_id: UUID
    name: str
    role: KeyRole
    language: Language | None
    theme: str | None
    zone: ZoneInfo


class Sessions:
    """Opens, finds and ends sessions; one that is in force is asked for again after two seconds at most."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[bytes, tuple[float, SessionRow | None]] = {}

    async def open(self, user_id: UUID, zone: str) -> str:
        """A new session; gives the token for the cookie."""
        token = base64.urlsafe_b64encode(os.urandom(_TOKEN_BYTES)).rstrip(b"=").decode()
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await users.prune_sessions(connection, now - LONGEST)
            await users.open_session(
                connection, digest(token), user_id, zone=zone_of(zone).key, now=now, expires_at=now + LONGEST
            )
        return token

    async def find(self, token: str, *, used: bool = False) -> Visitor | None:
        """Whose session this token opens, None where it is over; `used` counts against idleness."""
        return await self.standing(digest(token), used=used)

    async def standing(self, session: bytes, *, used: bool = False) -> Visitor | None:
        """Whose session this is, None where it is over; `used` counts against idleness."""
        row = await self._row(session)
        now = self._clock.now()
        if row is None or now >= row.expires_at or now - row.last_seen_at >= IDLE:
            return None
        if used and now - row.last_seen_at >= _SEEN_EVERY:
            async with self._database.transaction() as connection:
                await users.seen(connection, session, now)
            self._known.pop(session, None)
        return _visitor(row)

    async def end(self, session: bytes) -> None:
        """End a session, here at once and elsewhere within seconds."""
        async with self._database.transaction() as connection:
            await users.end_session(connection, session, self._clock.now())
        self.forget()

    def forget(self) -> None:
        """Ask the database again for every session: something about users was changed here."""
        self._known.clear()

    async def _row(self, session: bytes) -> SessionRow | None:
        asked_at = self._clock.monotonic()
        read_at, row = self._known.get(session, (float("-inf"), None))
        if asked_at - read_at < _FRESH_SECONDS:
            return row
        async with self._database.reading() as connection:
            row = await users.standing_session(connection, session)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[session] = (asked_at, row)
        return row


def digest(token: str) -> bytes:
    """What is stored of a token; it is random, so one round of SHA-256 can't be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def zone_of(name: str) -> ZoneInfo:
    """A time zone as a browser names it, UTC where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _visitor(row: SessionRow) -> Visitor:
    return Visitor(
        session=row.digest,
        user_id=row.user_id,
        name=row.name,
        role=KeyRole(row.role),
        language=Language(row.language) if row.language else None,
        theme=row.theme,
        zone=zone_of(row.zone),
    )
