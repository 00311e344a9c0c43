"""Events that become known in a simulation: what is taken, and what is refused with its place."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.simulation.event_file import EventFileProblem, events_in

PAID: dict[str, Any] = {
    "specversion": "1.0", "id": "p1", "source": "urn:core", "type": "io.puntual.payment.received.v1",
    "time": "2026-11-26T15:00:00Z", "datacontenttype": "application/json",
    "data": {"debtorRef": "D-1", "loanRef": "L-1", "paymentRef": "P-1", "kind": "repayment",
             "amount": {"amount": "350.00", "currency": "MXN"}, "valueDate": "2026-11-26"},
}  # fmt: skip
SNAPSHOT = {"debtorRef": "D-1", "displayName": "Ana Prueba", "contactPoints": [], "loans": []}


def without(name: str) -> dict[str, Any]:
    """The payment without a member of its data."""
    return {**PAID, "data": {key: value for key, value in PAID["data"].items() if key != name}}


def test_an_event_is_known_at_its_time(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\ufeff" + json.dumps(PAID) + "\n\n" + json.dumps({**PAID, "id": "p2"}) + "\n", "utf-8")
    first, second = events_in(file)
    assert (first.debtors, first.at) == (["D-1"], datetime(2026, 11, 26, 15, tzinfo=UTC))
    assert (first.event_id, second.event_id) == ("p1", "p2")


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ({**PAID, "type": "io.puntual.unheard.of.v1"}, "type: no event of that name"),
        ({**PAID, "type": "io.puntual.debtor.upserted.v1", "data": SNAPSHOT}, "type: who debtors are is told by"),
        ({key: value for key, value in PAID.items() if key != "time"}, "time: is missing"),
        (without("debtorRef"), "debtorRef: is missing"),
        (without("paymentRef"), "paymentRef"),
        ({"error": "bad_input", "message": "…"}, "`puntual events decode` found no event"),
        ({"ignored": "io.puntual.other.v1"}, "`puntual events decode` found an event of no use"),
        ([], "JSON object"),
    ],
)
def test_a_bad_event_is_a_line_with_its_place(tmp_path: Path, event: Any, fault: str) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(PAID) + "\n" + json.dumps(event), "utf-8")
    with pytest.raises(EventFileProblem) as caught:
        list(events_in(file))
    assert str(caught.value).startswith(f"{file}:2: ")
    assert fault in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EventFileProblem, match="cannot be read"):
        list(events_in(tmp_path / "nothing.jsonl"))
