"""Passwords: Argon2id hashes, checked in as long a time for names that nobody has."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256
_AT_ONCE = 2


class PasswordProblem(ValueError):
    """Why a password can't be taken; says what to do."""


class Passwords:
    """Hashes and checks, two at a time at most: each takes 64 MiB."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash("a password of nobody")
        self._places = asyncio.Semaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """The hash to be stored; raises PasswordProblem."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordProblem(f"a password has {SHORTEST} to {LONGEST} characters; take a longer sentence")
        if len(set(password)) < SHORTEST // 2:
            raise PasswordProblem("this password repeats itself; use more different characters")
        return self._hasher.hash(password)

    async def hashed(self, password: str) -> str:
        """The same, beside other work."""
        async with self._places:
            return await asyncio.to_thread(self.hash, password)

    async def check(self, password_hash: str | None, password: str) -> bool:
        """Whether a password is that of a hash; None, for a name that nobody has, takes as long and is never."""
        async with self._places:
            right = await asyncio.to_thread(self._verify, password_hash or self._nobody, password[:LONGEST])
        return right and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with older parameters."""
        return self._hasher.check_needs_rehash(password_hash)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
