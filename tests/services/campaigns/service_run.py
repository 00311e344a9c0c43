"""The running service driven over the days of a portfolio, by its own parts and on a clock that stands still."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from channels.provider import Accepted
from schemas.enums import AttemptState, Channel
from services.attempting import Attempting
from services.calendar import Calendar
from services.clock import FakeClock
from services.delivery import Delivery
from services.intake import Fact
from services.progress import Word
from services.settling import News
from services.wiring import Parts

NEXT = "select min(due_at) from message where state = 'planned'"
DUE = (
    "select debtor_ref, campaign, step, reason, rule, due_at, attempts from message"
    " where state = 'planned' and due_at <= $1"
)
MOST_CLAIMS = 25
TASKS = (
    "select m.debtor_ref, m.loan_ref, m.installment_number, m.campaign, m.step, t.type, t.created_at"
    " from task t join message m on m.id = t.message_id"
)
HELD = "select debtor_ref, loan_ref, installment_number, campaign, step from message where reason = 'holdout'"
LINK = re.compile(r"/l/[\w.~-]+")

Message = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a core says of one debtor at one instant."""

    at: datetime
    facts: list[Fact]


@dataclass(slots=True)
class Ran:
    """What came of it."""

    sent: list[Message] = field(default_factory=list)
    tasks: list[Message] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)


def words_of(content: Any) -> str:
    """The words that tell one message from another; links to pay are each message's own."""
    return LINK.sub("/l/", str(content.text if content.channel is Channel.SMS else content.subject))


async def run(parts: Parts, told: Sequence[Told], turns: Sequence[datetime], end: Mapping[str, datetime]) -> Ran:
    """Drive intake, calendar and delivery from instant to instant; every message is accepted and delivered at once."""
    clock, ran = parts.clock, Ran()
    assert isinstance(clock, FakeClock)
    waiting, coming = sorted(told, key=lambda each: each.at), sorted(turns)
    delivery = delivery_of(parts)
    calendar = Calendar(parts.policy, parts.planner, parts.running, parts.publisher)
    while (instant := await following(parts, waiting, coming)) is not None and instant < max(end.values()):
        clock.advance(max(instant - clock.now(), timedelta(0)))
        while waiting and waiting[0].at <= clock.now():
            await tell(parts, waiting.pop(0))
        if coming and coming[0] <= clock.now():
            coming.pop(0)
            await plan(parts, calendar)
        for _ in range(MOST_CLAIMS):
            messages = await claim(parts, delivery)
            if not messages:
                break
            ran.sent += [message for message in messages if message and message[5] < end[message[0]]]
        else:
            raise AssertionError(f"messages stay due at {clock.now()}: {await due(parts)}")
    async with parts.database.reading() as connection:
        tasks = await connection.fetch(TASKS)
        ran.tasks = [tuple(row)[:-1] for row in tasks if row["created_at"] < end[row["debtor_ref"]]]
        ran.held = [tuple(row) for row in await connection.fetch(HELD)]
    return ran


async def due(parts: Parts) -> list[Any]:
    """What is due now."""
    async with parts.database.reading() as connection:
        return [tuple(row) for row in await connection.fetch(DUE, parts.clock.now())]


async def following(parts: Parts, waiting: Sequence[Told], turns: Sequence[datetime]) -> datetime | None:
    """The next instant at which anything can happen."""
    async with parts.database.reading() as connection:
        due = await connection.fetchval(NEXT)
    instants = [due, *(each.at for each in waiting[:1]), *turns[:1]]
    return min((each for each in instants if each is not None), default=None)


async def tell(parts: Parts, told: Told) -> None:
    """Take in what a core says at one instant."""
    async with parts.database.transaction() as connection:
        handled = await parts.intake.handle(connection, told.facts, parts.clock.now())
    assert handled.refused == []


async def plan(parts: Parts, calendar: Calendar) -> None:
    """One turn of upkeep's calendar, to its end."""
    more = True
    while more:
        async with parts.database.transaction() as connection:
            more = await calendar.advance(connection, parts.clock.now())


async def claim(parts: Parts, delivery: Delivery) -> list[Message]:
    """One claim, settled; an entry for each message considered, empty where it was not handed over."""
    now = parts.clock.now()
    assert parts.ways.capacity(parts.clock.monotonic()) > 0
    async with parts.database.transaction() as connection:
        claimed = await delivery.claim(connection, limit=500, now=now, monotonic=parts.clock.monotonic())
        rows = {
            row["id"]: row
            for row in await connection.fetch(
                "select a.id, a.template, m.debtor_ref, m.loan_ref, m.installment_number, m.campaign, m.step"
                " from attempt a join message m on m.id = a.message_id where a.id = any($1::uuid[])",
                [sending.attempt_id for sending in claimed.sendings],
            )
        }
    for sending in claimed.sendings:
        parts.ways.record(sending.way, Accepted(str(sending.attempt_id)), parts.clock.monotonic())
    for state in (AttemptState.ACCEPTED, AttemptState.DELIVERED):
        news = [News(each.attempt_id, Word(state), closes=True) for each in claimed.sendings]
        async with parts.database.transaction() as connection:
            await parts.settling.settle(connection, news, now)
    messages = [message_of(rows[each.attempt_id], each.handover.content, now) for each in claimed.sendings]
    return [*messages, *[()] * (claimed.considered - len(messages))]


def message_of(row: Any, content: Any, now: datetime) -> Message:
    """A hand-over in the words of the simulator."""
    template = json.loads(row["template"])
    text = words_of(content)
    key = (row["debtor_ref"], row["loan_ref"], row["installment_number"], row["campaign"], row["step"])
    return (*key, now, content.channel.value, template["name"], template["variant"] or "", text)


def delivery_of(parts: Parts) -> Delivery:
    """The service's claim over these parts."""
    attempting = Attempting(policy=parts.policy, words=parts.words, vault=parts.vault)
    return Delivery(
        policy=parts.policy,
        speakers=parts.speakers,
        running=parts.running,
        ways=parts.ways,
        attempting=attempting,
        publisher=parts.publisher,
        lease=timedelta(seconds=45),
    )
