"""Whether a way out is worth an attempt: a breaker that opens by class of error and closes slowly.

A closed door costs no attempts; an open provider that answers "maybe" costs one message each, so unknown
answers open it soonest.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from channels.provider import Accepted, NotSent, RateLimited, Receipt, Rejected, SendResult, Unknown
from schemas.enums import FailureClass


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
PROBES = 3
FULL_RETURN = 1024
DEFAULT_RETRY_AFTER = 1.0

ACCOUNT_FAILURES = frozenset({FailureClass.CONFIG, FailureClass.SENDER_BLOCKED})
CARRIER_FAILURES = frozenset({FailureClass.TEMPORARY, FailureClass.BLOCKED, FailureClass.CONFIG})
# A carrier may bar a sender for one country alone, so its receipts close the way by rate only.
RECEIPT_FAILURES = frozenset({FailureClass.TEMPORARY, FailureClass.BLOCKED, FailureClass.SENDER_BLOCKED})


class Breaker:
    """One way out, a provider's sender; `now` is monotonic seconds. Never sends, never sleeps."""

    def __init__(self) -> None:
        self._results: deque[tuple[float, Trouble | None]] = deque()
        self._counts: dict[Trouble | None, int] = dict.fromkeys((*Trouble, None), 0)
        self._state = State.CLOSED
        self._reopen_at = 0.0
        self._rest = FIRST_REST
        self._probes_out = 0
        self._probes_good = 0
        self._probing_since = 0.0
        self._returned_at = 0.0
        self._spent: tuple[int, int] = (0, 0)
        self.cause: Trouble | None = None

    def state(self, now: float) -> State:
        """Where it stands; a rest that is over turns to probes, a return that is whole to closed."""
        rested = self._state is State.OPEN and now >= self._reopen_at
        forgotten = self._state is State.PROBING and now >= self._probing_since + PROBE_PATIENCE
        if rested or forgotten:
            self._start_probing(now)
        elif self._state is State.RETURNING and self._allowance(now) >= FULL_RETURN:
            self._state, self._rest, self.cause = State.CLOSED, FIRST_REST, None
        return self._state

    def admit(self, wanted: int, now: float) -> int:
        """How many of `wanted` sends may start now; those are counted as started."""
        state = self.state(now)
        match state:
            case State.OPEN:
                return 0
            case State.PROBING:
                admitted = min(wanted, PROBES - self._probes_out)
                self._probes_out += admitted
                return admitted
            case State.RETURNING:
                return self._spend(wanted, now)
            case State.CLOSED:
                return wanted if now >= self._reopen_at else 0
            case _:
                assert_never(state)

    def ready_in(self, now: float) -> float:
        """Seconds until it is worth asking again; what probes come to is not known in advance."""
        return max(0.0, self._reopen_at - now)

    def unused(self, count: int) -> None:
        """Give back admissions that came to nothing, such as a claim that found no message."""
        if self._state is State.PROBING:
            self._probes_out = max(0, self._probes_out - count)

    def record(self, result: SendResult, now: float) -> None:
        """Count what a send came to."""
        if isinstance(result, RateLimited):
            pause = DEFAULT_RETRY_AFTER if result.retry_after is None else result.retry_after
            self._reopen_at = max(self._reopen_at, now + min(pause, LONGEST_REST))
            self.unused(1)
            return
        self._count(trouble_of(result), now)

    def record_receipt(self, receipt: Receipt, now: float) -> None:
        """Count what the carrier said later; good news alone never closes the breaker."""
        if receipt.failure is FailureClass.CONFIG:
            self._count(Trouble.MISCONFIGURED, now)
        elif receipt.failure in RECEIPT_FAILURES and self._state is State.CLOSED:
            self._count(Trouble.REFUSED, now)

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
            self._rest = min(self._rest * 2, LONGEST_REST)
            self._open(trouble, now)
            return
        self._probes_good += 1
        if self._probes_good >= PROBES:
            self._state, self._returned_at, self._spent = State.RETURNING, now, (0, 0)

    def _open(self, trouble: Trouble, now: float) -> None:
        if self._state is State.RETURNING:
            self._rest = min(self._rest * 2, LONGEST_REST)
        rest = max(self._rest, MISCONFIGURED_REST) if trouble is Trouble.MISCONFIGURED else self._rest
        self._state, self._reopen_at, self.cause = State.OPEN, now + rest, trouble
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

    def _spend(self, wanted: int, now: float) -> int:
        second = int(now - self._returned_at)
        spent = self._spent[1] if self._spent[0] == second else 0
        admitted = 0 if now < self._reopen_at else min(wanted, max(0, self._allowance(now) - spent))
        self._spent = (second, spent + admitted)
        return admitted


class Health:
    """The breakers of all ways out, by (provider, sender), made when first asked for."""

    def __init__(self) -> None:
        self._breakers: dict[tuple[str, str], Breaker] = {}

    def breaker(self, provider: str, sender: str) -> Breaker:
        """The breaker of one way out."""
        return self._breakers.setdefault((provider, sender), Breaker())


def trouble_of(result: SendResult) -> Trouble | None:
    """What a result says against its provider; a refusal for the sake of one person says nothing."""
    match result:
        case Accepted() | RateLimited():
            return None
        case NotSent(reason="validity_too_short" | "no_free_connection"):
            return None
        case NotSent():
            return Trouble.UNREACHABLE
        case Unknown():
            return Trouble.UNANSWERED
        case Rejected(failure=failure, permanent=False) if failure in ACCOUNT_FAILURES:
            return Trouble.MISCONFIGURED
        case Rejected(failure=failure):
            return Trouble.REFUSED if failure in CARRIER_FAILURES else None
        case _:
            assert_never(result)
