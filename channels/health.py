"""Whether a way out is worth an attempt: a breaker that opens by class of error and closes slowly.

A closed door costs no attempts; an open provider that answers "maybe" costs one message each, so unknown
answers open it soonest.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from channels.carriers import CarrierWindow, CarrierWord
from channels.provider import Accepted, NotSent, RateLimited, Rejected, SendResult, Unknown
from schemas.enums import Channel, FailureClass


class Trouble(StrEnum):
    """The classes of error that are counted apart."""

    UNREACHABLE = "unreachable"
    UNANSWERED = "unanswered"
    REFUSED = "refused"
    MISCONFIGURED = "misconfigured"


class State(StrEnum):
    """A breaker's position."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Limit:
    """Opens when at least `count` of the window's results, and this `share` of all, are of one class."""

    count: int
    share: float


WINDOW_SECONDS = 30.0
LIMITS = {
    Trouble.MISCONFIGURED: Limit(count=1, share=0.0),
    Trouble.UNANSWERED: Limit(count=5, share=0.2),
    Trouble.UNREACHABLE: Limit(count=5, share=0.5),
    Trouble.REFUSED: Limit(count=20, share=0.5),
}
# Longer than a call may take, so that what was under way when it opened is not taken for a probe.
FIRST_REST = 20.0
PROBE_PATIENCE = 60.0
LONGEST_REST = 300.0
MISCONFIGURED_REST = 60.0
# Trouble so soon after a return is the same trouble: it rests twice as long, not as long as the first time.
STEADY_SECONDS = 120.0
PROBES = 3
PROBE_WAIT = 1.0
FULL_RETURN = 1024
FIRST_PAUSE = 1.0
UNLIMITED = 1_000_000
UNTOUCHED = frozenset({"validity_too_short", "no_free_connection"})
"""What NotSent says of ourselves: the provider was not even asked."""

ACCOUNT_FAILURES = frozenset({FailureClass.CONFIG, FailureClass.SENDER_BLOCKED})
CARRIER_FAILURES = frozenset({FailureClass.TEMPORARY, FailureClass.BLOCKED, FailureClass.CONFIG})


@dataclass(frozen=True, slots=True)
class Report:
    """A breaker as operators see it; `seconds` until it is tried again."""

    state: State
    cause: Trouble | None
    seconds: float


class Breaker:
    """One way out, a provider's sender; `now` is monotonic seconds. Never sends, never sleeps."""

    def __init__(self) -> None:
        self._results: deque[tuple[float, Trouble | None]] = deque()
        self._counts: dict[Trouble | None, int] = dict.fromkeys((*Trouble, None), 0)
        self._carriers = CarrierWindow()
        self._state = State.CLOSED
        self._reopen_at = 0.0
        self._rest = FIRST_REST
        self._pause = FIRST_PAUSE
        self._probes_out = 0
        self._probes_good = 0
        self._probing_since = 0.0
        self._returned_at = 0.0
        self._closed_at = -STEADY_SECONDS
        self._spent: tuple[int, int] = (0, 0)
        self.cause: Trouble | None = None

    def state(self, now: float) -> State:
        """Where it stands; a rest that is over turns to probes, a return that is whole to closed."""
        if self._state is State.CLOSED:
            return self._state
        rested = self._state is State.OPEN and now >= self._reopen_at
        forgotten = self._state is State.PROBING and now >= self._probing_since + PROBE_PATIENCE
        if rested or forgotten:
            self._start_probing(now)
        elif self._state is State.RETURNING and self._allowance(now) >= FULL_RETURN:
            self._state, self._closed_at, self.cause = State.CLOSED, now, None
        return self._state

    def report(self, now: float) -> Report:
        """What to show of it."""
        return Report(self.state(now), self.cause, max(0.0, self._reopen_at - now))

    def room(self, now: float) -> int:
        """How many sends may start now."""
        state = self.state(now)
        if now < self._reopen_at:
            return 0
        match state:
            case State.CLOSED:
                return UNLIMITED
            case State.OPEN:
                return 0
            case State.PROBING:
                return PROBES - self._probes_out
            case State.RETURNING:
                return max(0, self._allowance(now) - self._spent_in(int(now - self._returned_at)))
            case _:
                assert_never(state)

    def admit(self, wanted: int, now: float) -> int:
        """How many of `wanted` sends may start now; those are counted as started."""
        admitted = min(wanted, self.room(now))
        if self._state is State.PROBING:
            self._probes_out += admitted
        elif self._state is State.RETURNING:
            second = int(now - self._returned_at)
            self._spent = (second, self._spent_in(second) + admitted)
        return admitted

    def ready_in(self, now: float) -> float:
        """Seconds until it is worth asking again; what probes come to is not known in advance."""
        if now < self._reopen_at:
            return self._reopen_at - now
        if self.room(now) > 0:
            return 0.0
        return PROBE_WAIT if self._state is State.PROBING else 1.0 - (now - self._returned_at) % 1.0

    def unused(self, count: int) -> None:
        """Give back admissions that came to nothing, such as a claim that found no message."""
        if self._state is State.PROBING:
            self._probes_out = max(0, self._probes_out - count)

    def record(self, result: SendResult, now: float) -> None:
        """Count what a send came to."""
        if isinstance(result, RateLimited):
            self._pause_for(result.retry_after, now)
            self.unused(1)
        elif isinstance(result, NotSent) and result.reason in UNTOUCHED:
            self.unused(1)
        else:
            if isinstance(result, Accepted):
                self._pause = FIRST_PAUSE
            self._count(trouble_of(result), now)

    def record_carrier(self, word: CarrierWord, now: float) -> None:
        """Count what the carrier said later; good news alone never closes the breaker."""
        if word.misconfigured:
            self._count(Trouble.MISCONFIGURED, now)
        elif self.state(now) is State.CLOSED and self._carriers.is_too_much(word, now):
            self._open(Trouble.REFUSED, now)

    def _pause_for(self, seconds: float | None, now: float) -> None:
        """As long as it asks for; where it does not say, twice as long each time."""
        if seconds is None:
            seconds, self._pause = self._pause, min(self._pause * 2, LONGEST_REST)
        self._reopen_at = max(self._reopen_at, now + min(seconds, LONGEST_REST))

    def _count(self, trouble: Trouble | None, now: float) -> None:
        state = self.state(now)
        if state is State.OPEN:
            return
        if state is State.PROBING:
            self._judge_probe(trouble, now)
            return
        self._results.append((now, trouble))
        self._counts[trouble] += 1
        self._forget(now)
        if trouble is not None and self._is_too_much(trouble):
            self._open(trouble, now)

    def _start_probing(self, now: float) -> None:
        self._state, self._probing_since = State.PROBING, now
        self._probes_out, self._probes_good = 0, 0

    def _judge_probe(self, trouble: Trouble | None, now: float) -> None:
        if trouble is not None:
            self._open(trouble, now)
            return
        self._probes_good += 1
        if self._probes_good >= PROBES:
            self._state, self._returned_at, self._spent = State.RETURNING, now, (0, 0)

    def _open(self, trouble: Trouble, now: float) -> None:
        relapsed = self._state is not State.CLOSED or now < self._closed_at + STEADY_SECONDS
        self._rest = min(self._rest * 2, LONGEST_REST) if relapsed else FIRST_REST
        rest = max(self._rest, MISCONFIGURED_REST) if trouble is Trouble.MISCONFIGURED else self._rest
        self._state, self._reopen_at, self.cause = State.OPEN, now + rest, trouble
        self._carriers.clear()
        self._results.clear()
        self._counts = dict.fromkeys((*Trouble, None), 0)

    def _is_too_much(self, trouble: Trouble) -> bool:
        limit, count = LIMITS[trouble], self._counts[trouble]
        return count >= limit.count and count >= limit.share * len(self._results)

    def _forget(self, now: float) -> None:
        while self._results and self._results[0][0] <= now - WINDOW_SECONDS:
            _, trouble = self._results.popleft()
            self._counts[trouble] -= 1

    def _allowance(self, now: float) -> int:
        """What one second may start after a rest: four, then twice as many each second."""
        return int(4 * 2 ** min(int(now - self._returned_at), 20))

    def _spent_in(self, second: int) -> int:
        return self._spent[1] if self._spent[0] == second else 0


class Health:
    """The breakers of all ways out, by (provider, channel, sender), made when first asked for."""

    def __init__(self) -> None:
        self._breakers: dict[tuple[str, Channel, str], Breaker] = {}

    def breaker(self, provider: str, channel: Channel, sender: str) -> Breaker:
        """The breaker of one way out."""
        return self._breakers.setdefault((provider, channel, sender), Breaker())


def trouble_of(result: SendResult) -> Trouble | None:
    """What a result says against its provider; a refusal for the sake of one person says nothing."""
    match result:
        case Accepted() | RateLimited():
            return None
        case NotSent(reason=reason):
            return None if reason in UNTOUCHED else Trouble.UNREACHABLE
        case Unknown():
            return Trouble.UNANSWERED
        case Rejected(failure=failure, permanent=False) if failure in ACCOUNT_FAILURES:
            return Trouble.MISCONFIGURED
        case Rejected(failure=failure):
            return Trouble.REFUSED if failure in CARRIER_FAILURES else None
        case _:
            assert_never(result)
