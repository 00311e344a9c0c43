"""How many calls an account takes at once: halved when it throttles, and one more for each round of good answers."""

from channels.provider import THROTTLED, Accepted, RateLimited, SendResult

CALM_SECONDS = 1.0
"""All that is throttled within this time is one event: it was under way when the first word came."""


class Concurrency:
    """Additive increase, multiplicative decrease, between one call and `most`; `now` is monotonic seconds."""

    __slots__ = ("_calm_at", "_limit", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self._limit = float(most)
        self._calm_at = 0.0

    @property
    def limit(self) -> int:
        """How many calls may be open now."""
        return int(self._limit)

    def record(self, result: SendResult, now: float, *, in_use: int) -> None:
        """Learn from an answer; `in_use` calls were open when it came."""
        if isinstance(result, RateLimited) and result.code == THROTTLED:
            if now >= self._calm_at:
                self._limit = max(1.0, min(self._limit, float(max(in_use, 1))) / 2)
                self._calm_at = now + CALM_SECONDS
        elif isinstance(result, Accepted) and self._limit < self.most:
            self._limit = min(float(self.most), self._limit + 1.0 / self._limit)
