"""A morning behind the console: people, messages handed over, delivered, failed and unknown, and tasks."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from channels.simulators.behaviour import MAGIC_PREFIX, Fault
from schemas.enums import AttemptState, FailureClass
from schemas.inbound import INBOUND
from services import wiring
from services.ids import uuid7
from services.intake import Fact
from services.progress import Word
from services.settling import News
from services.store import tasks
from services.store.tasks import TaskRow
from services.wiring import Parts
from tests.end_to_end.waiting import eventually

NAME, PHONE, MAILBOX = "Zarvol Pérez Ñandú", "+525520000001", "zarvol@correo.test"
DELIVERED, UNKNOWN, FAILED = "D-1", "D-2", "D-3"
PHONES = {
    "D-1": PHONE,
    "D-2": MAGIC_PREFIX + Fault.LOST_ANSWER.value,
    "D-3": "+525520000003",
    "D/4 ñ": "+525520000004",
    "D-5": "+525520000005",
    "D-6": "+525520000006",
}
_ATTEMPTS = "select id, debtor_ref, message_id, state from attempt where state not in ('sending')"


@dataclass(frozen=True, slots=True)
class Morning:
    """What happened: the message of each debtor."""

    messages: Mapping[str, UUID]


async def morning(parts: Parts) -> Morning:
    """Let it happen, over a provider that is simulated."""
    await tell(parts, *[event for number, ref in enumerate(PHONES) for event in _events(number, ref)])
    stopping = asyncio.Event()
    dispatching = asyncio.create_task(wiring.make_dispatch(parts).run(stopping))
    attempts = await eventually(lambda: _settled(parts), "every message to be handed over")
    stopping.set()
    await dispatching
    await _hear(parts, {row["debtor_ref"]: row["id"] for row in attempts})
    async with parts.database.transaction() as connection:
        rows = [
            TaskRow(uuid7(), "D-5", "L-4", None, "unclear_reply", "cobranza", "unclear", None),
            TaskRow(uuid7(), "D-6", "L-5", None, "call_back", "cobranza", "agent", None),
        ]
        await tasks.create(connection, rows, parts.clock.now())
    return Morning({row["debtor_ref"]: row["message_id"] for row in attempts})


async def tell(parts: Parts, *events: tuple[str, dict[str, Any]]) -> None:
    """Take in events as one batch."""
    facts = []
    for name, data in events:
        event_type = f"io.puntual.{name}.v1"
        event = INBOUND[event_type].model_validate(data, by_alias=True, by_name=False)
        facts.append(Fact("urn:test", str(uuid7()), event_type, parts.clock.now(), event))
    async with parts.database.transaction() as connection:
        handled = await parts.intake.handle(connection, facts, parts.clock.now())
    assert handled.refused == []


async def _settled(parts: Parts) -> list[Any]:
    async with parts.database.reading() as connection:
        rows: list[Any] = await connection.fetch(_ATTEMPTS)
    return rows if len(rows) == len(PHONES) else []


async def _hear(parts: Parts, attempts: Mapping[str, UUID]) -> None:
    words = {
        DELIVERED: Word(AttemptState.DELIVERED),
        FAILED: Word(AttemptState.FAILED, failure=FailureClass.BLOCKED, code="30007"),
    }
    async with parts.database.transaction() as connection:
        news = [News(attempts[ref], word, closes=False) for ref, word in words.items()]
        await parts.settling.settle(connection, news, parts.clock.now())


def _events(number: int, ref: str) -> list[tuple[str, dict[str, Any]]]:
    loan = f"L-{number}"
    points = [
        {"contactPointRef": f"cp-{number}", "kind": "phone", "value": PHONES[ref], "phoneType": "mobile"},
        {"contactPointRef": f"mail-{number}", "kind": "email", "value": MAILBOX},
    ]
    snapshot = {
        "debtorRef": ref,
        "displayName": NAME,
        "language": "es-MX",
        "country": "MX",
        "region": "MX-JAL",
        "timezone": "America/Mexico_City",
        "contactPoints": points,
        "loans": [{"loanRef": loan, "role": "borrower", "productCode": "consumo", "creditorRef": "demo"}],
    }
    due = {
        "debtorRef": ref,
        "loanRef": loan,
        "installmentNumber": 7,
        "dueDate": "2026-11-24",
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
        "totalOutstanding": {"amount": "9800.00", "currency": "MXN"},
    }
    return [("debtor.upserted", snapshot), ("installment.due", due)]
