"""What each inbound event does to what we know; pure, tolerant of late, repeated and reordered events.

`at` is when the fact happened (the event's time, else when it reached us). A newer word wins, an older one is kept
only where nothing newer was said.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns import directory, permissions
from campaigns.book import Book
from campaigns.person import Installment, Loan, Payment
from schemas.consent_events import ConsentChanged, ContactSuppressed, ContactUnsuppressed
from schemas.contact_events import ContactRecorded, TaskClosed
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.debtor_events import DebtorDeactivated, DebtorPatched, DebtorUpserted
from schemas.events_base import InboundEvent
from schemas.lending_events import (
    InstallmentDue,
    InstallmentOverdue,
    InstallmentPaid,
    LoanBalanceAdjusted,
    LoanCollectionsPaused,
    LoanCollectionsResumed,
    LoanDelinquencyChanged,
    LoanEvent,
    LoanLinked,
    LoanRescheduled,
    LoanRole,
    LoanStatusChanged,
    PaymentFailed,
    PaymentReceived,
    PaymentReversed,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
)
from schemas.money import NO_CURRENCY, Money


def apply(book: Book, event: InboundEvent, at: datetime) -> None:
    """Apply one event to the book; raises BadRecord for an event that contradicts what we know for sure."""
    if isinstance(event, LoanEvent):
        _connect(book, event)
    _EFFECTS[type(event)](book, event, at)


def _connect(book: Book, event: LoanEvent) -> None:
    """Take over what any event of a loan tells of it: its debtor, its product."""
    loan = book.loan(event.loan_ref)
    if event.product_code is not None and loan.product is None:
        loan.product = event.product_code
        book.changes.loans.add(loan.loan_ref)
    if event.debtor_ref is None or isinstance(event, LoanLinked):
        return
    if loan.debtor_ref is None:
        book.link(event.loan_ref, event.debtor_ref)
    elif loan.debtor_ref != event.debtor_ref:
        raise BadRecord(
            DeadLetterReason.INVALID_EVENT,
            "data.debtorRef: this loan belongs to another debtor; send loan.linked first if it moved",
        )


def _installment_due(book: Book, event: InstallmentDue, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if event.total_outstanding is not None:
        _outstanding(book, loan, event.total_outstanding, at)
    known = loan.installments.get(event.installment_number)
    if known is not None and known.amount_at > at:
        return
    number, refs = event.installment_number, event.payment_refs
    row = Installment(number, event.due_date, event.amount_due.total, at)
    if known is not None:
        row.paid_at, row.payment_refs = known.paid_at, known.payment_refs
    if refs:
        row.payment_refs = [(ref.scheme, ref.value) for ref in refs]
    loan.installments[number] = row
    book.changes.installments.add((loan.loan_ref, number))


def _installment_overdue(book: Book, event: InstallmentOverdue, at: datetime) -> None:
    _installment_due(book, event, at)
    if event.past_due is not None:
        _overdue(book, book.loan(event.loan_ref), event.past_due.total, at)


def _installment_paid(book: Book, event: InstallmentPaid, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if not event.paid_in_full:
        _in_doubt(book, loan, at)
        return
    known = loan.installments.get(event.installment_number)
    if known is None:
        nothing = Money(Decimal(0), event.amount_paid.currency if event.amount_paid else NO_CURRENCY)
        known = Installment(event.installment_number, event.due_date or event.paid_on, nothing, at)
        loan.installments[known.number] = known
    known.paid_at = max(at, known.paid_at or at)
    book.changes.installments.add((loan.loan_ref, known.number))


def _payment_received(book: Book, event: PaymentReceived, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    known = loan.payments.get(event.payment_ref)
    reversed_at = known.reversed_at if known else None
    loan.payments[event.payment_ref] = Payment(event.payment_ref, event.amount, at, reversed_at)
    book.changes.payments[loan.loan_ref, event.payment_ref] = loan.payments[event.payment_ref]
    if event.outstanding_after is not None:
        _outstanding(book, loan, event.outstanding_after, at)
    if any(row.amount.currency != event.amount.currency for row in loan.installments.values()):
        _in_doubt(book, loan, at)
    if event.remaining_due is not None and event.remaining_due.amount <= 0:
        _all_paid(book, loan, at)


def _payment_reversed(book: Book, event: PaymentReversed, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    payment = loan.payments.setdefault(event.payment_ref, Payment(event.payment_ref, None, at))
    payment.reversed_at = at
    book.changes.payments[loan.loan_ref, event.payment_ref] = payment
    _in_doubt(book, loan, at)


def _payment_failed(book: Book, event: PaymentFailed, at: datetime) -> None:
    """Nothing was paid and nothing is owed anew: the loan is only known to exist."""


def _delinquency(book: Book, event: LoanDelinquencyChanged, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if event.overdue_amount is not None:
        _overdue(book, loan, event.overdue_amount, at)
    if event.range is not None:
        return
    loan.cured_at = max(at, loan.cured_at or at)
    book.changes.loans.add(loan.loan_ref)
    for row in loan.installments.values():
        if row.due_date <= at.date() and row.amount_at <= at:
            row.paid_at = max(at, row.paid_at or at)
            book.changes.installments.add((loan.loan_ref, row.number))


def _status(book: Book, event: LoanStatusChanged, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if loan.status_at is None or loan.status_at <= at:
        loan.status, loan.status_at = event.status.value, at
        book.changes.loans.add(loan.loan_ref)


def _rescheduled(book: Book, event: LoanRescheduled, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    loan.rescheduled_at = max(at, loan.rescheduled_at or at)
    book.changes.loans.add(loan.loan_ref)


def _adjusted(book: Book, event: LoanBalanceAdjusted, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if event.outstanding_after is not None:
        _outstanding(book, loan, event.outstanding_after, at)
    _in_doubt(book, loan, at)


def _linked(book: Book, event: LoanLinked, at: datetime) -> None:
    loan = book.loan(event.loan_ref)
    if event.role is LoanRole.BORROWER:
        book.link(event.loan_ref, event.debtor_ref)
    if event.status is not None and (loan.status_at is None or loan.status_at <= at):
        loan.status, loan.status_at = event.status.value, at
        book.changes.loans.add(loan.loan_ref)


def _outstanding(book: Book, loan: Loan, amount: Money, at: datetime) -> None:
    if loan.outstanding_at is None or loan.outstanding_at <= at:
        loan.total_outstanding, loan.currency, loan.outstanding_at = amount.amount, amount.currency, at
        book.changes.loans.add(loan.loan_ref)


def _overdue(book: Book, loan: Loan, amount: Money, at: datetime) -> None:
    if loan.overdue_at is None or loan.overdue_at <= at:
        loan.overdue_amount, loan.overdue_at = amount.amount, at
        loan.currency = amount.currency
        book.changes.loans.add(loan.loan_ref)


def _in_doubt(book: Book, loan: Loan, at: datetime) -> None:
    loan.stale_since = max(at, loan.stale_since or at)
    book.changes.loans.add(loan.loan_ref)


def _all_paid(book: Book, loan: Loan, at: datetime) -> None:
    for row in loan.installments.values():
        if row.amount_at <= at:
            row.paid_at = max(at, row.paid_at or at)
            book.changes.installments.add((loan.loan_ref, row.number))


_EFFECTS: dict[type[InboundEvent], Callable[[Book, Any, datetime], None]] = {
    InstallmentDue: _installment_due,
    InstallmentOverdue: _installment_overdue,
    InstallmentPaid: _installment_paid,
    PaymentReceived: _payment_received,
    PaymentReversed: _payment_reversed,
    PaymentFailed: _payment_failed,
    PromiseMade: permissions.promise_made,
    PromiseKept: permissions.promise_settled,
    PromiseBroken: permissions.promise_settled,
    LoanDelinquencyChanged: _delinquency,
    LoanStatusChanged: _status,
    LoanRescheduled: _rescheduled,
    LoanBalanceAdjusted: _adjusted,
    LoanCollectionsPaused: permissions.paused,
    LoanCollectionsResumed: permissions.resumed,
    LoanLinked: _linked,
    DebtorUpserted: directory.upserted,
    DebtorPatched: directory.patched,
    DebtorDeactivated: directory.deactivated,
    ConsentChanged: permissions.consent_changed,
    ContactSuppressed: permissions.suppressed,
    ContactUnsuppressed: permissions.unsuppressed,
    ContactRecorded: permissions.contact_recorded,
    TaskClosed: permissions.task_closed,
}
