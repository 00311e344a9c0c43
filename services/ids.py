"""Time-ordered identifiers (UUIDv7, RFC 9562), by the real clock, so that indexes grow at their end."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

from asyncpg.pgproto import pgproto

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_62 = (1 << 62) - 1
_STORE = 4096


class _Maker:
    """Ticks (milliseconds and a 12-bit fraction) that only rise, whatever the clock does, and a store of randomness."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._random = b""
        self._used = 0

    def next(self) -> bytes:
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        tick = (milliseconds << 12) | (rest * 4096 // 1_000_000)
        with self._lock:
            self._last = tick = max(tick, self._last + 1)
            if self._used == len(self._random):
                self._random, self._used = os.urandom(_STORE), 0
            chance = int.from_bytes(self._random[self._used : self._used + 8], "big") & _RANDOM_62
            self._used += 8
        return (((tick >> 12) << 80) | _VERSION_7 | ((tick & 0xFFF) << 64) | _VARIANT | chance).to_bytes(16, "big")

    def forget(self) -> None:
        """A child process draws its own randomness."""
        self._random, self._used = b"", 0


_maker = _Maker()
os.register_at_fork(after_in_child=_maker.forget)


def uuid7() -> UUID:
    """A new id that sorts after every earlier one of this process; of the driver's class, which is written faster."""
    made: UUID = pgproto.UUID(_maker.next())
    return made


def instant_of(made: UUID) -> datetime:
    """The real instant at which an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
