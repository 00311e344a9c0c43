"""Holds that people put on a debtor or a loan by hand, and their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.book import Book
from campaigns.holds import end_hold, hold_loan, hold_person
from campaigns.person import Hold
from services.consequences import Consequences
from services.history import history_from
from services.store import people
from services.store.permissions import HoldRow


class NotTheirs(Exception):
    """The named loan belongs to another debtor."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Puts holds in force and ends them, in the caller's transaction, with all that follows."""

    consequences: Consequences

    async def hold(
        self, connection: Any, *, debtor_ref: str | None, loan_ref: str | None, hold: Hold, now: datetime
    ) -> str | None:
        """Hold a loan where one is named, else a person; gives the debtor, where known.

        Somebody never heard of is held too: their events may still be on the way. Raises NotTheirs.
        """
        book = await self._open(connection, debtor_ref, loan_ref, now)
        if loan_ref is None:
            assert debtor_ref is not None
            hold_person(book, book.people[debtor_ref], hold)
        else:
            owner = book.owners.get(loan_ref)
            if debtor_ref is not None and owner not in (None, debtor_ref):
                raise NotTheirs
            hold_loan(book, book.loan(loan_ref), hold)
            debtor_ref = owner or debtor_ref
        await self.consequences.close(connection, book, (), now)
        return debtor_ref

    async def release(self, connection: Any, row: HoldRow, now: datetime) -> None:
        """End a hold."""
        book = await self._open(connection, row.debtor_ref, row.loan_ref, now)
        for holds in _holds(book, row):
            for hold in [hold for hold in holds if hold.id == row.id]:
                end_hold(book, holds, hold, now)
        await self.consequences.close(connection, book, (), now)

    async def _open(self, connection: Any, debtor_ref: str | None, loan_ref: str | None, now: datetime) -> Book:
        debtors = {debtor_ref} if debtor_ref is not None else set()
        loans = [loan_ref] if loan_ref is not None else []
        owners = await people.lock_for_events(connection, debtor_refs=debtors, loan_refs=loans, now=now)
        debtors.update(ref for ref in owners.values() if ref is not None)
        since = history_from(self.consequences.policy, self.consequences.running, now)
        known, orphans = await people.load(
            connection, debtor_refs=sorted(debtors), loan_refs=loans, now=now, history_from=since
        )
        return Book(known, orphans)


def _holds(book: Book, row: HoldRow) -> Sequence[list[Hold]]:
    if row.loan_ref is not None:
        return [book.loan(row.loan_ref).holds]
    assert row.debtor_ref is not None
    return [book.people[row.debtor_ref].holds]


def made_hold(hold: Hold) -> UUID:
    """The id of a hold that was just written."""
    assert hold.id is not None
    return hold.id
