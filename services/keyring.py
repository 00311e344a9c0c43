"""Deployment keys for personal data: their written form (`id:base64,…`, newest first) and their making."""

import base64
import binascii
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_REMEDY = "write id:base64 of 32 random bytes, newest first, separated by commas"


class KeyringProblem(ValueError):
    """The written keys cannot be used; the text names the place and the remedy, never the key."""


@dataclass(frozen=True, slots=True)
class DeploymentKey:
    """One 256-bit key and the short id that tokens carry."""

    id: str
    secret: bytes = field(repr=False)


def parse_keys(text: str) -> tuple[DeploymentKey, ...]:
    """Read `id:base64,…`, newest first; raises KeyringProblem."""
    keys = tuple(_parse_key(place, item.strip()) for place, item in enumerate(text.split(","), start=1))
    ids = [key.id for key in keys]
    if len(set(ids)) != len(ids):
        raise KeyringProblem(f"two keys have the same id; {_REMEDY}")
    return keys


def write_keys(keys: Sequence[DeploymentKey]) -> str:
    """The written form that `parse_keys` reads."""
    return ",".join(f"{key.id}:{base64.b64encode(key.secret).decode()}" for key in keys)


def new_key(key_id: str) -> DeploymentKey:
    """A key of 32 random bytes."""
    return DeploymentKey(key_id, os.urandom(KEY_BYTES))


def _parse_key(place: int, item: str) -> DeploymentKey:
    key_id, colon, encoded = item.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise KeyringProblem(f"key {place} has no valid id before a colon; {_REMEDY}")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise KeyringProblem(f"key {place} is not base64; {_REMEDY}") from None
    if len(secret) != KEY_BYTES:
        raise KeyringProblem(f"key {place} has {len(secret)} bytes instead of {KEY_BYTES}; {_REMEDY}")
    if len(set(secret)) < 8:
        raise KeyringProblem(f"key {place} is not random; {_REMEDY}")
    return DeploymentKey(key_id, secret)
