"""Time-ordered identifiers (UUIDv7, RFC 9562), by the real clock, so that indexes grow at their end."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_62 = (1 << 62) - 1


class _Ticks:
    """Milliseconds and a 12-bit fraction in one number that only rises, whatever the clock does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        tick = (milliseconds << 12) | (rest * 4096 // 1_000_000)
        with self._lock:
            self._last = tick = max(tick, self._last + 1)
        return tick


_ticks = _Ticks()


def uuid7() -> UUID:
    """A new id that sorts after every earlier one of this process."""
    tick = _ticks.next()
    random_part = int.from_bytes(os.urandom(8), "big") & _RANDOM_62
    return UUID(int=((tick >> 12) << 80) | _VERSION_7 | ((tick & 0xFFF) << 64) | _VARIANT | random_part)


def instant_of(made: UUID) -> datetime:
    """The real instant at which an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
