"""The working set of one batch: people and loans in memory, and what must be written back."""

from dataclasses import dataclass, field
from datetime import date, datetime

from campaigns.facts import ConsentFact
from campaigns.person import Hold, Loan, Payment, Person, Promise, Suppression
from schemas.contact_events import ContactRecorded, TaskClosed
from schemas.debtor_events import DebtorUpserted


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A consent to append to the log, with where it came from."""

    debtor_ref: str
    fact: ConsentFact
    via: str | None
    evidence_ref: str | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that ends campaigns which stop on `word`, for one loan or for the whole person."""

    word: str
    debtor_ref: str
    loan_ref: str | None = None


@dataclass(slots=True)
class Changes:
    """What the events of a batch changed, to be written at once."""

    debtors: set[str] = field(default_factory=set)
    snapshots: dict[str, tuple[DebtorUpserted, datetime]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    loans: set[str] = field(default_factory=set)
    installments: set[tuple[str, int]] = field(default_factory=set)
    payments: dict[tuple[str, str], Payment] = field(default_factory=dict)
    promises: dict[tuple[str, str, date], Promise] = field(default_factory=dict)
    consents: list[ConsentEntry] = field(default_factory=list)
    suppressions: list[tuple[str, Suppression]] = field(default_factory=list)
    holds: list[tuple[str | None, str | None, Hold]] = field(default_factory=list)
    ended_holds: list[Hold] = field(default_factory=list)
    contacts: list[ContactRecorded] = field(default_factory=list)
    closed_tasks: list[TaskClosed] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    """People by ref, loans without a known debtor, and the changes made to both."""

    people: dict[str, Person]
    orphans: dict[str, Loan]
    changes: Changes = field(default_factory=Changes)
    owners: dict[str, str] = field(default_factory=dict)
    _loans: dict[str, Loan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._loans.update(self.orphans)
        for person in self.people.values():
            self._loans.update(person.loans)
            for loan_ref in person.loans:
                self.owners[loan_ref] = person.debtor_ref

    def loan(self, loan_ref: str) -> Loan:
        """The loan, wherever it is kept; it was locked and loaded, or is new."""
        loan = self._loans.get(loan_ref)
        if loan is None:
            loan = self._loans[loan_ref] = self.orphans[loan_ref] = Loan(loan_ref)
        return loan

    def link(self, loan_ref: str, debtor_ref: str) -> None:
        """Make a debtor the borrower of a loan."""
        loan = self.loan(loan_ref)
        previous = self.owners.get(loan_ref)
        if previous == debtor_ref:
            return
        if previous is not None:
            del self.people[previous].loans[loan_ref]
        self.orphans.pop(loan_ref, None)
        loan.debtor_ref = debtor_ref
        self.people[debtor_ref].loans[loan_ref] = loan
        self.owners[loan_ref] = debtor_ref
        self.changes.loans.add(loan_ref)
