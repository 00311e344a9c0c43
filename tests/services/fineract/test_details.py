"""What Fineract's events leave out is asked for beside them, and never holds them up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.applying import Applying
from services.fineract_client import DetailsAway, FineractClient
from services.fineract_details import FineractDetails
from services.intake import Fact
from services.reading import read_fineract
from services.settings import Settings
from tests.end_to_end.waiting import eventually
from tests.schemas.fineract_records import ACCOUNT, DUE, LOAN_KEY, TRANSACTION, envelope, payload
from tests.services.engine.conftest import MakeEngine, engine
from tests.services.engine.engine import Engine, definition
from tests.services.fineract.core import PASSWORD, TENANT, USER, FakeFineract, period
from tests.services.fineract.test_reading import Record

__all__ = ["engine"]

STEP = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
EARLIER = "2026-11-24T09:00:00.000001"
Core = Callable[..., Awaitable["Scene"]]


class Scene:
    """An engine that heard of Fineract's events, and a Fineract to ask."""

    def __init__(self, engine: Engine, fineract: FakeFineract, client: FineractClient) -> None:
        self.engine, self.fineract = engine, fineract
        self.applying = Applying(engine.database, engine.intake, engine.clock, "test")
        self.details = FineractDetails(
            client=client, database=engine.database, applying=self.applying, clock=engine.clock, tenant=TENANT
        )

    async def hears(self, kind: str, record: str, fields: dict[str, Any], **more: Any) -> None:
        """An event of loan 42 is taken in and noticed, as ingest does."""
        value = envelope(f"{kind}BusinessEvent", record, payload(record, fields), createdAt=EARLIER, **more)
        reading = read_fineract(Record(LOAN_KEY, value), self.engine.clock.now(), tenant=TENANT)
        assert reading.bad is None
        assert (await self.applying.handle(reading.facts)).refused == []
        self.details.notice(reading.facts)

    async def hears_due(self) -> None:
        """Its installment falls due."""
        await self.hears("LoanRepaymentDue", "LoanRepaymentDueDataV1", on_tuesday(DUE), idempotencyKey="due")

    async def hears_payment(self) -> None:
        """Money came in."""
        await self.hears(
            "LoanTransactionMakeRepaymentPost", "LoanTransactionDataV1", TRANSACTION, idempotencyKey="paid"
        )

    async def planned(self) -> list[str]:
        """States of all messages."""
        return [row["state"] for row in await self.engine.rows("select state from message order by id")]


def on_tuesday(due: dict[str, Any]) -> dict[str, Any]:
    return {**due, "installment": {**due["installment"], "installmentNumber": 1, "installmentDueDate": "2026-11-24"}}


@pytest.fixture
async def scene(engine: MakeEngine) -> AsyncIterator[Scene]:
    made = await engine(definition(STEP))
    async with FakeFineract() as fineract:
        fineract.lend(42, 7)
        fineract.know(7)
        settings = Settings.load(
            fineract_topic="external-events",
            fineract_url=fineract.url,
            fineract_username=USER,
            fineract_password=PASSWORD,
            fineract_per_second=1000,
        )
        async with FineractClient(settings, made.clock) as client:
            yield Scene(made, fineract, client)


async def test_a_due_event_of_a_stranger_becomes_a_message_without_any_other_event(scene: Scene) -> None:
    await scene.hears_due()
    assert await scene.planned() == []
    assert await scene.details.turn() == 1
    assert scene.fineract.asked == ["/loans/42", "/clients/7"]
    assert await scene.planned() == ["planned"]
    assert await scene.details.turn() == 0


async def test_who_is_known_is_not_asked_for_again(scene: Scene) -> None:
    await scene.hears_due()
    await scene.details.turn()
    scene.fineract.asked.clear()
    await scene.hears("LoanApproved", "LoanAccountDataV1", ACCOUNT, idempotencyKey="approved")
    await scene.details.turn()
    assert scene.fineract.asked == []


async def test_a_number_that_changed_is_heard_of_a_day_later(scene: Scene) -> None:
    await scene.hears_due()
    await scene.details.turn()
    scene.fineract.know(7, phone="+525587654321")
    await scene.engine.move(hours=25)
    await scene.hears("LoanApproved", "LoanAccountDataV1", ACCOUNT, idempotencyKey="approved")
    before = await scene.engine.rows("select blind from contact_point")
    await scene.details.turn()
    assert await scene.engine.rows("select blind from contact_point") != before


async def test_a_part_payment_is_followed_by_what_is_still_asked_for(scene: Scene) -> None:
    await scene.hears_due()
    await scene.details.turn()
    periods = [period(1, totalOutstandingForPeriod=250), period(2, [2026, 12, 10])]
    scene.fineract.lend(42, 7, repaymentSchedule={"periods": periods})
    await scene.engine.move(minutes=1)
    await scene.hears_payment()
    await scene.details.turn()
    rows = await scene.engine.rows("select number, due_date, amount::float from installment order by number")
    assert [tuple(row) for row in rows] == [(1, date(2026, 11, 24), 250.0), (2, date(2026, 12, 10), 1050.5)]


async def test_a_paid_installment_is_no_longer_asked_for(scene: Scene) -> None:
    await scene.hears_due()
    await scene.details.turn()
    paid = period(1, complete=True, obligationsMetOnDate=[2026, 11, 24])
    scene.fineract.lend(42, 7, repaymentSchedule={"periods": [paid]})
    await scene.engine.move(minutes=1)
    await scene.hears_payment()
    await scene.details.turn()
    assert [row["state"] for row in await scene.engine.rows("select state from message")] == ["cancelled"]


@pytest.mark.parametrize(("active", "open_holds"), [(True, 1), (False, 0)])
async def test_whether_a_pause_began_or_ended_is_asked(scene: Scene, active: bool, open_holds: int) -> None:
    pauses = [{"active": active, "pausePeriodStart": [2026, 11, 20], "pausePeriodEnd": [2026, 12, 20]}]
    scene.fineract.lend(42, 7, delinquent={"delinquencyPausePeriods": pauses})
    await scene.hears("LoanAccountDelinquencyPauseChanged", "LoanAccountDataV1", ACCOUNT, idempotencyKey="pause")
    await scene.details.turn()
    rows = await scene.engine.rows("select until from hold where released_at is null")
    assert len(rows) == open_holds
    assert all(row["until"].date() >= date(2026, 12, 20) for row in rows)


async def test_what_could_not_be_asked_stays_wanted(scene: Scene) -> None:
    await scene.hears_due()
    scene.fineract.mood = ["500"] * 3
    with pytest.raises(DetailsAway):
        await scene.details.turn()
    assert await scene.planned() == []
    assert await scene.details.turn() == 1
    assert await scene.planned() == ["planned"]


async def test_one_loan_that_fineract_fails_over_holds_up_no_other(scene: Scene) -> None:
    await scene.hears_due()
    (fact,) = await _facts(scene)
    assert fact.event is not None
    other = fact.event.model_copy(update={"loan_ref": "41"})
    scene.details.notice([Fact(fact.source, "other", fact.event_type, fact.at, other)])
    scene.fineract.broken = {41}
    with pytest.raises(DetailsAway):
        await scene.details.turn()
    assert await scene.engine.rows("select loan_ref from loan where debtor_ref = '7'") == [("42",)]


async def test_a_pause_that_is_asked_from_a_kept_answer_is_taken_in_too(scene: Scene) -> None:
    pauses = [{"active": True, "pausePeriodStart": [2026, 11, 20], "pausePeriodEnd": None}]
    scene.fineract.lend(42, 7, delinquent={"delinquencyPausePeriods": pauses})
    await scene.hears_payment()
    await scene.details.turn()
    await scene.hears("LoanAccountDelinquencyPauseChanged", "LoanAccountDataV1", ACCOUNT, idempotencyKey="pause")
    await scene.details.turn()
    assert scene.fineract.asked.count("/loans/42") == 1
    assert len(await scene.engine.rows("select 1 from hold where released_at is null")) == 1


async def test_who_was_forgotten_by_a_restart_is_found_in_the_database(scene: Scene) -> None:
    await scene.hears_due()
    fresh = Scene(scene.engine, scene.fineract, scene.details._client)
    assert await fresh.details.turn() == 0
    await fresh.details.look_for_waiting()
    assert await fresh.details.turn() == 1
    assert await scene.planned() == ["planned"]


async def test_a_client_lost_between_two_questions_is_asked_for_later(scene: Scene) -> None:
    await scene.hears_due()
    scene.fineract.mood = ["well", "500", "500", "500"]
    with pytest.raises(DetailsAway):
        await scene.details.turn()
    fresh = Scene(scene.engine, scene.fineract, scene.details._client)
    await fresh.details.look_for_waiting()
    assert await fresh.details.turn() == 1
    assert await scene.planned() == ["planned"]


@pytest.mark.parametrize(
    "odd_schedule",
    [
        {"repaymentSchedule": {"periods": ["one"]}},
        {"repaymentSchedule": {"periods": [{"period": 1, "dueDate": [2026, 13, 1]}]}},
        {"repaymentSchedule": {"periods": [period(1, totalOutstandingForPeriod="much")]}},
        {"repaymentSchedule": {}},
        {"currency": None},
    ],
)
async def test_an_odd_schedule_changes_nothing(scene: Scene, odd_schedule: dict[str, Any]) -> None:
    await scene.hears_due()
    await scene.details.turn()
    scene.fineract.lend(42, 7, **odd_schedule)
    await scene.engine.move(minutes=1)
    await scene.hears_payment()
    await scene.details.turn()
    (row,) = await scene.engine.rows("select amount::float from installment")
    assert row[0] == 1050.5


@pytest.mark.parametrize(
    "odd",
    [
        {"clientId": "seven"},
        {"status": None},
        {"status": {"id": 12345}},
        {"clientId": -1},
        {"loanProductName": ["x"] * 300},
        {"status": "active"},
    ],
)
async def test_an_odd_answer_changes_nothing_and_stops_nobody(scene: Scene, odd: dict[str, Any]) -> None:
    scene.fineract.lend(42, 7, **odd)
    await scene.hears_due()
    assert await scene.details.turn() == 1
    assert await scene.engine.rows("select 1 from loan where debtor_ref is not null") in ([], [(1,)])


async def test_an_answer_older_than_a_payment_does_not_undo_it(scene: Scene) -> None:
    await scene.hears_due()
    await scene.details.turn()
    asked_before = len(scene.fineract.asked)
    await scene.engine.move(minutes=1)
    await scene.hears_payment()
    await scene.details.turn()
    assert len(scene.fineract.asked) > asked_before, "a kept answer must not be used"


async def test_the_loop_ends_when_told_while_fineract_is_away(scene: Scene) -> None:
    await scene.hears_due()
    scene.fineract.mood = ["500"] * 100
    stopping = asyncio.Event()
    running = asyncio.create_task(scene.details.run(stopping))
    await eventually(lambda: scene.fineract.asked, "the first question")
    stopping.set()
    await asyncio.wait_for(running, 5)


async def test_the_queue_is_bounded(scene: Scene) -> None:
    fact = (await _facts(scene))[0]
    assert fact.event is not None
    many = (
        Fact(fact.source, str(n), fact.event_type, fact.at, fact.event.model_copy(update={"loan_ref": str(n)}))
        for n in range(25_000)
    )
    scene.details.notice(many)
    assert len(scene.details._wanted) == 20_000


async def _facts(scene: Scene) -> Any:
    value = envelope(
        "LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", payload("LoanRepaymentDueDataV1", on_tuesday(DUE))
    )
    return read_fineract(Record(LOAN_KEY, value), scene.engine.clock.now() + timedelta(0), tenant=TENANT).facts
