"""What upkeep counts from the feed of changes is what counting everything anew gives, whatever happened before."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from schemas.enums import AttemptState
from services.counting import Counting
from services.store import figures
from tests.services.engine.engine import Engine, definition, due, make_engine, snapshot

STEPS = """
  - {id: previo, at: due_date - 1d, channels: [sms], template: vence_hoy}
  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}
"""
DIRECT = """
select day, campaign, coalesce(channel, '') as channel, coalesce(segment, '') as segment,
    coalesce(region, '') as region, state,
    case when state = 'suppressed' then coalesce(rule, reason, 'unknown') else '' end as rule, count(*) as messages,
    count(*) filter (where handed_over) as handed_over, coalesce(sum(parts), 0) as parts, sum(replies) as replies,
    sum(promises) as promises
from figures_message group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
"""
COUNTED = """
select day, campaign, channel, segment, region, state, rule, messages, handed_over, parts, replies, promises
from message_figure where messages <> 0 order by 1, 2, 3, 4, 5, 6, 7
"""
DEBTS_DIRECT = """
select open, case when open then due_date else coalesce(paid_on, '-infinity') end as day, currency,
    coalesce(creditor_ref, ''), coalesce(product, ''), coalesce(segment, ''), coalesce(region, ''), count(*),
    sum(amount), sum(case when open then 0 else coalesce(greatest(paid_on - due_date, 0), 0) end)
from figures_installment group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
"""
DEBTS_COUNTED = """
select open, day, currency, creditor, product, segment, region, installments, amount, days
from debt_figure where installments <> 0 order by 1, 2, 3, 4, 5, 6, 7
"""
REPLY = """
with changed as (insert into figure_change (messages) values (array[$1::uuid]))
insert into reply (id, provider, provider_ref, message_id, channel, intent, at)
values (gen_random_uuid(), 'fake', gen_random_uuid()::text, $1, 'sms', $2, $3)
"""


@pytest.fixture
async def engine(database_url: str, data_dir: Path) -> AsyncIterator[Engine]:
    made = await make_engine(database_url, data_dir, definition(STEPS))
    yield made
    await made.database.close()


async def count(engine: Engine) -> None:
    """Let upkeep count all that waits."""
    counting, more = Counting(), True
    while more:
        async with engine.database.transaction() as connection:
            more = await counting.turn(connection, engine.clock.now())


async def the_same(engine: Engine) -> list[Any]:
    """Check the counts against the ledger; gives those of messages."""
    counted = [tuple(row) for row in await engine.rows(COUNTED)]
    assert counted == [tuple(row) for row in await engine.rows(DIRECT)]
    await _sums_agree(engine)
    await _narrowed_agree(engine)
    debts = [tuple(row) for row in await engine.rows(DEBTS_COUNTED)]
    assert debts == [tuple(row) for row in await engine.rows(DEBTS_DIRECT)]
    return counted


async def _sums_agree(engine: Engine) -> None:
    """Pages from the sums and pages from the figures themselves are the same."""
    day = engine.clock.now().date()
    period: dict[str, Any] = {"since": day - timedelta(days=60), "until": day + timedelta(days=60), "today": day}
    async with engine.database.reading() as connection:
        for by in figures.BY:
            found = await figures.read(connection, by=by, **period)
            slow = await figures.read(connection, by=by, only=figures.Only(campaign="prueba"), **period)
            assert (found.rows, found.blocked) == (slow.rows, slow.blocked)
        of_segments = [
            await figures.read(connection, by="day", only=figures.Only(segment=segment), **period)
            for segment in ("A", "B", "")
        ]
        overdue = sum(row["overdue"] for part in of_segments for row in part.portfolio)
        assert overdue == sum(row["overdue"] for row in found.portfolio)


async def _narrowed_agree(engine: Engine) -> None:
    """What has one campaign, channel, segment or region is what the figures themselves say of it."""
    counted = await engine.rows(COUNTED)
    day = engine.clock.now().date()
    period: dict[str, Any] = {"since": day - timedelta(days=60), "until": day + timedelta(days=60), "today": day}
    async with engine.database.reading() as connection:
        for name, by in product(("campaign", "channel", "segment", "region"), figures.BY):
            for value in {row[name] for row in counted}:
                found = await figures.read(connection, by=by, only=figures.Only(**{name: value}), **period)
                mine = [row for row in counted if row[name] == value]
                planned = _sums((_key(row, by), row["messages"]) for row in mine)
                assert {row["key"]: row["planned"] for row in found.rows} == planned, (name, value, by)
                blocked = _sums((row["rule"], row["messages"]) for row in mine if row["state"] == "suppressed")
                assert {row["rule"]: row["messages"] for row in found.blocked} == blocked


def _key(row: Any, by: str) -> str:
    return str(row[by]) or ("task" if by == "channel" else "")


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for key, count in pairs:
        found[key] += count
    return dict(found)


class Life:
    """Random things that happen to a few debtors."""

    def __init__(self, engine: Engine, chance: random.Random) -> None:
        self.engine = engine
        self.chance = chance
        self.payments = 0

    async def step(self) -> None:
        """One of them."""
        ref = f"D-{self.chance.randint(1, 4)}"
        await self.chance.choice((self._snapshot, self._due, self._paid, self._time, self._send, self._hear))(ref)

    async def _snapshot(self, ref: str) -> None:
        segment, region = self.chance.choice("AB"), self.chance.choice(("MX-JAL", None))
        await self.engine.happen_all([snapshot(ref, loans=2, segment=segment, region=region)])

    async def _due(self, ref: str) -> None:
        on = self.engine.clock.now().date() + timedelta(days=self.chance.randint(-3, 3))
        amount = str(self.chance.randint(100, 900))
        await self.engine.happen_all([due(ref, self.chance.randint(0, 1), on=on.isoformat(), amount=amount)])

    async def _paid(self, ref: str) -> None:
        self.payments += 1
        amount = {"amount": str(self.chance.choice((50, 5000))), "currency": "MXN"}
        day = self.engine.clock.now().date().isoformat()
        paid = {"paymentRef": f"p{self.payments}", "kind": "repayment", "valueDate": day, "amount": amount}
        await self.engine.happen("payment.received", debtorRef=ref, loanRef=f"{ref}-L0", **paid)

    async def _time(self, _ref: str) -> None:
        await self.engine.move(hours=self.chance.randint(1, 20))

    async def _send(self, _ref: str) -> None:
        await self.engine.dispatch()

    async def _hear(self, _ref: str) -> None:
        attempts = await self.engine.rows("select id, message_id from attempt order by id")
        if attempts:
            attempt = self.chance.choice(attempts)
            state = self.chance.choice((AttemptState.DELIVERED, AttemptState.UNDELIVERED, AttemptState.READ))
            await self.engine.receipt(attempt["id"], state)
            async with self.engine.database.transaction() as connection:
                intent = self.chance.choice(("promise", "unclear"))
                await connection.execute(REPLY, attempt["message_id"], intent, self.engine.clock.now())


@pytest.mark.parametrize("seed", [1, 2])
async def test_counting_what_changed_is_counting_everything(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    life = Life(engine, chance)
    for _ in range(60):
        await life.step()
        if chance.random() < 0.2:
            await count(engine)
            await the_same(engine)
    await count(engine)
    assert await the_same(engine)


async def test_a_day_keeps_what_the_portfolio_was_at_its_end(engine: Engine) -> None:
    await engine.happen_all([snapshot("D-1"), due("D-1", on="2026-11-20", amount="700")])
    await count(engine)
    await engine.move(days=1)
    paid = {"paymentRef": "p", "kind": "repayment", "valueDate": "2026-11-25"}
    amount = {"amount": "700", "currency": "MXN"}
    await engine.happen("payment.received", debtorRef="D-1", loanRef="D-1-L0", **paid, amount=amount)
    await count(engine)
    async with engine.database.reading() as connection:
        period = {"since": date(2026, 11, 1), "until": date(2026, 12, 1), "today": date(2026, 11, 25)}
        found = await figures.read(connection, by="day", **period)
    assert [(row["day"].day, row["overdue"]) for row in found.trend] == [(24, 700)]
    assert [(row["recovered"], row["overdue"], row["days_to_collect"]) for row in found.portfolio] == [(700, 0, 5)]


async def test_two_processes_count_once(engine: Engine) -> None:
    await engine.happen_all([snapshot("D-1"), due("D-1")])
    async with engine.database.transaction() as first, engine.database.transaction() as second:
        counting = Counting()
        assert await counting.turn(first, engine.clock.now()) is False
        assert await counting.turn(second, engine.clock.now()) is False
    await count(engine)
    assert await the_same(engine)


async def test_sums_that_another_version_left_uneven_are_mended(engine: Engine) -> None:
    await engine.happen_all([snapshot("D-1", segment="A"), snapshot("D-2", segment="B"), due("D-1"), due("D-2")])
    await count(engine)
    before = await engine.rows("select * from message_pair order by 1, 2, 3, 4, 5, 6")
    assert before
    async with engine.database.transaction() as connection:
        await connection.execute("update message_pair set messages = messages + 1 where other = 'channel'")
        await connection.execute("delete from message_pair where other = 'segment'")
    await engine.move(minutes=10)
    await count(engine)
    mended = "select * from message_pair where messages <> 0 order by 1, 2, 3, 4, 5, 6"
    assert await engine.rows(mended) == [row for row in before if row["messages"]]
