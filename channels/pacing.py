"""Each sender's own pace: a bucket of SMS parts that fills by the second and may go into debt."""

import math
from collections.abc import Iterable


class Bucket:
    """Holds one second's worth at most; `now` is monotonic seconds and never goes back."""

    __slots__ = ("_at", "_capacity", "_level", "per_second")

    def __init__(self, per_second: float, *, now: float) -> None:
        if per_second <= 0:
            raise ValueError("per_second: a sender's pace is above zero")
        self.per_second = per_second
        self._capacity = max(per_second, 1.0)
        self._level = self._capacity
        self._at = now

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

    def _fill(self, now: float) -> None:
        if now > self._at:
            self._level = min(self._capacity, self._level + (now - self._at) * self.per_second)
            self._at = now


class Pacing:
    """The buckets of all senders, by (provider, sender)."""

    def __init__(self, paces: Iterable[tuple[str, str, float]], *, now: float) -> None:
        self._buckets = {(provider, sender): Bucket(per_second, now=now) for provider, sender, per_second in paces}

    def bucket(self, provider: str, sender: str) -> Bucket:
        """The bucket of one sender; raises KeyError for one that is not in the providers file."""
        return self._buckets[provider, sender]
