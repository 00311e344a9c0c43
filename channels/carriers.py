"""What carriers say of a sender's messages after the provider took them, counted: the other half of health.

Receipts come to whichever process has the API; the counts, and not the receipts, go to those that send.
"""

from collections import deque
from dataclasses import dataclass

from channels.provider import Receipt
from schemas.enums import AttemptState, FailureClass

WINDOW_SECONDS = 60.0
REFUSALS = 20
SHARE = 0.3
"""Of all receipts: a message that is delivered sends two, one that comes to nothing two as well, "sent" and the end."""

GOOD = frozenset({AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ})
BAD = frozenset({AttemptState.FAILED, AttemptState.UNDELIVERED})
REFUSALS_OF_CARRIERS = frozenset({FailureClass.BLOCKED, FailureClass.SENDER_BLOCKED})


@dataclass(frozen=True, slots=True)
class CarrierWord:
    """How many receipts brought good news, a refusal of the carrier's, or word of an account that is at fault."""

    good: int = 0
    refused: int = 0
    misconfigured: int = 0

    def __add__(self, other: "CarrierWord") -> "CarrierWord":
        return CarrierWord(
            self.good + other.good, self.refused + other.refused, self.misconfigured + other.misconfigured
        )

    def __sub__(self, other: "CarrierWord") -> "CarrierWord":
        return CarrierWord(
            self.good - other.good, self.refused - other.refused, self.misconfigured - other.misconfigured
        )


_GOOD, _REFUSED, _MISCONFIGURED, NOTHING = (
    CarrierWord(good=1),
    CarrierWord(refused=1),
    CarrierWord(misconfigured=1),
    CarrierWord(),
)


def word_of(receipt: Receipt) -> CarrierWord:
    """What a receipt says of the way it came by; a failure for the sake of one person says nothing.

    A carrier may bar a sender for one country alone, so that closes the way by its rate only.
    """
    if receipt.state in GOOD:
        return _GOOD
    if receipt.state not in BAD:
        return NOTHING
    if receipt.failure is FailureClass.CONFIG:
        return _MISCONFIGURED
    return _REFUSED if receipt.congested or receipt.failure in REFUSALS_OF_CARRIERS else NOTHING


class CarrierWindow:
    """The last minute's receipts of one sender."""

    def __init__(self) -> None:
        self._words: deque[tuple[float, CarrierWord]] = deque()
        self._sum = NOTHING

    def is_too_much(self, word: CarrierWord, now: float) -> bool:
        """Take in some more; whether too many of the window's are refusals."""
        self._words.append((now, word))
        self._sum += word
        while self._words[0][0] <= now - WINDOW_SECONDS:
            self._sum -= self._words.popleft()[1]
        refused = self._sum.refused
        return refused >= REFUSALS and refused >= SHARE * (self._sum.good + refused)

    def clear(self) -> None:
        """Forget everything."""
        self._words.clear()
        self._sum = NOTHING
