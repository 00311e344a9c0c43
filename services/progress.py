"""What a word about an attempt does to it and to its message: pure changes of rows, and what is said of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from campaigns.definition import Step, Unless
from campaigns.outcome import HANDED_OVER, PROVEN_FAILED, advances
from campaigns.person import Suppression
from schemas.enums import AttemptState, Channel, FailureClass
from schemas.outcome_events import ContactPointInvalidated
from schemas.outcome_words import ExpiredReason, InvalidReason, OptSource, UnknownReason
from schemas.values import value
from services import sayings
from services.leaving import leave
from services.publisher import Said
from services.store.attempts import AttemptRow
from services.store.faults import Fault
from services.store.messages import MessageRow

FIRST_LOOK_UP = timedelta(seconds=60)
FIRST_ASKED = timedelta(hours=1)
"""A receipt that has not come by then may be lost."""
_RETRY_TEMPORARY = timedelta(minutes=15)
_MOST_TEMPORARY = 2
_BACKOFF = timedelta(seconds=5)
_LONGEST_BACKOFF = timedelta(minutes=5)
_INVALID = {
    FailureClass.INVALID_ADDRESS: InvalidReason.UNALLOCATED,
    FailureClass.NOT_ON_CHANNEL: InvalidReason.NOT_ON_CHANNEL,
}

StepOf = Callable[[MessageRow], Step | None]


@value
class Word:
    """What was learnt of an attempt, from the provider's answer, a receipt, a look-up, or a lease that ran out.

    `retry_after` in seconds, where nothing was processed and trying again is right.
    """

    state: AttemptState
    provider_ref: str | None = None
    failure: FailureClass | None = None
    code: str | None = None
    permanent: bool = True
    retry_after: float | None = None
    unknown: UnknownReason | None = None
    parts: int | None = None
    known: bool = False
    """What it says of the person was written down by whoever brought it."""
    doubtful: bool = False
    """What it says of a number counts once it was said twice."""
    landline: bool = False


@dataclass(slots=True)
class Progress:
    """Everything that words about attempts changed in one transaction."""

    now: datetime
    attempts: dict[object, AttemptRow] = field(default_factory=dict)
    messages: dict[object, MessageRow] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    suppressions: list[tuple[str, Suppression]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    suspected: frozenset[tuple[str, str]] = frozenset()
    """(debtor, contact point) of those that a provider doubted before."""
    stop_everywhere: bool = False

    def hear(self, message: MessageRow, attempt: AttemptRow, word: Word, step: Step | None) -> bool:
        """Apply a word; False where it comes late and changes nothing but perhaps the provider's name for it."""
        was = AttemptState(attempt.state)
        if attempt.provider_ref is None and word.provider_ref is not None:
            attempt.provider_ref = word.provider_ref
            self.attempts[attempt.id] = attempt
        if not advances(was, word.state):
            return False
        attempt.state, attempt.code = word.state.value, word.code
        attempt.failure = word.failure.value if word.failure else None
        attempt.look_up_at = None
        self.attempts[attempt.id] = attempt
        self.messages[message.id] = message
        self._accepted_first(message, attempt, was, word)
        match word.state:
            case AttemptState.UNKNOWN:
                self._unknown(message, attempt, word)
            case AttemptState.DELIVERED | AttemptState.READ:
                self._arrived(message, attempt, was, word, step)
            case state if state in PROVEN_FAILED:
                self._failed(message, attempt, word, step)
            case _:
                self._conclude(message, attempt, "accepted")
                if attempt.channel != Channel.EMAIL:
                    attempt.look_up_at = self.now + FIRST_ASKED
        return True

    def _accepted_first(self, message: MessageRow, attempt: AttemptRow, was: AttemptState, word: Word) -> None:
        """A receipt may come before the provider's answer: that it was accepted is said before what became of it."""
        handed = word.state in HANDED_OVER or word.state in (AttemptState.FAILED, AttemptState.UNDELIVERED)
        if was in (AttemptState.SENDING, AttemptState.UNKNOWN) and handed:
            self.said.append(sayings.accepted(message, attempt, self.now))

    def _unknown(self, message: MessageRow, attempt: AttemptRow, word: Word) -> None:
        attempt.look_up_at = self.now + FIRST_LOOK_UP
        self._conclude(message, attempt, "unknown")
        self.said.append(sayings.unknown(message, attempt, self.now, word.unknown or UnknownReason.NO_ANSWER))

    def _arrived(
        self, message: MessageRow, attempt: AttemptRow, was: AttemptState, word: Word, step: Step | None
    ) -> None:
        """Delivered, if need be told late: a fallback that waits for its turn is no longer needed."""
        outcome = word.state.value
        if was is not AttemptState.DELIVERED:
            self.said.append(sayings.delivered(message, attempt, self.now))
        if word.state is AttemptState.READ:
            self.said.append(sayings.read(message, attempt, self.now))
        self._conclude(message, attempt, outcome)
        if word.state is AttemptState.DELIVERED:
            self._follow_unread(message, attempt, step)

    def _follow_unread(self, message: MessageRow, attempt: AttemptRow, step: Step | None) -> None:
        """`unless: read`: one more contact, by the next channel, if nobody has read this one in time.

        The message keeps its outcome meanwhile: a follow-up that comes to nothing changes nothing that was said.
        """
        fallback = step.fallback if step else None
        if step is None or fallback is None or fallback.unless is not Unless.READ or attempt.number != 1:
            return
        due_at = attempt.handed_at + fallback.after
        left = [c for c in _channels(step) if c.value not in (*message.tried, attempt.channel)]
        if message.attempts == 1 and message.state == "done" and left and due_at < message.expires_at:
            message.state, message.due_at = "planned", max(due_at, self.now)
            message.tried.append(attempt.channel)
            message.channel = left[0].value

    def _conclude(self, message: MessageRow, attempt: AttemptRow, outcome: str) -> None:
        if message.attempts == attempt.number and message.state in ("claimed", "planned", "done"):
            message.state, message.outcome, message.reason = "done", outcome, None

    def _failed(self, message: MessageRow, attempt: AttemptRow, word: Word, step: Step | None) -> None:
        failure = word.failure or FailureClass.TEMPORARY
        attempt.failure = failure.value
        if attempt.channel == Channel.VOICE and failure is FailureClass.TEMPORARY:
            # Nobody took the call, which is sure; a message that got lost may yet arrive.
            word = replace(word, permanent=False)
        self._learn(message, attempt, failure, word)
        if message.attempts != attempt.number or message.state not in ("claimed", "done"):
            self.said.append(sayings.failed(message, attempt, self.now, permanent=word.permanent))
            return
        retry_at, channel = self._next(message, attempt, word, failure, step)
        if retry_at is not None:
            message.state, message.outcome, message.due_at = "planned", None, retry_at
            self.said.append(
                sayings.failed(message, attempt, self.now, permanent=False, retry_at=retry_at, next_channel=channel)
            )
            message.channel = channel or message.channel
        elif failure is FailureClass.EXPIRED:
            message.state, message.outcome = "expired", "expired"
            self.said.append(sayings.expired(message, self.now, ExpiredReason.VALIDITY))
        else:
            message.state, message.outcome, message.reason = "done", "failed", failure.value
            self.said.append(sayings.failed(message, attempt, self.now, permanent=word.permanent))

    def _next(
        self, message: MessageRow, attempt: AttemptRow, word: Word, failure: FailureClass, step: Step | None
    ) -> tuple[datetime | None, str | None]:
        """When to try again and by which channel; None where the message is over."""
        if failure is FailureClass.OPTED_OUT:
            return None, None
        if word.state is AttemptState.NOT_SENT:
            retry_at = self.now + self._patience(attempt, word)
            return (retry_at, None) if retry_at < message.expires_at else (None, None)
        if step is not None and _may_fall_back(step, attempt) and self.now < message.expires_at:
            message.tried.append(attempt.channel)
            left = [channel for channel in _channels(step) if channel.value not in message.tried]
            if left:
                return self.now, left[0].value
        if not word.permanent and step is not None and step.fallback is None and attempt.number < _MOST_TEMPORARY:
            retry_at = self.now + _RETRY_TEMPORARY
            return (retry_at, None) if retry_at < message.expires_at else (None, None)
        return None, None

    def _patience(self, attempt: AttemptRow, word: Word) -> timedelta:
        if word.retry_after is not None:
            return timedelta(seconds=max(word.retry_after, 0.1))
        doublings = min(attempt.number - 1, 10)
        return min(_BACKOFF * (1 << doublings), _LONGEST_BACKOFF)

    def _learn(self, message: MessageRow, attempt: AttemptRow, failure: FailureClass, word: Word) -> None:
        """A refusal that says something about the person or their contact point is remembered and told."""
        if word.known:
            return
        if failure is FailureClass.OPTED_OUT:
            stop, told = _opted_out(message, attempt, self.now, everywhere=self.stop_everywhere)
            self.suppressions.append((message.debtor_ref, stop))
            self.said.append(told)
        elif failure in _INVALID:
            reason = InvalidReason.HARD_BOUNCE if attempt.channel == Channel.EMAIL else _INVALID[failure]
            reason = InvalidReason.LANDLINE if word.landline else reason
            proven = not word.doubtful or (message.debtor_ref, attempt.contact_point_ref) in self.suspected
            point = attempt.contact_point_ref
            self.faults.append(Fault(message.debtor_ref, point, attempt.channel, reason.value, proven=proven))
            if not proven:
                return
            self.said.append(Said(_invalidated(message, attempt, reason, word, self.now)))


def _may_fall_back(step: Step, attempt: AttemptRow) -> bool:
    """`unless: read` allows a single follow-up, whatever became of it."""
    return step.fallback is not None and (step.fallback.unless is not Unless.READ or attempt.number == 1)


def _opted_out(
    message: MessageRow, attempt: AttemptRow, now: datetime, *, everywhere: bool
) -> tuple[Suppression, Said]:
    return leave(
        message.debtor_ref,
        Channel(attempt.channel),
        source=OptSource.PROVIDER,
        now=now,
        everywhere=everywhere,
        loan_ref=message.loan_ref,
        message_ref=message.id,
        attempt_ref=attempt.id,
        contact_point_ref=attempt.contact_point_ref,
        evidence_ref=str(attempt.id),
    )


def _invalidated(
    message: MessageRow, attempt: AttemptRow, reason: InvalidReason, word: Word, now: datetime
) -> ContactPointInvalidated:
    return ContactPointInvalidated(
        debtor_ref=message.debtor_ref,
        occurred_at=now,
        message_ref=message.id,
        attempt_ref=attempt.id,
        contact_point_ref=attempt.contact_point_ref,
        channel=Channel(attempt.channel),
        reason=reason,
        provider_code=word.code,
    )


def _channels(step: Step) -> tuple[Channel, ...]:
    return step.channels or next((choice.channels for choice in step.choose if choice.channels), ())
