"""What messages say is written straight; it must be what the strict models of the outcomes would have written."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.envelope import decode_record
from schemas.outcome_events import OUTBOUND
from services import sayings
from services.publisher import Publisher, Said, Written
from services.relay import headers_of
from services.store.attempts import AttemptRow
from services.store.messages import MessageRow

NOW = datetime(2026, 11, 24, 16, 0, 0, 250_000, tzinfo=UTC)
ID = UUID("01900000-0000-7000-8000-000000000001")


def a_message(**changes: Any) -> MessageRow:
    fields: dict[str, Any] = {
        "id": ID,
        "debtor_ref": "D-1",
        "loan_ref": "L-1",
        "installment_number": 7,
        "occurrence": date(2026, 11, 24),
        "campaign": "mora",
        "step": "hoy",
        "version_id": 1,
        "purpose": "collections",
        "channel": "sms",
        "state": "planned",
        "outcome": None,
        "reason": None,
        "rule": None,
        "earliest": NOW,
        "due_at": NOW,
        "expires_at": NOW + timedelta(hours=8),
        "trigger_id": "e-1",
        "trigger_type": "io.puntual.installment.due.v1",
    }
    return MessageRow(**{**fields, **changes})


def an_attempt(**changes: Any) -> AttemptRow:
    fields: dict[str, Any] = {
        "id": UUID("01900000-0000-7000-8000-000000000002"),
        "message_id": ID,
        "debtor_ref": "D-1",
        "loan_ref": "L-1",
        "campaign": "mora",
        "number": 1,
        "channel": "whatsapp",
        "contact_point_ref": "cp-1",
        "provider": "twilio-main",
        "sender": "+525550000000",
        "state": "sending",
        "superseded": False,
        "provider_ref": "SM" + "0" * 32,
        "template": json.dumps({"name": "vence_hoy", "language": "es", "hash": "a" * 64, "variant": "corta"}),
        "content_hash": b"",
        "parts": 2,
        "handed_at": NOW,
        "valid_until": NOW,
    }
    return AttemptRow(**{**fields, **changes})


SAID = {
    "planned": sayings.scheduled(a_message(), NOW),
    "moved": sayings.scheduled(a_message(), NOW, reason="mx-hours"),
    "of the loan alone": sayings.scheduled(a_message(installment_number=-1, trigger_id=None), NOW),
    "accepted": sayings.accepted(a_message(), an_attempt(), NOW),
    "delivered": sayings.delivered(a_message(), an_attempt(), NOW),
    "without variant": sayings.delivered(
        a_message(), an_attempt(template='{"name": "n", "language": "es", "hash": "abcdef", "variant": null}'), NOW
    ),
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_is_written_straight_is_what_the_strict_model_writes(said: Said) -> None:
    assert isinstance(said.outcome, Written)
    strict = OUTBOUND[said.outcome.event_type].model_validate(snake(said.outcome.data))
    assert strict.data() == said.outcome.data
    assert (strict.topic, strict.subject) == (said.outcome.topic, said.outcome.subject)


def test_a_providers_name_that_could_be_an_address_is_not_published() -> None:
    for name in (None, "+523312345678", "María Pérez"):
        said = sayings.accepted(a_message(), an_attempt(provider_ref=name), NOW)
        assert isinstance(said.outcome, Written)
        assert said.outcome.data["providerMessageRef"] == "unnamed"


def test_a_record_carries_the_whole_event() -> None:
    (row,) = Publisher(lambda topic: f"x.{topic}", lambda: ID).rows([SAID["accepted"]], NOW)
    record = {"id": row.id, "type": row.type, "subject": row.subject, "headers": row.headers}
    event = decode_record(key=row.key.encode(), value=row.payload.encode(), headers=headers_of(record))
    assert (event.id, event.source, event.type) == (str(ID), "urn:puntual", "io.puntual.message.accepted.v1")
    assert (event.subject, event.time) == (f"message/{ID}", NOW)
    assert event.dataschema == "urn:puntual:schema:outbound:io.puntual.message.accepted.v1"
    assert event.extensions == {
        "partitionkey": "D-1",
        "sequence": f"{1:019d}",
        "dataclassification": "confidential",
    }
    assert (row.topic, event.data["segments"]) == ("x.puntual.message.events.v1", 2)


def snake(value: Any) -> Any:
    """Names as the models have them inside."""
    if isinstance(value, dict):
        return {re.sub("([A-Z])", lambda found: "_" + found[1].lower(), name): snake(v) for name, v in value.items()}
    return value
