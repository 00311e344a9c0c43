"""What each Twilio channel brings to the account: its parameters, codes, statuses and look-up."""

from collections.abc import Mapping
from typing import Protocol

from twilio.rest import Client

from channels.provider import Accepted, Handover, InboundMessage, Lookup, Receipt, Rejected
from schemas.enums import AttemptState, Channel, FailureClass

Failure = tuple[FailureClass, bool]
"""Why it failed in our words, and whether the same message can't be helped by trying again later.

A CONFIG or SENDER_BLOCKED that is not permanent is about the account or the sender, which people can repair:
health closes the way at once. A permanent CONFIG is about this one destination.
"""

# Codes of the account and of any request (https://www.twilio.com/docs/api/errors).
ACCOUNT_CODES: Mapping[int, Failure] = {
    20003: (FailureClass.CONFIG, False),
    20005: (FailureClass.CONFIG, False),
    20404: (FailureClass.CONFIG, False),
    30002: (FailureClass.CONFIG, False),
    20429: (FailureClass.RATE_LIMITED, False),
    14107: (FailureClass.RATE_LIMITED, False),
    21201: (FailureClass.INVALID_ADDRESS, True),
    21211: (FailureClass.INVALID_ADDRESS, True),
    21217: (FailureClass.INVALID_ADDRESS, True),
    21401: (FailureClass.INVALID_ADDRESS, True),
    21604: (FailureClass.INVALID_ADDRESS, True),
    21215: (FailureClass.CONFIG, True),
    13227: (FailureClass.CONFIG, True),
}

CONGESTED = frozenset({30008, 30017, 30410, 63009, 63010, 63012})
"""Temporary failures of the carriers' own; 30003 is a phone that is off."""
LANDLINE = frozenset({21614, 21635})
"""The number takes calls and no messages."""
DOUBTFUL = frozenset({30005, 30006})
"""Unknown handset, landline or unreachable carrier: said of good numbers too while they move between carriers."""


class TwilioChannel(Protocol):
    """One channel of a Twilio account."""

    channel: Channel
    codes: Mapping[int, Failure]
    least_seconds: float
    """With less time left until the end of what is permitted, nothing is handed over."""

    def owns(self, form: Mapping[str, str]) -> bool:
        """Whether a callback is about this channel."""

    async def create(self, client: Client, handover: Handover) -> Accepted | Rejected:
        """Ask once, or refuse what could not be asked for.

        Raises what the SDK and the transport raise, ValueError for an answer without a name.
        """

    async def candidates(self, client: Client, lookup: Lookup) -> list[Receipt]:
        """Everything the account lists that could be this attempt."""

    async def named(self, client: Client, provider_ref: str) -> Receipt:
        """What has become of the one that the account knows by this name."""

    def receipt(self, form: Mapping[str, str]) -> Receipt | None:
        """The receipt in a callback."""

    def inbound(self, form: Mapping[str, str]) -> InboundMessage | None:
        """The reply in a callback."""


def receipt_of(
    ref: str,
    *,
    status: str,
    code: str | None,
    statuses: Mapping[str, AttemptState],
    codes: Mapping[int, Failure],
    sender: str | None = None,
) -> Receipt:
    """A receipt in our words; an unknown status has no state, an unknown code no class of failure."""
    state = statuses.get(status)
    failed = state in (AttemptState.FAILED, AttemptState.UNDELIVERED)
    number = int(code) if failed and code and code.isdecimal() else None
    known = codes.get(number) if number is not None else None
    return Receipt(
        provider_ref=ref,
        state=state,
        status=status,
        failure=known[0] if known else None,
        code=code or None,
        congested=number in CONGESTED,
        doubtful=number in DOUBTFUL,
        sender=sender,
    )
