"""The one debtor in memory that stands for a kind, and is dressed as each of its members in turn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns.facts import ConsentFact
from campaigns.person import Installment, Loan
from schemas.enums import Channel, ConsentState, Purpose
from schemas.money import Money
from services.imports.rows import PortfolioRow
from services.intake import first_name
from services.simulation.debtors import Debtor
from services.simulation.kinds import Key, Known

_GRANTED = (Purpose.COLLECTIONS, Purpose.SERVICE)
"""What a portfolio's yes is for, as an import takes it."""


class Wishes(list[str]):
    """Preferred channels that tell when they are looked at."""

    look: Callable[[], None]

    def __iter__(self) -> Iterator[str]:
        self.look()
        return super().__iter__()


class Figure:
    """Dresses a debtor; of consents it wears what counts, which is denials alone where no pack asks for grants."""

    def __init__(self, debtor: Debtor, rows: Sequence[PortfolioRow], at: datetime, *, denials_only: bool) -> None:
        self.personal: dict[str, Any] = dict(debtor.personal)
        self.debtor = Debtor(debtor.person, self.personal)
        self.look: Callable[[], None] = _nobody
        self._at, self._denials_only = at, denials_only
        self._consents: dict[tuple[Any, ...], list[ConsentFact]] = {}
        refs = {row.loan_ref for row in rows}
        loans = [loan for loan in debtor.person.loans.values() if loan.loan_ref in refs]
        self._loans = [(loan, _places(rows, loan.loan_ref)) for loan in loans]
        self._installments = [
            [
                (place, installment)
                for place, row in enumerate(rows)
                if row.loan_ref == loan.loan_ref and (installment := loan.installments.get(_number(row))) is not None
            ]
            for loan, _ in self._loans
        ]

    @classmethod
    def of(
        cls, debtor: Debtor, rows: Sequence[PortfolioRow], known: Known, at: datetime, *, denials_only: bool
    ) -> "Figure | None":
        """The figure for the rows that matter, None where they make a debtor that can't be dressed as another."""
        if len({(row.loan_ref, _number(row)) for row in rows}) < len(rows):
            return None
        figure = cls(debtor, rows, at, denials_only=denials_only)
        refs = {row.loan_ref for row in rows}
        debtor.person.loans = {ref: loan for ref, loan in debtor.person.loans.items() if ref in refs}
        as_built = figure._worn()
        figure.dress(rows, known)
        return figure if figure._worn() == as_built else None

    def _worn(self) -> Key:
        """All that a dress changes."""
        person = self.debtor.person
        return (
            (person.debtor_ref, person.segment, tuple(person.tags), person.region, person.country, person.language),
            (person.risk_score, self.personal["name"], self.personal["first_name"]),
            tuple(person.preferred_channels),
            [consent for consent in person.consents if self._counts(consent.state)],
            [
                (ref, loan.loan_ref, loan.debtor_ref, loan.product, loan.total_outstanding, loan.overdue_amount)
                for ref, loan in person.loans.items()
            ],
            [
                [(number, each.number, each.amount) for number, each in loan.installments.items()]
                for loan in person.loans.values()
            ],
        )

    def dress(self, rows: Sequence[PortfolioRow], known: Known) -> None:
        """Make it this debtor, of whom nothing has happened yet; `rows` are those that matter."""
        person = self.debtor.person
        person.debtor_ref = known.debtor_ref
        person.history, person.campaign_contacts = [], []
        person.segment, person.tags = known.segment, list(known.tags)
        person.region, person.country, person.language = known.region, known.country, known.language
        person.risk_score = float(known.risk_score) if known.risk_score is not None else None
        person.consents = self._said(known.consents)
        wishes = Wishes([known.preferred_channel.value] if known.preferred_channel is not None else ())
        wishes.look = self.look
        person.preferred_channels = wishes
        person.loans = {}
        for (loan, places), installments in zip(self._loans, self._installments, strict=True):
            _dress_loan(loan, [rows[place] for place in places], person.debtor_ref)
            loan.installments = {}
            for place, installment in installments:
                _dress_installment(installment, rows[place])
                loan.installments[installment.number] = installment
            person.loans[loan.loan_ref] = loan
        self.personal["name"], self.personal["first_name"] = known.name, first_name(known.name)

    def _said(self, consents: Mapping[Channel, ConsentState]) -> list[ConsentFact]:
        """The log of consents that an import would make of these."""
        key = tuple(consents.items())
        found = self._consents.get(key)
        if found is None:
            found = self._consents[key] = [
                ConsentFact(channel, purpose, state, self._at)
                for channel, state in key
                if self._counts(state)
                for purpose in (_GRANTED if state is ConsentState.GRANTED else Purpose)
            ]
        return found

    def _counts(self, state: ConsentState) -> bool:
        return not self._denials_only or state is not ConsentState.GRANTED


def _nobody() -> None:
    """Nobody asks yet."""


def _places(rows: Sequence[PortfolioRow], loan_ref: str) -> list[int]:
    return [place for place, row in enumerate(rows) if row.loan_ref == loan_ref]


def _number(row: PortfolioRow) -> int:
    return row.installment_number if row.installment_number is not None else 1


def _dress_loan(loan: Loan, rows: Sequence[PortfolioRow], debtor_ref: str) -> None:
    loan.loan_ref, loan.debtor_ref = rows[0].loan_ref, debtor_ref
    for row in rows:
        if row.product is not None:
            loan.product = row.product
        if row.total_outstanding is not None:
            loan.total_outstanding = row.total_outstanding
        if row.overdue_amount is not None:
            loan.overdue_amount = row.overdue_amount


def _dress_installment(installment: Installment, row: PortfolioRow) -> None:
    installment.number = _number(row)
    amount = row.amount_due if row.amount_due is not None else row.overdue_amount
    if amount is not None:
        installment.amount = Money(amount, installment.amount.currency)
