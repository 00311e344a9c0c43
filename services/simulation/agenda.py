"""What lies ahead of one simulated debtor, in the order in which the service would come to it."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count, groupby

from campaigns.book import Book
from campaigns.enrolment import RunningCampaign
from campaigns.projection import apply
from services.calendar import turns
from services.intake import Fact, plans_of
from services.planning import HOLDOUT, Planner
from services.simulation.debtors import Debtor
from services.simulation.happenings import Ended, Happening, HeldOut, StillPlanned, intent_of
from services.store.messages import MessageRow

_LEAST_WAIT = timedelta(seconds=1)
_FACTS, _CALENDARS, _MESSAGES = range(3)

_Turn = tuple[datetime, datetime]
_Item = MessageRow | list[Fact] | _Turn
_Key = tuple[str, int, date, str, str]


class Agenda:
    """Messages by when they are due, turns of the calendar, and facts that become known; `now` is where it stands."""

    def __init__(self, planner: Planner, calendars: Sequence[RunningCampaign], debtor: Debtor, end: datetime) -> None:
        self.now = end
        self._planner = planner
        self._calendars = calendars
        self._debtor = debtor
        self._end = end
        self._order = count()
        self._queue: list[tuple[datetime, int, float, int, _Item]] = []
        self._rows: dict[_Key, MessageRow] = {}

    def begin(self, start: datetime, facts: Sequence[Fact]) -> Iterator[Happening]:
        """Plan what is known at the beginning, and note what will be."""
        self.now = start
        for at, together in groupby(sorted(facts, key=lambda fact: fact.at), key=lambda fact: fact.at):
            self._push(max(at, start), _FACTS, 0.0, list(together))
        if self._calendars:
            for now, since, until in turns(start, self._end):
                self._push(now, _CALENDARS, 0.0, (since, until))
        person = self._debtor.person
        yield from self._plan(self._planner.plan(person, person.loans.values(), start, cause=None))

    def next(self) -> MessageRow | list[Happening] | None:
        """The next message that is due, or what else happened; None at the end of the simulated days."""
        while self._queue:
            at, _, _, _, item = heapq.heappop(self._queue)
            if isinstance(item, MessageRow):
                if item.state != "planned" or item.due_at > at:
                    continue
                if at >= self._end:
                    item.state = "ahead"
                    return [StillPlanned(intent_of(item))] if item.outcome is None else []
                self.now = max(at, self.now)
                return item
            if at < self._end:
                self.now = max(at, self.now)
                return list(self._told(item) if isinstance(item, list) else self._calendar(*item))
        return None

    def put_back(self, row: MessageRow) -> None:
        """A message that is not over comes again when it is due."""
        if row.state == "planned":
            row.due_at = max(row.due_at, self.now + _LEAST_WAIT)
            self._push(row.due_at, _MESSAGES, -row.priority, row)

    def _push(self, at: datetime, kind: int, rank: float, item: _Item) -> None:
        heapq.heappush(self._queue, (at, kind, rank, next(self._order), item))

    def _plan(self, rows: Iterable[MessageRow]) -> Iterator[Happening]:
        """Take up what is new; messages to the control group end here."""
        for row in rows:
            key = (row.loan_ref, row.installment_number, row.occurrence, row.campaign, row.step)
            if key not in self._rows:
                self._rows[key] = row
                if row.reason == HOLDOUT:
                    yield HeldOut(intent_of(row))
                else:
                    self._push(row.due_at, _MESSAGES, -row.priority, row)

    def _calendar(self, since: datetime, until: datetime) -> Iterator[Happening]:
        """What calendar campaigns ask for, by the facts of the moment in which upkeep plans it."""
        taken = {(row.campaign, row.occurrence, row.step) for row in self._rows.values()}
        person = self._debtor.person
        for campaign in self._calendars:
            rows = self._planner.plan_calendar(person, campaign, since=since, until=until, now=self.now)
            yield from self._plan(row for row in rows if (row.campaign, row.occurrence, row.step) not in taken)

    def _told(self, facts: Sequence[Fact]) -> Iterator[Happening]:
        """Facts become known: what is planned is reviewed, and what they call for is planned."""
        person = self._debtor.person
        book = Book({person.debtor_ref: person}, {})
        for fact in facts:
            assert fact.event is not None
            apply(book, fact.event, fact.at)
        planned = [row for row in self._rows.values() if row.state == "planned"]
        for row in self._planner.review(planned, book.people, book.changes.triggers, self.now).rows:
            if row.state == "cancelled":
                yield Ended(intent_of(row), "cancelled", row.reason or "", None)
            elif row.state == "planned":
                self._push(row.due_at, _MESSAGES, -row.priority, row)
        for plan in plans_of(book, facts):
            rows = self._planner.plan(plan.person, plan.loans, self.now, cause=plan.cause, happenings=plan.happenings)
            yield from self._plan(rows)
