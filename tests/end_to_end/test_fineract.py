"""Apache Fineract's own events through the whole of `puntual serve`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from tests.end_to_end.fixtures import a_world, prove
from tests.end_to_end.world import World
from tests.schemas.fineract_records import ACCOUNT, CLIENT, DUE, TRANSACTION, bulk, envelope, payload

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

TOPIC = "external-events"
NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""Inside the hours of every zone of Mexico: Fineract does not tell where a client lives."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[World]:
    """A deployment that listens to Fineract."""
    folder = tmp_path_factory.mktemp("fineract")
    async with a_world(folder, postgres_dsn, template_database, now=NOON, fineract_topic=TOPIC) as made:
        await made.start()
        yield made
        await prove(made)


class Lender:
    """A Fineract with one client and one loan; its phone numbers are written without a country."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self.loan_id, self.client_id = 1000 + number, 2000 + number
        self.national = f"55{60_000_000 + number:08d}"
        self._number = number

    async def tells(self, *records: tuple[int, bytes]) -> None:
        """Put records on its topic."""
        for key, value in records:
            self._world.topics.produce(TOPIC, key=key.to_bytes(8, "big", signed=True), value=value)
        await asyncio.to_thread(self._world.topics.flush)

    def due(self, event_id: str = "due") -> tuple[int, bytes]:
        """Its word on an installment that falls due."""
        return self._record("LoanRepaymentDue", "LoanRepaymentDueDataV1", self._due(), event_id)

    def account(self) -> tuple[int, bytes]:
        """Its word on whose loan it is."""
        return self._record("LoanApproved", "LoanAccountDataV1", self._account(), "approved")

    def client(self) -> tuple[int, bytes]:
        """Its word on the client."""
        fields = {**CLIENT, "id": self.client_id, "mobileNo": self.national, "emailAddress": None}
        _, value = self._record("ClientActivate", "ClientDataV1", fields, "client")
        return self.client_id, value

    def repayment(self) -> tuple[int, bytes]:
        """Its word on money that came in, with the loan's new status, in one record."""
        paid = {**TRANSACTION, "loanId": self.loan_id, "externalId": f"PAY-{self.loan_id}"}
        items = [
            (
                "LoanTransactionMakeRepaymentPostBusinessEvent",
                "LoanTransactionDataV1",
                payload("LoanTransactionDataV1", paid),
            ),
            (
                "LoanStatusChangedBusinessEvent",
                "LoanAccountDataV1",
                payload("LoanAccountDataV1", self._account(600)),
            ),
        ]
        return self.loan_id, bulk(items, createdAt="2026-11-24T12:00:00.5", idempotencyKey=f"paid-{self._number}")

    def _record(self, kind: str, record: str, fields: dict[str, Any], event_id: str) -> tuple[int, bytes]:
        data = payload(record, fields)
        key = f"{event_id}-{self._number}"
        at = {"createdAt": "2026-11-24T07:05:01.123456", "businessDate": "2026-11-23", "idempotencyKey": key}
        return self.loan_id, envelope(kind + "BusinessEvent", record, data, **at)

    def _due(self) -> dict[str, Any]:
        installment = {**DUE["installment"], "installmentDueDate": "2026-11-24"}
        return {**DUE, "loanId": self.loan_id, "installment": installment}

    def _account(self, status: int = 300) -> dict[str, Any]:
        return {**ACCOUNT, "id": self.loan_id, "clientId": self.client_id, "status": {"id": status}}


async def test_a_due_event_waits_for_the_link_and_the_client_and_becomes_one_message(world: World) -> None:
    lender = Lender(world, 1)
    await lender.tells(lender.due(), lender.due("repeated by a second close of business"))
    await world.row("select 1 from installment where loan_ref = $1", str(lender.loan_id))
    await lender.tells(lender.account())
    await world.row("select 1 from loan where loan_ref = $1 and debtor_ref is not null", str(lender.loan_id))
    assert list(await world.rows("select 1 from message where debtor_ref = $1", str(lender.client_id))) == []
    await lender.tells(lender.client())
    await world.until(
        lambda: [each for each in world.provider.messages if each.to == f"+52{lender.national}"], "the message"
    )
    await world.rest()
    (message,) = [each for each in world.provider.messages if each.to == f"+52{lender.national}"]
    assert "Ana" in message.body
    assert "$1,050.50" in message.body


async def test_the_order_of_arrival_makes_no_difference_and_a_bulk_record_ends_the_matter(world: World) -> None:
    lender = Lender(world, 2)
    await lender.tells(lender.client(), lender.repayment(), lender.account(), lender.due())
    await world.row("select 1 from installment where loan_ref = $1", str(lender.loan_id))
    await world.rest()
    assert not [each for each in world.provider.messages if each.to == f"+52{lender.national}"]
    assert await world.row("select 1 from payment where loan_ref = $1", str(lender.loan_id))


async def test_releases_unused_types_and_dead_letters_are_counted(world: World) -> None:
    lender = Lender(world, 3)
    unused = envelope("SavingsDepositBusinessEvent", "SavingsAccountDataV1", b"", idempotencyKey="s-1")
    other_bank = envelope("LoanApprovedBusinessEvent", "LoanAccountDataV1", b"", tenantId="bank2")
    await lender.tells((7, unused), (8, other_bank), lender.account())
    await world.row("select 1 from loan where loan_ref = $1", str(lender.loan_id))

    async def counted() -> bool:
        metrics = await world.metrics()
        return all(
            line in metrics
            for line in (
                'puntual_fineract_records_total{release="develop-2026-06"}',
                'puntual_events_ignored_total{type="SavingsDepositBusinessEvent"} 1.0',
                'puntual_dead_letters_total{reason="unknown_tenant",topic="external-events"} 1.0',
            )
        )

    await world.until(counted, "the metrics")
