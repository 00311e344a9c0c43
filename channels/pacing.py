"""Each sender's own pace: a bucket of SMS parts that fills by the second and may go into debt.

Processes that share a sender share its pace: each takes an equal part (`Pacing.share`).
"""

import math
from collections.abc import Iterable

from schemas.enums import Channel

LONGEST_PLACE = 30.0
"""Seconds after which whoever waits for their turn asks again, so that a place given up is not missed for long."""


class Bucket:
    """Holds one second's worth at most; `now` is monotonic seconds and never goes back."""

    __slots__ = ("_at", "_capacity", "_level", "_next_place", "_whole", "per_second")

    def __init__(self, per_second: float, *, now: float) -> None:
        if per_second <= 0:
            raise ValueError("per_second: a sender's pace is above zero")
        self.per_second = self._whole = per_second
        self._capacity = max(per_second, 1.0)
        self._level = self._capacity
        self._at = self._next_place = now

    def share(self, among: int, now: float) -> None:
        """Take an equal part of the sender's pace from now on."""
        self._fill(now)
        self.per_second = self._whole / among
        self._capacity = max(self.per_second, 1.0)
        self._level = min(self._level, self._capacity)

    def available(self, now: float) -> int:
        """Whole parts that may be sent at once; zero while in debt."""
        self._fill(now)
        return max(0, math.floor(self._level + 1e-9))

    def take(self, parts: int, now: float) -> None:
        """Spend `parts`, into debt if need be: a message of many parts goes out whole and is paid off after."""
        self._fill(now)
        self._level -= parts

    def ready_in(self, now: float) -> float:
        """Seconds until the next part may be sent."""
        self._fill(now)
        return max(0.0, (1.0 - self._level) / self.per_second)

    def place(self, now: float) -> float:
        """Seconds until the turn of one more that waits; each is given a turn of its own, in the order they ask."""
        turn = max(self._next_place, now + self.ready_in(now))
        if turn - now >= LONGEST_PLACE:
            return LONGEST_PLACE
        self._next_place = turn + 1.0 / self.per_second
        return turn - now

    def _fill(self, now: float) -> None:
        if now > self._at:
            self._level = min(self._capacity, self._level + (now - self._at) * self.per_second)
            self._at = now


class Pacing:
    """The buckets of all senders, by (provider, channel, sender): a number that also calls has a pace for each."""

    def __init__(self, paces: Iterable[tuple[str, Channel, str, float]], *, now: float) -> None:
        self._buckets = {tuple(key): Bucket(per_second, now=now) for *key, per_second in paces}

    def bucket(self, provider: str, channel: Channel, sender: str) -> Bucket:
        """The bucket of one sender; raises KeyError for one that is not in the providers file."""
        return self._buckets[provider, channel, sender]

    def share(self, among: int, now: float) -> None:
        """So many processes send by these senders; each takes an equal part of every pace."""
        for bucket in self._buckets.values():
            bucket.share(among, now)
