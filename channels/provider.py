"""The contract between the dispatcher and every provider: five answers to a send, three to a look-up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from schemas.enums import AttemptState, Channel, FailureClass
from schemas.message import RenderedMessage
from schemas.values import value

THROTTLED = "429"
"""The code of a RateLimited that is about the account's open calls; any other is about one sender."""


@value
class Handover:
    """One attempt as a provider needs it; `validity` ends with the permitted window.

    `answer_url` is where a call asks what to say once it is answered; other channels have no use for it. Mail alone
    has use for `unsubscribe_url`, its one-click exit (RFC 8058), `mail_token`, which stands in its return address and
    tells bounces and replies apart, and `feedback_id`, by which mailbox providers count complaints.
    """

    attempt_id: UUID
    to: str
    sender: str
    content: RenderedMessage
    validity: timedelta | None
    callback_url: str
    answer_url: str | None = None
    unsubscribe_url: str | None = None
    mail_token: str | None = None
    feedback_id: str | None = None


@value
class Accepted:
    """The provider took it, and named it."""

    provider_ref: str
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider refused it, so it was not handed over; `permanent` says whether trying later can help.

    `landline` says that the number takes calls and no messages.
    """

    failure: FailureClass
    code: str
    permanent: bool
    landline: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class RateLimited:
    """The provider processed nothing and asks for patience; `retry_after` in seconds where it told."""

    retry_after: float | None
    code: str = THROTTLED


@dataclass(frozen=True, slots=True)
class NotSent:
    """Proven not sent: no byte of the request left (refused, DNS, TLS, no free connection)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No clear answer; it may have been handed over, and is never sent again by the machine.

    `reason` is one of no_answer, server_error, disconnected, lease_expired.
    """

    reason: str
    code: str | None = None


SendResult = Accepted | Rejected | RateLimited | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is known of an attempt whose answer never came, or, where `provider_ref` names it, whose receipt did not.

    `matches` tells whether a text is the one handed over.
    """

    attempt_id: UUID
    channel: Channel
    to: str
    sender: str
    text: str | None
    started_at: datetime
    ended_at: datetime
    matches: Callable[[str], bool] | None = None
    provider_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The provider has it, under this name and in this state."""

    provider_ref: str
    receipt: "Receipt"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider does not list it; this proves nothing."""


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """The provider could not be asked, or more than one message fits."""

    reason: str


LookupResult = Found | NotFound | Inconclusive


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on an attempt, normalised; `state` is None for a word not known (stored only).

    `congested` marks a temporary failure that is the carrier's and not the person's, whose phone may just be off.
    `sender` is ours, where the word names it. `doubtful` says that a number was called useless by a word that has been
    wrong before: it takes a second one to believe it.
    """

    provider_ref: str
    state: AttemptState | None
    status: str
    failure: FailureClass | None = None
    code: str | None = None
    congested: bool = False
    doubtful: bool = False
    sender: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A reply as it came: sender's number canonicalised to E.164, text untouched.

    `answers` is the attempt it answers, where the reply itself names it.
    """

    provider_ref: str
    channel: Channel
    from_address: str
    to_address: str
    text: str
    button: str | None = None
    opt_out_hint: str | None = None
    answers: UUID | None = None


class Provider(Protocol):
    """A provider account; owns its connections, never retries a send."""

    id: str
    channels: Sequence[Channel]

    async def send(self, handover: Handover) -> SendResult:
        """Hand one attempt over with at most one request that sends."""

    async def find(self, lookup: Lookup) -> LookupResult:
        """Look up an attempt whose answer, or whose receipt, never came."""

    def verify_callback(self, url: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
        """Whether a callback was signed by this provider; `url` is the public address it was sent to."""

    def parse_receipt(self, form: Sequence[tuple[str, str]]) -> Receipt | None:
        """The receipt in a verified callback, None where it holds none."""

    def parse_inbound(self, form: Sequence[tuple[str, str]]) -> InboundMessage | None:
        """The reply in a verified callback, None where it holds none."""

    def available(self) -> int:
        """How many more sends could start at once (free connections)."""

    async def close(self) -> None:
        """Let go of all connections."""
