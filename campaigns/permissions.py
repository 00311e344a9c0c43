"""What consents, suppressions, holds and promises do, whoever sends them."""

from datetime import UTC, date, datetime, time, timedelta

from campaigns.book import Book, ConsentEntry, Trigger
from campaigns.facts import ConsentFact, ContactFact
from campaigns.holds import hold_loan, release
from campaigns.person import Hold, Promise, Suppression
from schemas.consent_events import ConsentChanged, ContactSuppressed, ContactUnsuppressed, SuppressionScope
from schemas.contact_events import ContactOutcome, ContactRecorded, ContactWay, TaskClosed
from schemas.enums import Channel
from schemas.lending_events import PauseEvent, PromiseBroken, PromiseEvent

CORE = "core"
REPLY = "reply"
GRACE = timedelta(days=1)
SPOKEN = frozenset({ContactOutcome.ANSWERED, ContactOutcome.RIGHT_PARTY})
"""Outcomes of a call that count as a conversation with the debtor: who answered is not doubted in our favour."""
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
_SCOPE = {
    SuppressionScope.PERSON: "person",
    SuppressionScope.CHANNEL: "channel",
    SuppressionScope.LOAN: "loan",
    SuppressionScope.CONTACT_POINT: "contact_point",
}
_CHANNEL = {
    ContactWay.CALL: Channel.VOICE,
    ContactWay.VISIT: Channel.VOICE,
    ContactWay.SMS: Channel.SMS,
    ContactWay.WHATSAPP: Channel.WHATSAPP,
    ContactWay.EMAIL: Channel.EMAIL,
    ContactWay.LETTER: Channel.EMAIL,
}


def consent_changed(book: Book, event: ConsentChanged, at: datetime) -> None:
    """Append a consent; the latest by its own date counts, whatever the order of arrival."""
    fact = ConsentFact(event.channel, event.purpose, event.state, event.effective_at)
    person = book.people[event.debtor_ref]
    if fact not in person.consents:
        person.consents.append(fact)
        book.changes.consents.append(ConsentEntry(event.debtor_ref, fact, event.captured_via, event.evidence_ref))


def suppressed(book: Book, event: ContactSuppressed, at: datetime) -> None:
    """Append a stop."""
    since = event.since or at
    scope = _SCOPE[event.scope]
    row = Suppression(
        kind="suppress",
        scope=scope,
        reason=event.reason,
        since=since,
        until=event.until,
        channel=event.channel.value if event.channel and scope == "channel" else None,
        loan_ref=event.loan_ref if scope == "loan" else None,
        contact_point_ref=event.contact_point_ref if scope == "contact_point" else None,
        source=CORE,
    )
    suppress(book, event.debtor_ref, row)


def suppress(book: Book, debtor_ref: str, row: Suppression) -> None:
    """Append a stop from wherever, and end the campaigns that stop on it."""
    book.people[debtor_ref].suppressions.append(row)
    book.changes.suppressions.append((debtor_ref, row))
    if row.scope in ("person", "loan"):
        word = row.reason if row.reason in ("opt_out", "dispute") else "hold"
        book.changes.triggers.append(Trigger(word, debtor_ref, row.loan_ref))
    elif row.reason == "opt_out":
        book.changes.triggers.append(Trigger("opt_out", debtor_ref))


def opt_out(channel: str | None, now: datetime) -> Suppression:
    """A stop the debtor asked for: by one channel, or by all where none is named."""
    return _own_word("suppress", channel, now)


def opt_in(channel: str | None, now: datetime) -> Suppression:
    """The debtor takes back a stop, by one channel, or by all where none is named."""
    return _own_word("lift", channel, now)


def _own_word(kind: str, channel: str | None, now: datetime) -> Suppression:
    return Suppression(
        kind=kind,
        scope="channel" if channel else "person",
        reason="opt_out",
        since=now,
        until=None,
        channel=channel,
        loan_ref=None,
        contact_point_ref=None,
        source=REPLY,
    )


def unsuppressed(book: Book, event: ContactUnsuppressed, at: datetime) -> None:
    """Append that a stop is over; what the debtor asked for by a reply is never lifted by another system."""
    scope = _SCOPE[event.scope]
    row = Suppression(
        kind="lift",
        scope=scope,
        reason=event.reason or "any",
        since=at,
        until=None,
        channel=event.channel.value if event.channel and scope == "channel" else None,
        loan_ref=event.loan_ref if scope == "loan" else None,
        contact_point_ref=event.contact_point_ref if scope == "contact_point" else None,
        source=CORE,
    )
    book.people[event.debtor_ref].suppressions.append(row)
    book.changes.suppressions.append((event.debtor_ref, row))


def paused(book: Book, event: PauseEvent, at: datetime) -> None:
    """Hold one loan."""
    until = None if event.until is None else _latest(event.until)
    hold_loan(book, book.loan(event.loan_ref), Hold(event.reason.value, _earliest(event.starts), until, CORE))


def resumed(book: Book, event: PauseEvent, at: datetime) -> None:
    """End what `paused` began, at once or when the event says."""
    release(book, book.loan(event.loan_ref).holds, source=CORE, at=max(at, _earliest(event.starts)))


def promise_made(book: Book, event: PromiseEvent, at: datetime) -> None:
    """Hold the loan until the promised day and its grace are over."""
    loan = book.loan(event.loan_ref)
    key = (loan.loan_ref, event.promise_ref, event.promised_for)
    if any(p.promise_ref == event.promise_ref and p.promised_for == event.promised_for for p in loan.promises):
        return
    promise = Promise(event.promise_ref, event.promised_for, event.amount, "made", at, event.made_via)
    loan.promises.append(promise)
    book.changes.promises[key] = promise
    until = _latest(event.promised_for) + GRACE
    hold_loan(book, loan, Hold("promise", at, until, f"promise:{event.promise_ref}"))


def promise_settled(book: Book, event: PromiseEvent, at: datetime) -> None:
    """A promise was kept or broken: the loan's hold is over either way."""
    loan = book.loan(event.loan_ref)
    for promise in loan.promises:
        if promise.promise_ref == event.promise_ref:
            promise.state = "broken" if isinstance(event, PromiseBroken) else "kept"
            book.changes.promises[loan.loan_ref, promise.promise_ref, promise.promised_for] = promise
    release(book, loan.holds, source=f"promise:{event.promise_ref}", at=at)


def contact_recorded(book: Book, event: ContactRecorded, at: datetime) -> None:
    """Somebody else contacted the debtor: it counts."""
    spoken = event.channel is ContactWay.CALL and event.outcome in SPOKEN
    fact = ContactFact(event.at, _CHANNEL[event.channel], event.loan_ref, "delivered", spoken)
    if event.debtor_ref is not None:
        book.people[event.debtor_ref].history.append(fact)
    book.changes.contacts.append(event)


def task_closed(book: Book, event: TaskClosed, at: datetime) -> None:
    """A person decided: the hold that waited for them is over."""
    book.changes.closed_tasks.append(event)
    if event.debtor_ref is None:
        return
    person = book.people[event.debtor_ref]
    for holds in (person.holds, *(loan.holds for loan in person.loans.values())):
        release(book, holds, source=f"task:{event.task_ref}", at=at)


def _earliest(moment: date | datetime) -> datetime:
    """The first instant of a day anywhere on Earth."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC) - _EAST


def _latest(moment: date | datetime) -> datetime:
    """The end of a day everywhere on Earth."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC) + timedelta(days=1) + _WEST
