"""API keys: who may do what, how a key is written, and how it is known again."""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.ids import uuid7
from services.store.keys import KeyRow

_PREFIX = "puntual_"
_SECRET_BYTES = 32
_ID_LENGTH = 32


class KeyRole(StrEnum):
    """What a key is for."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    AUTHOR = "author"
    APPROVER = "approver"
    ADMIN = "admin"
    SYSTEM = "system"


class Capability(StrEnum):
    """One thing a key may do."""

    READ = "read"
    STOPS = "stops"
    HOLDS = "holds"
    SUPPRESSIONS = "suppressions"
    CONSENTS = "consents"
    EVENTS = "events"
    DEBTORS = "debtors"
    AUTHOR = "author campaigns"
    APPROVE = "approve campaigns"
    AUDIT = "read the audit log"


CAPABILITIES: dict[KeyRole, frozenset[Capability]] = {
    KeyRole.VIEWER: frozenset({Capability.READ}),
    KeyRole.OPERATOR: frozenset(
        {Capability.READ, Capability.STOPS, Capability.HOLDS, Capability.SUPPRESSIONS, Capability.CONSENTS}
    ),
    KeyRole.AUTHOR: frozenset({Capability.READ, Capability.AUTHOR}),
    KeyRole.APPROVER: frozenset({Capability.READ, Capability.APPROVE}),
    KeyRole.SYSTEM: frozenset(
        {Capability.EVENTS, Capability.DEBTORS, Capability.CONSENTS, Capability.SUPPRESSIONS, Capability.HOLDS}
    ),
    KeyRole.ADMIN: frozenset(Capability),
}


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: what is stored, and what is shown once."""

    row: KeyRow
    token: str = field(repr=False)


def abilities(role: KeyRole, scopes: Iterable[str]) -> frozenset[Capability]:
    """What a key may do: all that its role may, or of that only its scopes (names of capabilities in lower case)."""
    named = {name.upper() for name in scopes}
    allowed = CAPABILITIES[role]
    return frozenset(each for each in allowed if each.name in named) if named else allowed


def scope_names(role: KeyRole) -> list[str]:
    """The scopes that a key of this role may be narrowed to."""
    return [each.name.lower() for each in Capability if each in CAPABILITIES[role]]


def new_key(
    name: str, role: KeyRole, *, now: datetime, expires_in: timedelta | None, scopes: Iterable[str] = ()
) -> NewKey:
    """A key with a random secret of 256 bits; only its SHA-256 digest is stored."""
    key_id, secret = uuid7(), base64.urlsafe_b64encode(os.urandom(_SECRET_BYTES)).rstrip(b"=").decode()
    expires_at = now + expires_in if expires_in is not None else None
    row = KeyRow(key_id, name, role.value, digest(secret), now, expires_at, None, tuple(scopes))
    return NewKey(row, f"{_PREFIX}{key_id.hex}_{secret}")


def parse_token(token: str) -> tuple[UUID, str] | None:
    """The id and the secret in a key as it is shown, None where it is no key of ours."""
    key_id, _, secret = token.removeprefix(_PREFIX).partition("_")
    if not token.startswith(_PREFIX) or len(key_id) != _ID_LENGTH or not secret:
        return None
    try:
        return UUID(hex=key_id), secret
    except ValueError:
        return None


def digest(secret: str) -> bytes:
    """What is stored of a secret; it is random, so one round of SHA-256 can't be searched."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def matches(row: KeyRow | None, secret: str) -> bool:
    """Whether a secret is that of a key; takes as long where there is no such key."""
    expected = row.digest if row is not None else bytes(_SECRET_BYTES)
    return hmac.compare_digest(expected, digest(secret)) and row is not None


def works(row: KeyRow, now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return row.revoked_at is None and (row.expires_at is None or now < row.expires_at)
