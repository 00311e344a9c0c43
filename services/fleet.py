"""What processes tell each other about the senders they share, through PostgreSQL, every two seconds.

Each process that sends takes an equal part of every sender's pace, and each hears what carriers say in receipts that
another process took. A process that dies is missed after ten seconds, by the clocks of those that live; one that
joins may for two seconds make the whole exceed its pace by its own part. No message costs a statement here.
"""

import asyncio
from collections import defaultdict
from typing import Any
from uuid import UUID

from channels.carriers import NOTHING, CarrierWord, word_of
from channels.provider import Receipt
from services.clock import Clock
from services.database import Database
from services.ids import uuid7
from services.store import senders
from services.store.senders import SenderHealth, SenderKey
from services.ways import WayReport, Ways

BEAT_SECONDS = 2.0
MISSED_SECONDS = 10.0


class Hearsay:
    """What carriers said in this process's receipts since it was last told on."""

    def __init__(self) -> None:
        self._words: dict[SenderKey, CarrierWord] = defaultdict(CarrierWord)

    def note(self, provider: str, receipt: Receipt) -> None:
        """Count one receipt."""
        word = word_of(receipt)
        if word is not NOTHING and receipt.sender is not None:
            self._words[provider, receipt.sender] += word

    def taken(self) -> dict[SenderKey, CarrierWord]:
        """All of it, which is then no longer here."""
        taken, self._words = self._words, defaultdict(CarrierWord)
        return taken

    def give_back(self, words: dict[SenderKey, CarrierWord]) -> None:
        """What could not be told on."""
        for key, word in words.items():
            self._words[key] += word


class Fleet:
    """This process among those that share its senders; one that only takes receipts has no `ways`."""

    def __init__(self, *, database: Database, clock: Clock, hearsay: Hearsay, ways: Ways | None) -> None:
        self._database = database
        self._clock = clock
        self._hearsay = hearsay
        self._ways = ways
        self._id: UUID = uuid7()
        self._beat = 0
        self._others: dict[UUID, tuple[int, float]] = {}
        self._heard: dict[SenderKey, CarrierWord] | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Beat until told to stop, then say so."""
        while not stopping.is_set():
            await self.turn()
            try:
                await asyncio.wait_for(stopping.wait(), BEAT_SECONDS)
            except TimeoutError:
                continue
        await self._database.insist(self._leave, what="fleet")

    async def turn(self) -> None:
        """Tell the others, and hear them."""
        words = self._hearsay.taken()
        try:
            await self._database.insist(lambda c: self._exchange(c, words), what="fleet")
        except asyncio.CancelledError:
            self._hearsay.give_back(words)
            raise

    async def _exchange(self, connection: Any, words: dict[SenderKey, CarrierWord]) -> None:
        if words:
            await senders.add_words(connection, words)
        if self._ways is None:
            return
        self._beat += 1
        told = [_health(each) for each in self._ways.report(self._clock.monotonic())]
        await senders.beat(connection, self._id, self._beat, told, self._clock.now())
        await self._share(connection, self._ways)
        self._hear(await senders.words(connection), self._ways)

    async def _share(self, connection: Any, ways: Ways) -> None:
        """A process lives whose beat has risen lately, as this process's own clock tells."""
        now = self._clock.monotonic()
        seen: dict[UUID, tuple[int, float]] = {}
        for process, number in (await senders.beats(connection)).items():
            if process == self._id:
                continue
            last, since = self._others.get(process, (None, now))
            if number == last and now - since >= MISSED_SECONDS:
                await senders.bury(connection, process, number)
            else:
                seen[process] = (number, since if number == last else now)
        self._others = seen
        ways.share(len(seen) + 1, now)

    def _hear(self, words: dict[SenderKey, CarrierWord], ways: Ways) -> None:
        """What is new since the last turn; what was said before this process began is no news."""
        heard, self._heard = self._heard, words
        if heard is None:
            return
        now = self._clock.monotonic()
        for key, word in words.items():
            news = word - heard.get(key, NOTHING)
            if news != NOTHING:
                ways.hear(*key, news, now)

    async def _leave(self, connection: Any) -> None:
        await senders.leave(connection, self._id)


def _health(report: WayReport) -> SenderHealth:
    health = report.health
    cause = health.cause.value if health.cause is not None else None
    return SenderHealth(report.provider, report.channel.value, report.sender, health.state.value, cause, health.seconds)
