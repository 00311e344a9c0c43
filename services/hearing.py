"""What a reply means for what we may still send: stops, wrong persons, promises, holds, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from campaigns.book import Book
from campaigns.holds import hold_loan, hold_person
from campaigns.permissions import GRACE, opt_in, suppress
from campaigns.person import Hold, Loan, Promise
from campaigns.question import standing_suppressions
from campaigns.replies import HoldReason, Intent, ReplyMeaning, StopScope, Task
from campaigns.replies.menu import Choice
from channels.provider import InboundMessage
from schemas import outcome_words as words
from schemas.money import NO_CURRENCY, Money
from schemas.outcome_events import (
    ContactPointInvalidated,
    DisputeRaised,
    Instalment,
    OptInRecorded,
    PaymentClaimed,
    PromiseRecorded,
    ReplyReceived,
    TaskCreated,
)
from services.ids import uuid7
from services.leaving import leave
from services.publisher import Said
from services.store.faults import Fault
from services.store.tasks import TaskRow
from services.writers import Answered

_TASK_OF_HOLD = {
    HoldReason.DECEASED: Task.COMPLAINT,
    HoldReason.THREAT: Task.COMPLAINT,
    HoldReason.LAWYER: Task.COMPLAINT,
    HoldReason.DISPUTE: Task.COMPLAINT,
}


@dataclass(slots=True)
class Hearing:
    """One reply while it is taken to heart."""

    reply_id: UUID
    inbound: InboundMessage
    meaning: ReplyMeaning
    owners: Sequence[tuple[str, str]]
    answered: Answered
    book: Book
    now: datetime
    said: list[Said]
    tasks: list[TaskRow]
    faults: list[Fault]
    provider: str = ""
    choice: Choice | None = None
    """What was chosen of the menu that we sent."""
    stop_everywhere: bool = False
    stopped_now: bool = False
    """Whether this reply stopped what nothing had stopped before."""

    @property
    def stops_every_channel(self) -> bool:
        """Whether the words of a stop mean every channel."""
        return self.meaning.stop is StopScope.EVERY_CHANNEL

    @property
    def opts_in(self) -> bool:
        """Whether messages are wanted again."""
        return self.meaning.intent is Intent.OPT_IN and self.meaning.stop is None

    @property
    def debtor(self) -> str | None:
        """Who wrote, as far as we can tell: of all with this number, the one contacted last."""
        return self.owners[0][0] if self.owners else None

    @property
    def loan(self) -> Loan | None:
        """The loan the reply is about: that of the message it answers, else the debtor's only one."""
        if self.debtor is None:
            return None
        loans = self.book.people[self.debtor].loans
        if self.answered.loan_ref in loans:
            return loans[self.answered.loan_ref]
        return next(iter(loans.values())) if len(loans) == 1 else None


def take_to_heart(hearing: Hearing) -> None:
    """What a reply means for what we may still send; stops and wrong persons reach everyone with the number."""
    meaning = hearing.meaning
    hearing.said.append(Said(_received(hearing)))
    if meaning.stop is not None:
        _stop(hearing)
    if meaning.wrong_person:
        _wrong_person(hearing)
    if hearing.debtor is None:
        return
    if hearing.opts_in:
        _opt_in(hearing, hearing.debtor)
    hold, loan = meaning.hold, hearing.loan
    if meaning.promise and meaning.stop is None and loan is not None:
        _promise(hearing, loan)
    elif meaning.promise and meaning.stop is None:
        # Of several loans nobody can tell which: people do, and until then nothing more is sent.
        hold = hold or HoldReason.UNCLEAR
    if hold is not None:
        _hold(hearing, hearing.debtor, hold)
    elif meaning.task is not None or meaning.intent is Intent.AGENT:
        _task(hearing, meaning.task or Task.CALL_BACK, meaning.intent.value)


def _received(hearing: Hearing) -> ReplyReceived:
    meaning = hearing.meaning
    return ReplyReceived(
        debtor_ref=hearing.debtor,
        loan_ref=hearing.loan.loan_ref if hearing.loan else None,
        occurred_at=hearing.now,
        reply_ref=hearing.reply_id,
        channel=hearing.inbound.channel,
        intent=words.Intent(meaning.intent.value),
        confidence=meaning.confidence,
        promise=_instalments(meaning) or None,
        message_ref=hearing.answered.message_id,
        in_reply_to=hearing.answered.message_id,
        text_ref=str(hearing.reply_id),
    )


def _instalments(meaning: ReplyMeaning) -> tuple[Instalment, ...]:
    return tuple(Instalment(date=part.date, amount=_amount(part)) for part in meaning.promise)


def _amount(part: Any) -> Any:
    if part.amount is None:
        return None
    return Money(part.amount, part.currency) if part.currency else part.amount


def _stop(hearing: Hearing) -> None:
    """A stop from nobody we know is told too; it is kept for whoever it turns out to be."""
    channel = None if hearing.stops_every_channel else hearing.inbound.channel
    owners: Sequence[tuple[str | None, str | None]] = hearing.owners or [(None, None)]
    for debtor_ref, contact_point_ref in owners:
        stop, told = leave(
            debtor_ref,
            channel,
            source=words.OptSource.REPLY,
            now=hearing.now,
            everywhere=hearing.stop_everywhere,
            reply_ref=hearing.reply_id,
            message_ref=hearing.answered.message_id,
            contact_point_ref=contact_point_ref,
            evidence_ref=str(hearing.reply_id),
        )
        if debtor_ref is not None:
            hearing.stopped_now |= debtor_ref == hearing.debtor and not _stopped(hearing, debtor_ref, stop.channel)
            suppress(hearing.book, debtor_ref, stop)
        hearing.said.append(told)


def _stopped(hearing: Hearing, debtor_ref: str, channel: str | None) -> bool:
    """Whether the person had left before, by this channel or by all."""
    standing = standing_suppressions(hearing.book.people[debtor_ref].suppressions)
    return any(stop.reason == "opt_out" and stop.channel in (None, channel) for stop in standing)


def _wrong_person(hearing: Hearing) -> None:
    for debtor_ref, contact_point_ref in hearing.owners:
        reason = words.InvalidReason.WRONG_PERSON
        hearing.faults.append(Fault(debtor_ref, contact_point_ref, None, reason.value))
        outcome = ContactPointInvalidated(
            debtor_ref=debtor_ref,
            occurred_at=hearing.now,
            reply_ref=hearing.reply_id,
            contact_point_ref=contact_point_ref,
            channel=hearing.inbound.channel,
            reason=reason,
        )
        hearing.said.append(Said(outcome))


def _opt_in(hearing: Hearing, debtor_ref: str) -> None:
    channel = hearing.inbound.channel
    suppress_lift = opt_in(channel.value, hearing.now)
    hearing.book.people[debtor_ref].suppressions.append(suppress_lift)
    hearing.book.changes.suppressions.append((debtor_ref, suppress_lift))
    outcome = OptInRecorded(
        debtor_ref=debtor_ref,
        occurred_at=hearing.now,
        reply_ref=hearing.reply_id,
        channel=channel,
        source=words.OptSource.REPLY,
        effective_at=hearing.now,
        evidence_ref=str(hearing.reply_id),
    )
    hearing.said.append(Said(outcome))


def _promise(hearing: Hearing, loan: Loan) -> None:
    """A promise holds its loan until the last promised day and the grace are over."""
    promise_id = uuid7()
    for part in hearing.meaning.promise:
        currency = part.currency or loan.known_currency or NO_CURRENCY
        amount = Money(part.amount, currency) if part.amount is not None else None
        promise = Promise(str(promise_id), part.date, amount, "made", hearing.now, "reply")
        loan.promises.append(promise)
        hearing.book.changes.promises[loan.loan_ref, promise.promise_ref, promise.promised_for] = promise
    last = max(part.date for part in hearing.meaning.promise)
    hold_loan(hearing.book, loan, Hold("promise", hearing.now, _end_of(last), f"promise:{promise_id}"))
    outcome = PromiseRecorded(
        debtor_ref=hearing.debtor,
        loan_ref=loan.loan_ref,
        occurred_at=hearing.now,
        reply_ref=hearing.reply_id,
        promise_ref=promise_id,
        instalments=_instalments(hearing.meaning),
        made_via="reply",
    )
    hearing.said.append(Said(outcome))


def _hold(hearing: Hearing, debtor_ref: str, reason: HoldReason) -> None:
    """Nothing more is sent until a person has decided; closing the task ends the hold."""
    task = _task(hearing, hearing.meaning.task or _TASK_OF_HOLD.get(reason, Task.UNCLEAR_REPLY), reason.value)
    person = hearing.book.people[debtor_ref]
    hold_person(hearing.book, person, Hold(reason.value, hearing.now, None, f"task:{task.id}"))
    common = {
        "debtor_ref": debtor_ref,
        "loan_ref": hearing.loan.loan_ref if hearing.loan else None,
        "occurred_at": hearing.now,
        "reply_ref": hearing.reply_id,
        "message_ref": hearing.answered.message_id,
        "channel": hearing.inbound.channel,
        "text_ref": str(hearing.reply_id),
    }
    if reason is HoldReason.DISPUTE:
        hearing.said.append(Said(DisputeRaised(**common)))
    elif reason is HoldReason.PAID_CLAIM:
        hearing.said.append(Said(PaymentClaimed(**common)))


def _task(hearing: Hearing, kind: Task, reason: str) -> TaskRow:
    task = TaskRow(
        id=uuid7(),
        debtor_ref=hearing.debtor,
        loan_ref=hearing.loan.loan_ref if hearing.loan else None,
        message_id=hearing.answered.message_id,
        type=kind.value,
        queue=None,
        reason=reason,
        due_at=None,
    )
    hearing.tasks.append(task)
    outcome = TaskCreated(
        debtor_ref=task.debtor_ref,
        loan_ref=task.loan_ref,
        occurred_at=hearing.now,
        task_ref=task.id,
        type=words.TaskType(task.type),
        reason=reason,
        message_ref=task.message_id,
        reply_ref=hearing.reply_id,
    )
    hearing.said.append(Said(outcome))
    return task


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1, hours=12) + GRACE
