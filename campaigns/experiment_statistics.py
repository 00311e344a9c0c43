"""What two shares differ by, and how surely: intervals for one look, and intervals that hold however often one looks.

One look: Wilson's score interval for a share (JASA 22, 1927) and Newcombe's hybrid of two of them for a difference
(Statistics in Medicine 17, 1998, method 10). Many looks: the confidence sequence that belongs to the mixture
sequential probability ratio test with a normal mixture (Johari, Koomen, Pekelis and Walsh, "Always Valid Inference",
Operations Research 70, 2022). Who stops when it first leaves zero out is wrong no more often than `alpha`.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt
from statistics import NormalDist

LEVEL = 0.95
ALPHA = 0.05
FEWEST = 50
"""People an arm needs before its share is judged."""

_FEWEST_OF_EACH = 5
_SPREAD = 0.05
"""The size of difference that the mixture looks for: five points of a hundred."""


class Verdict(StrEnum):
    """What may be said of a difference at any moment without rewarding who looks often."""

    TOO_FEW = "too_few"
    OPEN = "open"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many people."""

    hits: int
    people: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.people:
            raise ValueError("hits must be between none and all of the people")

    @property
    def rate(self) -> float:
        """Hits by people; 0 where there is nobody."""
        return self.hits / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


def wilson(share: Share, *, level: float = LEVEL) -> Interval:
    """The score interval of a share; all of 0 to 1 where there is nobody."""
    n = share.people
    if n == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = (share.hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(share.hits * (n - share.hits) / n + z * z / 4)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def difference(one: Share, other: Share, *, level: float = LEVEL) -> Interval:
    """Newcombe's interval for the rate of `one` less that of `other`, for a single look."""
    first, second = wilson(one, level=level), wilson(other, level=level)
    gap = one.rate - other.rate
    below = sqrt((one.rate - first.low) ** 2 + (second.high - other.rate) ** 2)
    above = sqrt((first.high - one.rate) ** 2 + (other.rate - second.low) ** 2)
    return Interval(max(-1.0, gap - below), min(1.0, gap + above))


def always_valid(one: Share, other: Share, *, alpha: float = ALPHA) -> Interval:
    """An interval for the same difference that holds at every look at once, with a chance of `alpha` to be wrong."""
    if not one.people or not other.people:
        return Interval(-1.0, 1.0)
    variance, mixture = _variance(one) + _variance(other), _SPREAD**2
    whole = variance + mixture
    half = sqrt(variance * whole / mixture * (2 * log(1 / alpha) + log(whole / variance)))
    gap = one.rate - other.rate
    return Interval(max(-1.0, gap - half), min(1.0, gap + half))


def verdict(one: Share, other: Share, *, alpha: float = ALPHA) -> Verdict:
    """Whether `one` is better or worse than `other`; stays open as long as chance may explain it."""
    hits, misses = one.hits + other.hits, one.people + other.people - one.hits - other.hits
    if min(one.people, other.people) < FEWEST or min(hits, misses) < _FEWEST_OF_EACH:
        return Verdict.TOO_FEW
    interval = always_valid(one, other, alpha=alpha)
    if interval.low > 0:
        return Verdict.BETTER
    return Verdict.WORSE if interval.high < 0 else Verdict.OPEN


def _variance(share: Share) -> float:
    """Of the rate, with one hit and one miss more than were seen, so that none is never certainty."""
    rate = (share.hits + 1) / (share.people + 2)
    return rate * (1 - rate) / share.people
