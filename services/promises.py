"""Judges promises whose day and grace are over: kept where enough was paid since, else broken; then plans on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.book import Book
from campaigns.definition import StepEvent
from campaigns.holds import release
from campaigns.person import Loan, Promise
from campaigns.standing import Standing, paid_between, standing
from schemas.money import NO_CURRENCY
from schemas.outcome_events import PromiseBroken, PromiseKept
from services.announcing import insert_announced
from services.consequences import Consequences
from services.planning import Happening, Planner
from services.publisher import Said
from services.store import promises

OURS = "reply"
_GRACE_DAYS = 2


@dataclass(frozen=True, slots=True)
class Promises:
    """One chore of upkeep."""

    consequences: Consequences
    planner: Planner

    async def judge(self, connection: Any, now: datetime, *, limit: int) -> int:
        """Judge the promises that are over, at most `limit` of them; gives how many."""
        over = await promises.over(connection, before=(now - timedelta(days=_GRACE_DAYS)).date(), limit=limit)
        if not over:
            return 0
        book = await self.consequences.open(connection, [debtor for debtor, _ in over], now)
        said: list[Said] = []
        happenings: list[Happening] = []
        for debtor_ref, loan_ref in over:
            loan = book.people[debtor_ref].loans.get(loan_ref)
            if loan is not None:
                self._judge(book, debtor_ref, loan, now, said, happenings)
        await self.consequences.close(
            connection, book, [*said, *await self._plan(connection, book, happenings, now)], now
        )
        return len(over)

    def _judge(
        self,
        book: Book,
        debtor_ref: str,
        loan: Loan,
        now: datetime,
        said: list[Said],
        happenings: list[Happening],
    ) -> None:
        for promise in sorted(loan.promises, key=lambda each: each.promised_for):
            if promise.state != "made" or promise.promised_for > (now - timedelta(days=_GRACE_DAYS)).date():
                continue
            promise.state = "kept" if kept(loan, promise) else "broken"
            book.changes.promises[loan.loan_ref, promise.promise_ref, promise.promised_for] = promise
            waits = any(p.promise_ref == promise.promise_ref and p.state == "made" for p in loan.promises)
            if promise.state == "broken" or not waits:
                release(book, loan.holds, source=f"promise:{promise.promise_ref}", at=now)
            if promise.state == "broken":
                happenings.append(Happening(StepEvent.PROMISE_BROKEN, loan.loan_ref, now))
            ours = _our_id(promise)
            if ours is not None:
                said.append(Said(_told(debtor_ref, loan, promise, ours, now)))

    async def _plan(self, connection: Any, book: Book, happenings: Sequence[Happening], now: datetime) -> list[Said]:
        """Messages that answer a broken promise."""
        rows = []
        for happening in happenings:
            person = book.people[book.owners[happening.loan_ref]]
            loan = person.loans[happening.loan_ref]
            rows += self.planner.plan(person, [loan], now, cause=None, happenings=[happening])
        _, said = await insert_announced(connection, self.planner, rows, now)
        return said


def kept(loan: Loan, promise: Promise) -> bool:
    """Whether enough was paid since the promise was made, or nothing is open any more.

    Of a promise of several days each payment counts once: what kept an earlier day is not there for a later one.
    """
    rows = loan.installments.values()
    if rows and all(standing(loan, row) is Standing.PAID for row in rows):
        return True
    named = promise.amount.currency if promise.amount else NO_CURRENCY
    currency = named if named != NO_CURRENCY else loan.known_currency or NO_CURRENCY
    left = paid_between(loan, currency, promise.at) - _spent(loan, promise)
    return left >= promise.amount.amount if promise.amount is not None else left > Decimal(0)


def _spent(loan: Loan, promise: Promise) -> Decimal:
    """What the earlier days of the same promise that were kept came to."""
    return sum(
        (
            earlier.amount.amount
            for earlier in loan.promises
            if earlier.promise_ref == promise.promise_ref
            and earlier.promised_for < promise.promised_for
            and earlier.state == "kept"
            and earlier.amount is not None
        ),
        Decimal(0),
    )


def _told(debtor_ref: str, loan: Loan, promise: Promise, ours: UUID, now: datetime) -> PromiseKept | PromiseBroken:
    common: dict[str, Any] = {
        "debtor_ref": debtor_ref,
        "loan_ref": loan.loan_ref,
        "occurred_at": now,
        "promise_ref": ours,
    }
    if promise.state == "kept":
        return PromiseKept(**common)
    return PromiseBroken(**common, promised_for=promise.promised_for)


def _our_id(promise: Promise) -> UUID | None:
    """The id of a promise made to us; the outcome of one that the core keeps is the core's to tell."""
    if promise.made_via != OURS:
        return None
    try:
        return UUID(promise.promise_ref)
    except ValueError:
        return None
