"""Asks Fineract for what its events leave out, after they were taken in and beside them: ingest never waits for it.

What is wanted stands in a bounded queue in memory; what a crash or a full queue forgets, and everyone who still
waits for a name, is found again in the database.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog

from schemas.dead_letter import BadRecord
from schemas.events_base import InboundEvent
from schemas.fineract import answers
from schemas.fineract.mapping import Native
from schemas.lending_events import (
    LoanBalanceAdjusted,
    LoanCollectionsPaused,
    LoanRescheduled,
    PaymentReceived,
    PaymentReversed,
)
from services import telemetry
from services.applying import Applying
from services.clock import Clock
from services.database import Database
from services.fineract_client import CLIENT, LOAN, LOAN_IN_FULL, Answer, DetailsAway, DetailsRefused, FineractClient
from services.intake import Fact
from services.reading import read_answer
from services.store import fineract as store

log = structlog.get_logger(__name__)

SOURCE = "urn:fineract:"
_WHAT = "fineract_details"
_MOST = 20_000
_AT_ONCE = 50
_LOOK_AGAIN_SECONDS = 60.0
_LOOK_AT = 5000
_LONGEST_PAUSE = 60.0
_HEARD_RECENTLY = timedelta(days=1)
_BALANCES = (PaymentReceived, PaymentReversed, LoanBalanceAdjusted, LoanRescheduled)
_ODD = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, BadRecord)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find out about a loan: its debtor (always), what it still asks for, whether it is paused."""

    loan_ref: str
    after: datetime
    schedule: bool = False
    pause: bool = False

    def joined(self, other: "Wanted") -> "Wanted":
        """Both wishes in one."""
        after = max(self.after, other.after)
        return Wanted(self.loan_ref, after, self.schedule or other.schedule, self.pause or other.pause)


class FineractDetails:
    """Finds out in the background what the facts of Fineract's events leave open."""

    def __init__(
        self, *, client: FineractClient, database: Database, applying: Applying, clock: Clock, tenant: str
    ) -> None:
        self._client = client
        self._database = database
        self._applying = applying
        self._clock = clock
        self._source = f"{SOURCE}default:{tenant}"
        self._wanted: dict[str, Wanted] = {}
        self._loans_up_to = self._debtors_up_to = ""

    def notice(self, facts: Iterable[Fact]) -> None:
        """Remember what to ask about facts that were taken in."""
        for fact in facts:
            if fact.source.startswith(SOURCE) and fact.event is not None:
                wanted = _wanted(fact.event, fact.at)
                if wanted is not None:
                    self._want(wanted)

    async def run(self, stopping: asyncio.Event) -> None:
        """Ask until told to stop, slower and slower while Fineract is away."""
        pause, looked = 0.5, float("-inf")
        while not stopping.is_set():
            if self._clock.monotonic() - looked >= _LOOK_AGAIN_SECONDS:
                looked = self._clock.monotonic()
                await self.look_for_waiting()
            try:
                handled = await self.turn()
                pause = 0.0 if handled else 0.5
            except (DetailsAway, DetailsRefused) as problem:
                pause = min(max(pause * 2, 1.0), _LONGEST_PAUSE)
                log.warning("fineract_details_wait", problem=type(problem).__name__, reason=str(problem), pause=pause)
            if pause:
                await _rest(stopping, pause)

    async def turn(self) -> int:
        """Find out what is wanted most; gives how much that was. What could not be asked stays wanted."""
        wanted = [self._wanted.pop(ref) for ref in list(islice(self._wanted, _AT_ONCE))]
        if not wanted:
            return 0
        try:
            await self._find_out(wanted)
        except (DetailsAway, DetailsRefused):
            for each in wanted:
                self._want(each)
            raise
        telemetry.FINERACT_WANTED.set(len(self._wanted))
        return len(wanted)

    async def look_for_waiting(self) -> None:
        """Want what waits in the database for a debtor or a name, a part of the tables at a time."""
        if len(self._wanted) >= _MOST // 2:
            return
        after = self._clock.now() - _HEARD_RECENTLY
        orphans = await self._database.insist(
            lambda c: store.orphans(c, after=self._loans_up_to, limit=_LOOK_AT), what=_WHAT
        )
        self._loans_up_to = orphans[-1] if len(orphans) == _LOOK_AT else ""
        self._debtors_up_to, nameless = await self._database.insist(
            lambda c: store.nameless(c, after=self._debtors_up_to, window=_LOOK_AT), what=_WHAT
        )
        for loan_ref in (*orphans, *nameless):
            self._want(Wanted(loan_ref, after))

    def _want(self, wanted: Wanted) -> None:
        known = self._wanted.get(wanted.loan_ref)
        if known is None and len(self._wanted) >= _MOST:
            telemetry.FINERACT_DETAILS.labels("dropped").inc()
            return
        self._wanted[wanted.loan_ref] = wanted if known is None else known.joined(wanted)
        telemetry.FINERACT_WANTED.set(len(self._wanted))

    async def _find_out(self, wanted: Sequence[Wanted]) -> None:
        """Loans first, so that their clients are known to the database when it is asked who is a stranger."""
        refs = [each.loan_ref for each in wanted]
        orphans = set(await self._database.insist(lambda c: store.loans_without_debtor(c, refs), what=_WHAT))
        loans = [each for each in wanted if each.schedule or each.pause or each.loan_ref in orphans]
        await self._take_in(self._loan(each) for each in loans)
        heard_before = self._clock.now() - _HEARD_RECENTLY
        strangers = await self._database.insist(lambda c: store.clients_to_ask(c, refs, heard_before), what=_WHAT)
        await self._take_in(self._person(ref) for ref in strangers)

    async def _loan(self, wanted: Wanted) -> list[Fact]:
        path = LOAN_IN_FULL if wanted.schedule or wanted.pause else LOAN
        answer = await self._client.ask(path, wanted.loan_ref, after=wanted.after)
        return self._facts(f"loan {wanted.loan_ref}", answer, lambda body: _loan_natives(body, wanted, answer.asked_at))

    async def _person(self, debtor_ref: str) -> list[Fact]:
        answer = await self._client.ask(CLIENT, debtor_ref)
        return self._facts(f"client {debtor_ref}", answer, lambda body: [answers.client_facts(body)])

    def _facts(self, what: str, answer: Answer, natives: Callable[[dict[str, Any]], Iterable[Native]]) -> list[Fact]:
        """An answer as facts of the instant at which it was asked for; none where it can't be understood."""
        if answer.body is None:
            return []
        at = answer.asked_at
        try:
            return [
                read_answer(
                    native,
                    source=self._source,
                    event_id=f"{what} {at.isoformat()} {native.type} {native.subject}",
                    at=at,
                )
                for native in natives(answer.body)
            ]
        except _ODD as error:
            telemetry.FINERACT_DETAILS.labels("unusable").inc()
            log.warning("fineract_answer_unusable", what=what.partition(" ")[0], error=type(error).__name__)
            return []

    async def _take_in(self, asking: Iterable[Coroutine[Any, Any, list[Fact]]]) -> None:
        """Take in what was answered; the first problem of the others is raised after that."""
        found = await asyncio.gather(*asking, return_exceptions=True)
        facts = [fact for each in found if not isinstance(each, BaseException) for fact in each]
        if facts:
            handled = await self._applying.handle(facts)
            telemetry.FINERACT_DETAILS.labels("unusable").inc(len(handled.refused))
        for each in found:
            if isinstance(each, BaseException):
                raise each


def _wanted(event: InboundEvent, at: datetime) -> Wanted | None:
    if event.loan_ref is None or not event.loan_ref.isdecimal():
        return None
    return Wanted(
        event.loan_ref,
        at,
        schedule=isinstance(event, _BALANCES),
        pause=isinstance(event, LoanCollectionsPaused),
    )


def _loan_natives(loan: dict[str, Any], wanted: Wanted, asked_at: datetime) -> Iterator[Native]:
    link, today = answers.loan_link(loan), asked_at.date()
    if link is not None:
        yield link
    if wanted.schedule:
        yield from answers.installments(loan, today)
    if wanted.pause:
        yield from answers.pauses(loan, today)


async def _rest(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
