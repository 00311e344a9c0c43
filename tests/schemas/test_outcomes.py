"""Outcome events: every type, what they carry, and that personal data has no way in."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.enums import Channel
from schemas.envelope import CloudEvent, decode_record, encode_binary
from schemas.outcome_events import (
    OUTBOUND,
    OptOutRecorded,
    Outcome,
    ReplyReceived,
    TaskCreated,
    to_cloud_event,
)
from schemas.outcome_words import Intent, OptSource
from tests.schemas.samples import EVENT_ID, NOW, OTHER_ID, outbound

ALWAYS = ("partitionkey", "sequence")
CANARIES = ("+523312345678", "maria@example.test", "María Pérez")
LENDERS_OWN = {"debtor_ref", "loan_ref", "contact_point_ref"}


def publish(outcome: Outcome, **changes: Any) -> CloudEvent:
    given = {"id": EVENT_ID, "source": "urn:puntual:demo", "time": NOW, "sequence": 42, **changes}
    return to_cloud_event(outcome, **given)


def test_there_is_a_sample_of_every_type() -> None:
    assert {outcome.event_type for outcome in outbound()} == set(OUTBOUND)


@pytest.mark.parametrize("outcome", outbound(), ids=lambda outcome: outcome.event_type)
def test_every_outcome_goes_out_whole(outcome: Outcome) -> None:
    event = publish(outcome)
    value, headers = encode_binary(event)
    assert decode_record(key=b"D-1", value=value, headers=list(headers)) == event
    names = [name for name, _ in headers]
    for name in ("specversion", "id", "source", "type", "time", "subject", "dataschema", *ALWAYS):
        assert f"ce_{name}" in names
    assert ("content-type", b"application/json") in headers
    assert event.data["debtorRef"] == event.extensions["partitionkey"] == "D-1"
    assert event.data["occurredAt"] == "2026-11-21T15:00:00Z"
    assert None not in event.data.values()


def test_sequences_sort_as_text() -> None:
    numbers = [9, 10, 99, 2**62]
    texts = [publish(outbound()[0], sequence=number).extensions["sequence"] for number in numbers]
    assert texts == sorted(texts)


def test_an_unknown_debtor_gives_no_reference_but_a_key() -> None:
    reply = ReplyReceived(reply_ref=OTHER_ID, channel=Channel.SMS, intent=Intent.OTHER, occurred_at=NOW)
    event = publish(reply)
    assert "debtorRef" not in event.data
    assert event.extensions["partitionkey"] == f"reply/{OTHER_ID}" == event.subject
    assert publish(reply, debtor_ref="D-2").data["debtorRef"] == "D-2"


def test_a_promise_keeps_amounts_with_and_without_currency() -> None:
    promise = next(outcome for outcome in outbound() if outcome.event_type.endswith("promise.recorded.v1"))
    assert promise.data()["instalments"] == [
        {"date": "2026-11-30", "amount": "500.00"},
        {"date": "2026-12-15", "amount": {"amount": "550.50", "currency": "MXN"}},
    ]


def test_correlation_goes_along() -> None:
    event = publish(outbound()[0], extensions={"correlationid": "7f0c"})
    assert event.extensions["correlationid"] == "7f0c"


def _fields() -> list[tuple[type[Outcome], str]]:
    return [(model, name) for model in OUTBOUND.values() for name in model.model_fields if name not in LENDERS_OWN]


@pytest.mark.parametrize(("model", "name"), _fields(), ids=lambda value: getattr(value, "__name__", value))
def test_no_field_of_ours_takes_a_number_an_address_or_a_name(model: type[Outcome], name: str) -> None:
    sample = next(outcome for outcome in outbound() if type(outcome) is model)
    given = {field: getattr(sample, field) for field in sample.model_fields_set}
    for canary in CANARIES:
        if name == "provider_message_ref" and "@" in canary:
            continue
        with pytest.raises(ValidationError) as caught:
            model(**{**given, name: canary})
        assert canary not in str(caught.value)


@pytest.mark.parametrize("extra", ["text", "phone", "to", "display_name", "value", "body"])
def test_no_field_can_be_added(extra: str) -> None:
    with pytest.raises(ValidationError):
        TaskCreated(**{**dict(outbound()[-1]), extra: "x"})


def test_a_stop_for_all_channels_says_all() -> None:
    stop = OptOutRecorded(debtor_ref="D-1", channel="all", source=OptSource.AGENT, effective_at=NOW, occurred_at=NOW)
    assert stop.data()["channel"] == "all"
    assert stop.data()["scope"] == "person"
