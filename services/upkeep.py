"""Upkeep: leases that ran out, lost answers and receipts asked for at providers, old rows pruned, gauges set."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from campaigns.outcome import advances
from campaigns.person import Person
from channels.provider import Found, Lookup, LookupResult
from schemas.enums import AttemptState, Channel
from schemas.outcome_words import UnknownReason
from services import telemetry
from services.calendar import Calendar
from services.catch_up import CatchUp
from services.clock import Clock
from services.database import Database
from services.failpoints import failpoint
from services.ids import instant_of
from services.intake import open_personal
from services.progress import Word
from services.promises import Promises
from services.settling import News, Settling, word_of_receipt
from services.store import attempts, gauges, idempotency, inbox, messages, outbox, people
from services.store.attempts import AttemptRow
from services.vault import Vault
from services.ways import Ways
from services.words import matches_hash

log = structlog.get_logger(__name__)

_TURN_SECONDS = 1.0
_BATCH = 500
_LOOK_UPS = 20
_BATCHES_A_TURN = 10
_NEXT_LOOK_UP = (timedelta(minutes=4), timedelta(minutes=10), timedelta(minutes=45), timedelta(hours=6))
_NEXT_ASKED = (timedelta(hours=5), timedelta(hours=18))
_KEEP_INBOX = timedelta(days=31)
_KEEP_ANSWERS = timedelta(days=7)
_CALL_SLACK = timedelta(seconds=60)


class Chore(Protocol):
    """Work that upkeep does a batch at a time."""

    async def turn(self, connection: Any, now: datetime) -> bool:
        """Do a batch where one is due; True where more waits."""


class Upkeep:
    """Everything that must happen though nobody asked."""

    def __init__(
        self,
        *,
        database: Database,
        settling: Settling,
        promises: Promises,
        calendar: Calendar,
        catch_up: CatchUp,
        ways: Ways,
        vault: Vault,
        clock: Clock,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._database = database
        self._settling = settling
        self._promises = promises
        self._calendar = calendar
        self._catch_up = catch_up
        self._ways = ways
        self._vault = vault
        self._clock = clock
        self._chores = chores

    async def run(self, stopping: asyncio.Event) -> None:
        """One turn a second until told to stop."""
        while not stopping.is_set():
            await self.turn()
            try:
                await asyncio.wait_for(stopping.wait(), _TURN_SECONDS)
            except TimeoutError:
                continue

    async def turn(self) -> None:
        """Do each chore once."""
        await self._insist(self._expire_leases, "leases")
        await self._look_up()
        await self._insist(self._judge_promises, "promises")
        await self._some(self._advance_calendar, partial(failpoint, "upkeep.after_calendar"))
        await self._some(self._catch_up_once, partial(failpoint, "upkeep.after_catch_up"))
        for chore in self._chores:
            await self._do(partial(self._turn_of, chore))
        await self._insist(self._prune, "prune")
        await self._insist(self._measure, "gauges")

    async def _insist(self, chore: Callable[[Any, datetime], Awaitable[None]], what: str) -> None:
        async def work(connection: Any) -> None:
            await chore(connection, self._clock.now())

        await self._database.insist(work, what=what)

    async def _expire_leases(self, connection: Any, now: datetime) -> None:
        """An attempt nobody answered for is unknown: published, counted as a contact, never sent again."""
        late = await attempts.lock_leases_out(connection, now=now, limit=_BATCH)
        word = Word(AttemptState.UNKNOWN, unknown=UnknownReason.LEASE_EXPIRED)
        if late:
            news = [News(attempt_id, word, closes=True) for attempt_id in late]
            await self._settling.settle(connection, news, now)
            await failpoint("upkeep.before_lease_commit")

    async def _look_up(self) -> None:
        """Ask providers for what they know; found settles it, not found proves nothing."""
        late = await self._database.insist(self._unheard, what="unheard")
        results = await asyncio.gather(*(self._ask(*each) for each in late))
        for (attempt, _), result in zip(late, results, strict=True):
            await failpoint("upkeep.after_look_up")
            await self._database.insist(partial(self._settle_look_up, attempt, result), what="look_up")

    async def _unheard(self, connection: Any) -> list[tuple[AttemptRow, Person]]:
        """Those without an answer, and as room is left those without a receipt."""
        now = self._clock.now()
        late = await attempts.to_look_up(connection, now=now, limit=_LOOK_UPS)
        late += await attempts.to_ask(connection, now=now, limit=_LOOK_UPS - len(late))
        refs = sorted({row.debtor_ref for row in late})
        known, _ = await people.load(connection, debtor_refs=refs, now=now, history_from=now)
        return [(row, known[row.debtor_ref]) for row in late]

    async def _ask(self, attempt: AttemptRow, person: Person) -> LookupResult | None:
        provider = self._ways.provider(attempt.provider)
        named = None if attempt.state == AttemptState.UNKNOWN else attempt.provider_ref
        address = open_personal(self._vault, person).get("points", {}).get(attempt.contact_point_ref)
        if provider is None or (address is None and named is None):
            return None
        # Providers live in real time, whatever our rehearsal clock says; ids are made by the real clock.
        started = instant_of(attempt.id)
        return await provider.find(
            Lookup(
                attempt_id=attempt.id,
                channel=Channel(attempt.channel),
                to=address or "",
                sender=attempt.sender,
                text=None,
                started_at=started,
                ended_at=started + _CALL_SLACK,
                matches=matches_hash(attempt.id.bytes, attempt.content_hash),
                provider_ref=named,
            )
        )

    async def _settle_look_up(self, attempt: AttemptRow, result: LookupResult | None, connection: Any) -> None:
        state = AttemptState(attempt.state)
        if isinstance(result, Found):
            word = word_of_receipt(result.receipt) or Word(AttemptState.ACCEPTED, provider_ref=result.provider_ref)
            if advances(state, word.state):
                await self._settling.settle(connection, [News(attempt.id, word, closes=False)], self._clock.now())
                return
        every = _NEXT_LOOK_UP if state is AttemptState.UNKNOWN else _NEXT_ASKED
        turns = every[attempt.looked_up :]
        at = self._clock.now() + turns[0] if turns else None
        await attempts.looked_up(connection, [(attempt.id, at)])

    async def _judge_promises(self, connection: Any, now: datetime) -> None:
        await self._promises.judge(connection, now, limit=_BATCH)

    async def _advance_calendar(self, connection: Any) -> bool:
        return await self._calendar.advance(connection, self._clock.now())

    async def _catch_up_once(self, connection: Any) -> bool:
        return await self._catch_up.advance(connection, self._clock.now())

    async def _do(self, turn: Callable[[Any], Awaitable[bool]]) -> None:
        for _ in range(_BATCHES_A_TURN):
            more = await self._database.insist(turn, what="chore")
            await failpoint("upkeep.after_chore")
            if not more:
                return

    async def _turn_of(self, chore: Chore, connection: Any) -> bool:
        return await chore.turn(connection, self._clock.now())

    async def _some(self, advance: Callable[[Any], Awaitable[bool]], committed: Callable[[], Awaitable[None]]) -> None:
        """A few batches of a long chore, so that the others are not kept waiting."""
        for _ in range(_BATCHES_A_TURN):
            if not await self._database.insist(advance, what="planning"):
                return
            await committed()

    async def _prune(self, connection: Any, now: datetime) -> None:
        await inbox.prune(connection, before=now - _KEEP_INBOX, limit=_BATCH * 10)
        await idempotency.prune(connection, before=now - _KEEP_ANSWERS, limit=_BATCH * 10)

    async def _measure(self, connection: Any, now: datetime) -> None:
        due, oldest = await messages.backlog(connection, now)
        telemetry.MESSAGES_DUE.set(due)
        telemetry.OLDEST_DUE.set((now - oldest).total_seconds() if oldest else 0)
        rows, since = await outbox.lag(connection)
        telemetry.OUTBOX_ROWS.set(rows)
        telemetry.OUTBOX_LAG.set((now - since).total_seconds() if since else 0)
        telemetry.UNKNOWN_OPEN.set(await gauges.unknown(connection))
        telemetry.WAITING_INSTALLMENTS.set(await gauges.waiting_installments(connection, now))
        telemetry.STOPS_IN_FORCE.set(await gauges.stops(connection))
