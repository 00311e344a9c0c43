"""How the simulated Twilio behaves: settings that hold for all, and numbers that go wrong on purpose."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from random import Random
from typing import Self

# A number of the form +52 656 99 ccccc acts as its last five digits say: a code of Twilio's or a Fault.
MAGIC_PREFIX = "+5265699"
ASYNCHRONOUS_CODES = range(30_000, 70_000)


class Fault(StrEnum):
    """What can happen to one request or to its receipts; the values are the last digits of magic numbers."""

    UNREADABLE = "00201"
    THROTTLED = "00429"
    ERROR_BEFORE = "00500"
    ERROR_AFTER = "00501"
    LOST_ANSWER = "00502"
    LOST_REQUEST = "00503"
    HANG = "00504"
    RECEIPTS_LOST = "00601"
    RECEIPTS_REPEATED = "00602"
    RECEIPTS_REVERSED = "00603"
    RECEIPTS_LATE = "00604"
    CALL_BUSY = "00701"
    CALL_NO_ANSWER = "00702"
    CALL_FAILED = "00703"


@dataclass(slots=True)
class SimulatorSettings:
    """Knobs of the simulator; rates are shares of requests or messages from 0 to 1, times are seconds.

    In a call, `digits` are what a callee presses, one item a question, or `callers` has by number: "" is silence,
    "hangup" ends the call. Numbers in `machines` are answered by one. `agent` is how a transfer ends, and
    `script_requests` how often each address of a script is asked, as where an answer comes late.
    """

    latency: float = 0.0
    latency_sigma: float = 0.0
    throttled: float = 0.0
    retry_after: int = 1
    error_before: float = 0.0
    error_after: float = 0.0
    lost_answer: float = 0.0
    lost_request: float = 0.0
    hang: float = 0.0
    receipts: tuple[str, ...] = ("sent", "delivered")
    receipt_delay: float = 0.05
    receipts_late_by: float = 5.0
    receipts_lost: float = 0.0
    receipts_repeated: float = 0.0
    receipts_reversed: float = 0.0
    receipts_late: float = 0.0
    callback_attempts: int = 4
    digits: tuple[str, ...] = ()
    callers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    machines: tuple[str, ...] = ()
    agent: str = "completed"
    script_requests: int = 1
    codes: dict[str, int] = field(default_factory=dict)
    seed: int = 1

    def update(self, changes: dict[str, object]) -> None:
        """Change some of the knobs; raises ValueError that names one unknown or of the wrong kind."""
        known = {each.name: each for each in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"{name}: no such setting; there are {', '.join(sorted(known))}")
            setattr(self, name, _converted(name, value, getattr(self, name)))


class Behaviour:
    """Draws what happens to each message; the same seed draws the same."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self._random = Random(settings.seed)

    @classmethod
    def fresh(cls) -> Self:
        """Everything goes well, at once."""
        return cls(SimulatorSettings())

    def latency(self) -> float:
        """Seconds until the answer: the median, spread log-normally by `latency_sigma`."""
        settings = self.settings
        if not settings.latency_sigma:
            return settings.latency
        return settings.latency * self._random.lognormvariate(0.0, settings.latency_sigma)

    def code_of(self, to: str) -> int | None:
        """The error code a number answers with, by the settings or by its own digits."""
        if to in self.settings.codes:
            return self.settings.codes[to]
        digits = _magic_digits(to)
        return int(digits) if digits and int(digits) >= 10_000 else None

    def keys_of(self, number: str) -> tuple[str, ...]:
        """What a number presses in a call, one item a question."""
        return self.settings.callers.get(number, self.settings.digits)

    def fault_of(self, to: str) -> Fault | None:
        """What goes wrong with this request, by the number or by chance."""
        return _magic_fault(to) or self._drawn(
            (self.settings.throttled, Fault.THROTTLED),
            (self.settings.error_before, Fault.ERROR_BEFORE),
            (self.settings.error_after, Fault.ERROR_AFTER),
            (self.settings.lost_answer, Fault.LOST_ANSWER),
            (self.settings.lost_request, Fault.LOST_REQUEST),
            (self.settings.hang, Fault.HANG),
        )

    def receipt_fault_of(self, to: str) -> Fault | None:
        """What goes wrong with this message's receipts, by the number or by chance."""
        return _magic_fault(to) or self._drawn(
            (self.settings.receipts_lost, Fault.RECEIPTS_LOST),
            (self.settings.receipts_repeated, Fault.RECEIPTS_REPEATED),
            (self.settings.receipts_reversed, Fault.RECEIPTS_REVERSED),
            (self.settings.receipts_late, Fault.RECEIPTS_LATE),
        )

    def _drawn(self, *chances: tuple[float, Fault]) -> Fault | None:
        return next((fault for rate, fault in chances if rate and self._random.random() < rate), None)


def _magic_digits(to: str) -> str | None:
    plain = to.removeprefix("whatsapp:")
    return plain[len(MAGIC_PREFIX) :] if plain.startswith(MAGIC_PREFIX) and len(plain) == 13 else None


def _magic_fault(to: str) -> Fault | None:
    digits = _magic_digits(to)
    return next((fault for fault in Fault if fault == digits), None) if digits else None


def _converted(name: str, value: object, present: object) -> object:
    match present:
        case tuple() if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        case dict() if name == "callers" and isinstance(value, dict):
            return {str(number): tuple(map(str, keys)) for number, keys in value.items()}
        case dict() if isinstance(value, dict):
            return {str(number): int(code) for number, code in value.items()}
        case str() if isinstance(value, str):
            return value
        case int() if isinstance(value, int):
            return value
        case float() if isinstance(value, int | float):
            return float(value)
    raise ValueError(f"{name}: expected {type(present).__name__}, got {type(value).__name__}")
