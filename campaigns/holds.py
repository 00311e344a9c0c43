"""Temporary stops: put in force, and ended, with the campaigns that stop on them."""

from datetime import datetime

from campaigns.book import Book, Trigger
from campaigns.person import Hold, Loan, Person
from schemas.debtor_events import REGISTER

_STOP_WORD = {"dispute": "dispute", "promise": "promise"}


def hold_person(book: Book, person: Person, hold: Hold) -> None:
    """Stop contacting a person for a while; a register's flag ends no campaign, since debts may still be asked for."""
    person.holds.append(hold)
    book.changes.holds.append((person.debtor_ref, None, hold))
    if register_named(hold) is not None:
        return
    book.changes.triggers.append(Trigger(_STOP_WORD.get(hold.reason, "hold"), person.debtor_ref))


def register_named(hold: Hold) -> str | None:
    """The public register whose flag a hold is, None for a hold that stops every contact."""
    return hold.reason.removeprefix(REGISTER) if hold.reason.startswith(REGISTER) else None


def hold_loan(book: Book, loan: Loan, hold: Hold) -> None:
    """Stop contacting anybody about a loan for a while."""
    loan.holds.append(hold)
    book.changes.holds.append((None, loan.loan_ref, hold))
    if loan.debtor_ref is not None:
        word = _STOP_WORD.get(hold.reason, "hold")
        book.changes.triggers.append(Trigger(word, loan.debtor_ref, loan.loan_ref))


def release(book: Book, holds: list[Hold], *, source: str, at: datetime) -> None:
    """End the holds that came from a source."""
    for hold in [hold for hold in holds if hold.source == source]:
        end_hold(book, holds, hold, at)


def end_hold(book: Book, holds: list[Hold], hold: Hold, at: datetime) -> None:
    """End one hold; it stays on record."""
    hold.released_at = at
    holds.remove(hold)
    if hold.id is not None:
        book.changes.ended_holds.append(hold)
