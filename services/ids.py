"""Time-ordered identifiers (UUIDv7, RFC 9562), by the real clock, so that indexes grow at their end."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from struct import Struct
from uuid import UUID

from asyncpg.pgproto import pgproto

_VERSION_7 = 0x7 << 12
_VARIANT = 0x2 << 62
_RANDOM_62 = (1 << 62) - 1
_HALVES = Struct(">QQ")
_STORE = Struct("=512Q")


class _Maker:
    """Ticks (milliseconds and a 12-bit fraction) that only rise, whatever the clock does, and a store of randomness."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._random: Iterator[int] = iter(())

    def next(self) -> bytes:
        tick = time.time_ns() * 4096 // 1_000_000
        with self._lock:
            if tick <= self._last:
                tick = self._last + 1
            self._last = tick
            chance = next(self._random, None)
            if chance is None:
                self._random = iter(_STORE.unpack(os.urandom(_STORE.size)))
                chance = next(self._random)
        return _HALVES.pack(tick >> 12 << 16 | _VERSION_7 | tick & 0xFFF, _VARIANT | chance & _RANDOM_62)

    def forget(self) -> None:
        """A child process draws its own randomness."""
        self._random = iter(())


_maker = _Maker()
os.register_at_fork(after_in_child=_maker.forget)


def uuid7() -> UUID:
    """A new id that sorts after every earlier one of this process; of the driver's class, which is written faster."""
    made: UUID = pgproto.UUID(_maker.next())
    return made


def instant_of(made: UUID) -> datetime:
    """The real instant at which an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
