"""Two workers, each on a connection of its own, race for every person's last permitted contact."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from schemas.enums import AttemptState
from services.database import Database
from services.settling import News, Word
from tests.services.engine.engine import Engine, definition, due, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TWO_STEPS = """\
  - {id: uno, at: due_date, channels: [sms], template: vence_hoy}
  - {id: dos, at: due_date, channels: [email], template: vence_hoy}"""
MOST_AT_ONCE = 250


@pytest.mark.parametrize("people", [50, pytest.param(1000, marks=pytest.mark.slow)])
async def test_17_of_two_workers_one_gets_a_persons_last_contact_and_the_other_none(
    engine: MakeEngine, database_url: str, people: int
) -> None:
    e = await engine(definition(TWO_STEPS))
    refs = [f"D-{n}" for n in range(people)]
    for start in range(0, people, MOST_AT_ONCE):
        some = refs[start : start + MOST_AT_ONCE]
        await e.happen_all([fact for ref in some for fact in (snapshot(ref, email=True), due(ref))])
    other = await Database.connect(database_url, size=1)
    try:
        handed = await asyncio.gather(_work(e, e.database), _work(e, other))
    finally:
        await other.close()
    assert sum(handed) == people
    assert min(handed) > 0
    (row,) = await e.rows("select count(*) as all, count(distinct debtor_ref) as people from attempt")
    assert (row["all"], row["people"]) == (people, people)
    ended = await e.rows("select outcome, rule, count(*) as n from message where state = 'denied' group by 1, 2")
    assert [(row["outcome"], row["rule"], row["n"]) for row in ended] == [
        ("suppressed", "mx-policy-one-a-day", people),
    ]


async def _work(e: Engine, database: Database) -> int:
    """Claims a few people at a time and settles them, as the other does, until nothing is due."""
    handed = 0
    while due := await e.rows("select min(due_at) as at from message where state = 'planned' having count(*) > 0"):
        e.clock.advance(max(due[0]["at"] - e.clock.now(), timedelta(0)))
        async with database.transaction() as connection:
            claimed = await e.delivery.claim(connection, limit=8, now=e.clock.now(), monotonic=e.clock.monotonic())
        handed += len(claimed.sendings)
        accepted = Word(AttemptState.ACCEPTED, provider_ref="ref")
        async with database.transaction() as connection:
            news = [News(sending.attempt_id, accepted, closes=True) for sending in claimed.sendings]
            await e.settling.settle(connection, news, e.clock.now())
    return handed
