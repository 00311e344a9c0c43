"""The judge is judged: each kind of wrong must be seen, and a clean ledger must pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from channels.simulators.twilio_store import SimulatedMessage
from tests.end_to_end.topics import MESSAGES, OutboundEvent, Record
from tests.invariants import Evidence, violations

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MESSAGE, ATTEMPT, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)


def message(**changes: Any) -> dict[str, Any]:
    row = {
        "id": MESSAGE,
        "debtor_ref": "D-1",
        "loan_ref": "L-1",
        "installment_number": 7,
        "occurrence": NOW.date(),
        "campaign": "vence",
        "step": "hoy",
        "state": "done",
        "outcome": "delivered",
        "reason": None,
        "channel": "sms",
        "expires_at": NOW + timedelta(hours=8),
    }
    return row | changes


def attempt(**changes: Any) -> dict[str, Any]:
    row = {
        "id": ATTEMPT,
        "message_id": MESSAGE,
        "number": 1,
        "debtor_ref": "D-1",
        "channel": "sms",
        "state": "delivered",
        "handed_at": NOW,
        "settled_at": NOW,
    }
    return row | changes


def handed(attempt_id: UUID = ATTEMPT) -> SimulatedMessage:
    url = f"http://puntual.test/callbacks/twilio/status/{attempt_id}?k=x"
    return SimulatedMessage("SM1", "AC1", "+525512345678", "+525550000000", "Hola", url, 0.0, {})


def told(kind: str, sequence: int) -> OutboundEvent:
    headers: list[tuple[str, bytes | None]] = [
        ("ce_id", f"{kind}-{sequence}".encode()),
        ("ce_type", f"io.puntual.message.{kind}.v1".encode()),
        ("ce_sequence", str(sequence).encode()),
    ]
    value = f'{{"messageRef": "{MESSAGE}", "debtorRef": "D-1", "willRetry": false}}'.encode()
    return OutboundEvent(Record(MESSAGES, 0, sequence, b"D-1", value, headers))


CLEAN = Evidence(
    now=NOW,
    messages={MESSAGE: message()},
    attempts={ATTEMPT: attempt()},
    stops=[],
    cancelled=[],
    counts={"outbox": 0, "open": 0},
    replies=[],
    inbox={("core", "1")},
    told={("core", "1")},
    handed=[handed()],
    events=[told("accepted", 1), told("delivered", 2)],
    secrets=["Zarquivol"],
    seen="nothing of note",
)
AGAIN = {ATTEMPT: attempt(state="unknown"), SECOND: attempt(id=SECOND)}
STOP = {"debtor_ref": "D-1", "channel": None, "since": NOW, "at": NOW - timedelta(minutes=5), "until": None}


def test_a_clean_ledger_passes() -> None:
    assert violations(CLEAN) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"counts": {"outbox": 1, "open": 0}}, "not published"),
        ({"counts": {"outbox": 0, "open": 1}}, "open though"),
        ({"handed": [handed(), handed()]}, "2 times"),
        ({"handed": [handed(SECOND)]}, "not in the ledger"),
        ({"attempts": AGAIN}, "handed over again"),
        ({"messages": {MESSAGE: message(state="planned", expires_at=NOW - timedelta(hours=1))}}, "expired at"),
        ({"messages": {MESSAGE: message(state="done", outcome=None)}}, "without an outcome"),
        ({"messages": {MESSAGE: message(state="cancelled", outcome="cancelled")}}, "without a reason"),
        ({"attempts": {ATTEMPT: attempt(handed_at=NOW.replace(hour=5))}}, "was handed over at"),
        ({"attempts": {ATTEMPT: attempt(handed_at=NOW - timedelta(days=3))}}, "was handed over at"),
        ({"attempts": AGAIN}, "contacted 2 times"),
        ({"stops": [STOP | {"since": NOW - timedelta(minutes=5)}]}, "after a stop"),
        ({"cancelled": [MESSAGE]}, "cancelled before any attempt"),
        ({"events": [told("accepted", 1)]}, "told to be []"),
        ({"events": [told("delivered", 1), told("expired", 2)]}, "told to be"),
        ({"events": [told("delivered", 2), told("accepted", 1)]}, "with the numbers"),
        ({"inbox": set()}, "never applied"),
        ({"replies": [{"id": UUID(int=9), "debtor_ref": "D-1"}]}, "published 0 times"),
        ({"seen": "hola zarquivol"}, "seen outside"),
    ],
)
def test_every_kind_of_wrong_is_seen(wrong: dict[str, Any], sentence: str) -> None:
    found = violations(replace(CLEAN, **wrong))
    assert any(sentence in each for each in found), found
