"""Figures against a portfolio whose numbers are known."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from schemas.enums import AttemptState
from schemas.figures import By
from services.counting import Counting
from services.figures import kpis
from tests.services.engine.engine import Engine, definition, due, make_engine, phone, snapshot

TODAY = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
DAY = date(2026, 11, 24)


@pytest.fixture
async def engine(database_url: str, data_dir: Path) -> AsyncIterator[Engine]:
    made = await make_engine(database_url, data_dir, definition(TODAY))
    yield made
    await made.database.close()


async def test_counts_rates_and_the_portfolio(engine: Engine) -> None:
    await engine.happen_all([snapshot("D-1", segment="A"), snapshot("D-2"), snapshot("D-3", loans=2)])
    await engine.happen_all([due("D-1"), due("D-2"), due("D-3"), due("D-3", 1), due("D-2", on="2026-11-24")])
    assert await engine.dispatch() == 3
    for handover in engine.provider.handed:
        if handover.to != phone("D-2"):
            await engine.receipt(handover.attempt_id, AttemptState.DELIVERED)
    await engine.move(days=2)
    paid = {"paymentRef": "p", "kind": "repayment", "valueDate": "2026-11-26"}
    amount = {"amount": "1000", "currency": "MXN"}
    await engine.happen("payment.received", debtorRef="D-1", loanRef="D-1-L0", **paid, amount=amount)
    async with engine.database.transaction() as connection:
        await Counting().turn(connection, engine.clock.now())
        answer = await kpis(connection, since=DAY, until=date(2026, 11, 27), by=By.SEGMENT, today=date(2026, 11, 26))
    rows = {row.key: row for row in answer.rows}
    assert (rows["A"].planned, rows["A"].delivered, rows["A"].sent) == (1, 1, 1)
    assert (rows["B"].planned, rows["B"].sent, rows["B"].delivered, rows["B"].suppressed) == (3, 2, 1, 1)
    assert [(figure.rule, figure.messages) for figure in answer.blocked] == [("mx-policy-one-a-day", 1)]
    portfolio = answer.portfolio[0]
    assert (portfolio.currency, portfolio.open_installments) == ("MXN", 3)
    assert (portfolio.overdue, portfolio.outstanding, portfolio.recovered) == (3000, 3000, 1000)
    assert (portfolio.delinquency_index, portfolio.recovery_rate, portfolio.days_to_collect) == (1.0, 0.25, 2.0)


async def test_an_empty_period_has_no_rows_and_no_rates(engine: Engine) -> None:
    async with engine.database.reading() as connection:
        answer = await kpis(connection, since=DAY, until=date(2026, 11, 25), by=By.DAY, today=DAY)
    assert (answer.rows, answer.blocked, answer.portfolio) == ((), (), ())
