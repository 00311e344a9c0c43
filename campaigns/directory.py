"""What snapshots of the debtor directory do: who the debtor is, how they may be reached, which loans are theirs."""

from datetime import datetime

from campaigns.book import Book, ConsentEntry, Trigger
from campaigns.facts import ConsentFact
from campaigns.holds import end_hold, hold_person
from campaigns.person import Hold, Person
from campaigns.zones import zone_clock
from schemas.debtor_events import DebtorDeactivated, DebtorLoan, DebtorPatched, DebtorUpserted, Preferences
from schemas.lending_events import LoanRole

DIRECTORY = "directory"
_PLAIN = frozenset({"language", "country", "region", "segment", "risk_score"})


def upserted(book: Book, event: DebtorUpserted, at: datetime) -> None:
    """Take over a full snapshot, unless we know a newer one."""
    person = book.people[event.debtor_ref]
    if _older(person, event, at):
        return
    person.state, person.revision, person.snapshot_at = "active", event.revision, at
    person.status = event.status.value
    person.language, person.country, person.region = event.language, event.country, event.region
    person.timezone = _zone(event)
    person.segment, person.risk_score = event.segment, event.risk_score
    person.tags = list(event.tags)
    _preferences(person, event)
    book.changes.erased.discard(person.debtor_ref)
    book.changes.snapshots[person.debtor_ref] = (event, at)
    _directory_holds(book, person, event, at)
    _relations(book, person, event, at)


def patched(book: Book, event: DebtorPatched, at: datetime) -> None:
    """Take over what a source that knows a debtor in part tells; the rest, and the revision, stay.

    Whoever was erased stays so, and whoever was deactivated comes back by a told status alone.
    """
    person = book.people[event.debtor_ref]
    if person.state == "erased":
        return
    if person.snapshot_at is None or at >= person.snapshot_at:
        _patch(person, event, at)
        book.changes.snapshots[person.debtor_ref] = (_joined(book, event), at)
        if "suppression" in event.model_fields_set:
            _directory_holds(book, person, event, at)
    _relations(book, person, event, at)


def deactivated(book: Book, event: DebtorDeactivated, at: datetime) -> None:
    """The lender no longer deals with this debtor."""
    person = book.people[event.debtor_ref]
    person.state, person.snapshot_at = "deactivated", at
    book.changes.debtors.add(person.debtor_ref)
    book.changes.triggers.append(Trigger("ended", person.debtor_ref))


def erase(book: Book, debtor_ref: str, at: datetime) -> None:
    """Forget who the debtor is: the key and all that it sealed; the ledger of what was done stays."""
    person = book.people[debtor_ref]
    person.state, person.snapshot_at = "erased", at
    person.person_key = person.sealed = None
    person.language = person.country = person.region = person.timezone = person.segment = None
    person.risk_score = person.window_from = person.window_until = None
    person.tags, person.preferred_channels, person.number_zones = [], [], ()
    book.changes.debtors.add(debtor_ref)
    book.changes.snapshots.pop(debtor_ref, None)
    book.changes.erased.add(debtor_ref)
    book.changes.triggers.append(Trigger("ended", debtor_ref))


def _patch(person: Person, event: DebtorPatched, at: datetime) -> None:
    told = event.model_fields_set
    if "status" in told or person.state == "awaited":
        person.state, person.status = "active", event.status.value
    person.snapshot_at = at
    for name in _PLAIN & told:
        setattr(person, name, getattr(event, name))
    if "timezone" in told:
        person.timezone = _zone(event)
    if "tags" in told:
        person.tags = list(event.tags)
    if event.preferences is not None:
        _wishes(person, event.preferences)


def _joined(book: Book, event: DebtorPatched) -> DebtorUpserted:
    """The patch on top of a snapshot of the same batch, whose names and addresses are not stored yet."""
    earlier = book.changes.snapshots.get(event.debtor_ref)
    if earlier is None:
        return event
    told = {name: getattr(event, name) for name in event.model_fields_set}
    kinds = {point.kind for point in event.contact_points}
    kept = [point for point in earlier[0].contact_points if point.kind not in kinds]
    return earlier[0].model_copy(update={**told, "contact_points": (*event.contact_points, *kept)})


def _relations(book: Book, person: Person, event: DebtorUpserted, at: datetime) -> None:
    """Consents and loans are added to; a snapshot without them takes none away."""
    book.changes.debtors.add(person.debtor_ref)
    _consents(book, person, event, at)
    for loan in event.loans:
        _loan(book, event.debtor_ref, loan, at)


def _zone(event: DebtorUpserted) -> str | None:
    return event.timezone if event.timezone and zone_clock(event.timezone) else None


def _older(person: Person, event: DebtorUpserted, at: datetime) -> bool:
    """Whether we know a newer word; after an erasure only a word that is truly newer begins anew."""
    erased = person.state == "erased"
    if person.revision is not None and event.revision is not None:
        return event.revision < person.revision or (erased and event.revision == person.revision)
    return person.snapshot_at is not None and (at < person.snapshot_at or (erased and at == person.snapshot_at))


def _preferences(person: Person, event: DebtorUpserted) -> None:
    person.preferred_channels, person.window_from, person.window_until = [], None, None
    if event.preferences is not None:
        _wishes(person, event.preferences)


def _wishes(person: Person, wishes: Preferences) -> None:
    """The wishes that are told."""
    channels = list(wishes.channels or ())
    if wishes.preferred_channel and wishes.preferred_channel not in channels:
        channels.insert(0, wishes.preferred_channel)
    if channels:
        person.preferred_channels = [channel.value for channel in channels]
    if wishes.window is not None:
        person.window_from, person.window_until = wishes.window.start, wishes.window.end


def _consents(book: Book, person: Person, event: DebtorUpserted, at: datetime) -> None:
    for consent in event.consents:
        fact = ConsentFact(consent.channel, consent.purpose, consent.state, consent.captured_at or at)
        if fact not in person.consents:
            person.consents.append(fact)
            entry = ConsentEntry(person.debtor_ref, fact, consent.captured_via, consent.evidence_ref)
            book.changes.consents.append(entry)


def _directory_holds(book: Book, person: Person, event: DebtorUpserted, at: datetime) -> None:
    """The snapshot is the whole truth of its own holds: those it no longer names are over."""
    block = event.suppression
    reasons = set(block.reasons) if block else set()
    until = block.until if block else None
    standing = {hold.reason: hold for hold in person.holds if hold.source == DIRECTORY}
    for reason, hold in standing.items():
        if reason not in reasons or hold.until != until:
            end_hold(book, person.holds, hold, at)
    for reason in sorted(reasons):
        if reason not in standing or standing[reason].until != until:
            hold_person(book, person, Hold(reason, at, until, DIRECTORY))


def _loan(book: Book, debtor_ref: str, told: DebtorLoan, at: datetime) -> None:
    if told.role is not LoanRole.BORROWER:
        return
    book.link(told.loan_ref, debtor_ref)
    loan = book.loan(told.loan_ref)
    loan.product = told.product_code or loan.product
    loan.creditor_ref = told.creditor_ref or loan.creditor_ref
    if told.status is not None and (loan.status_at is None or loan.status_at <= at):
        loan.status, loan.status_at = told.status.value, at
    if told.total_outstanding is not None and (loan.outstanding_at is None or loan.outstanding_at <= at):
        loan.total_outstanding, loan.outstanding_at = told.total_outstanding.amount, at
        loan.currency = told.total_outstanding.currency
    if told.overdue_amount is not None and (loan.overdue_at is None or loan.overdue_at <= at):
        loan.overdue_amount, loan.overdue_at = told.overdue_amount.amount, at
    book.changes.loans.add(told.loan_ref)
