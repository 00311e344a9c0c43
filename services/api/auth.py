"""Who calls: Bearer keys, what each may do, and how often."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.api.problems import Problem
from services.clock import Clock
from services.database import Database
from services.keys import CAPABILITIES, Capability, KeyRole, abilities, matches, parse_token, works
from services.store import keys as store
from services.store.keys import KeyRow

_FRESH_SECONDS = 1.0
_BURST = 2
_BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="An API key of `puntual keys create`.")

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that was presented and works."""

    id: UUID
    name: str
    role: KeyRole
    abilities: frozenset[Capability]

    @property
    def source(self) -> str:
        """The source of the facts that this caller tells."""
        return f"urn:puntual:api:{self.name}"

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"api:{self.name}"


class Keys:
    """The keys in force, read at most once a second, and again for a key never seen."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rows: Mapping[UUID, KeyRow] = {}
        self._read_at: float | None = None
        self._reading = asyncio.Lock()

    async def caller(self, token: str) -> Caller | None:
        """Whose key this is, None where it is not in force."""
        parsed = parse_token(token)
        if parsed is None:
            return None
        key_id, secret = parsed
        row = await self._find(key_id)
        if not matches(row, secret) or row is None or not works(row, self._clock.now()):
            return None
        role = KeyRole(row.role)
        return Caller(row.id, row.name, role, abilities(role, row.scopes))

    async def _find(self, key_id: UUID) -> KeyRow | None:
        asked_at = self._clock.monotonic()
        await self._refresh(asked_at - _FRESH_SECONDS)
        if key_id not in self._rows:
            await self._refresh(asked_at)
        return self._rows.get(key_id)

    async def _refresh(self, before: float) -> None:
        """Read the keys, unless that was done after `before`; one reads for all who wait."""
        async with self._reading:
            if self._read_at is not None and self._read_at > before:
                return
            read_at = self._clock.monotonic()
            async with self._database.reading() as connection:
                self._rows = {row.id: row for row in await store.standing(connection)}
            self._read_at = read_at


class Pace:
    """A token bucket for each key: `rate` requests a second, twice as many at once."""

    def __init__(self, rate: int, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def wait(self, key_id: UUID) -> float:
        """Take a token; gives the seconds to wait where there is none."""
        now, most = self._clock.monotonic(), float(self._rate * _BURST)
        left, at = self._buckets.get(key_id, (most, now))
        left = min(most, left + (now - at) * self._rate)
        if left < 1:
            self._buckets[key_id] = (left, now)
            return (1 - left) / self._rate
        self._buckets[key_id] = (left - 1, now)
        return 0.0


class Guard:
    """Makes the dependency that each route of the API has."""

    def __init__(self, keys: Keys, pace: Pace) -> None:
        self._keys = keys
        self._pace = pace

    def needs(self, capability: Capability) -> Callable[..., Awaitable[Caller]]:
        """A dependency that gives the caller, or refuses with 401, 403 or 429."""

        async def caller(request: Request, credentials: Credentials) -> Caller:
            found = await self._keys.caller(credentials.credentials) if credentials is not None else None
            if found is None:
                raise _unknown(presented=credentials is not None)
            seconds = self._pace.wait(found.id)
            if seconds:
                headers = {"Retry-After": str(max(1, round(seconds)))}
                raise Problem(429, "too many requests for this key; wait as Retry-After says", headers=headers)
            if capability not in found.abilities:
                raise _forbidden(found, capability)
            return found

        return caller


def _unknown(*, presented: bool) -> Problem:
    if presented:
        challenge = 'Bearer realm="puntual", error="invalid_token"'
        return Problem(401, "this key is unknown, revoked or expired", headers={"WWW-Authenticate": challenge})
    detail = "send an API key as `Authorization: Bearer <key>`; `puntual keys create` makes one"
    return Problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="puntual"'})


def _forbidden(caller: Caller, capability: Capability) -> Problem:
    able = ", ".join(role.value for role in KeyRole if capability in CAPABILITIES[role])
    challenge = 'Bearer realm="puntual", error="insufficient_scope"'
    detail = f"a key of role {caller.role} may not do this ({capability}); roles that may: {able}"
    if capability in CAPABILITIES[caller.role]:
        detail = f"this key was made for other things than this ({capability}): its scopes leave it out"
    return Problem(403, detail, headers={"WWW-Authenticate": challenge})
