"""Dead letters: what is written beside the record, and how it comes off again."""

from datetime import datetime, timedelta, timezone

from schemas.dead_letter import MAX_MESSAGE, BadRecord, DeadLetterReason, headers, strip


def added(message: str = "data.dueDate: is not a real date", timestamp_ms: int | None = 1) -> dict[str, str]:
    error = BadRecord(DeadLetterReason.INVALID_EVENT, message)
    given = headers(
        error,
        topic="puntual.lending.events.v1",
        partition=3,
        offset=12,
        timestamp_ms=timestamp_ms,
        consumer_group="puntual-ingest",
        attempts=1,
        failed_at=datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=-6))),
        app_version="0.1.0",
    )
    return {name: value.decode() for name, value in given}


def test_all_headers_are_texts() -> None:
    assert added() == {
        "puntual_dlt_original_topic": "puntual.lending.events.v1",
        "puntual_dlt_original_partition": "3",
        "puntual_dlt_original_offset": "12",
        "puntual_dlt_original_timestamp": "1",
        "puntual_dlt_original_consumer_group": "puntual-ingest",
        "puntual_dlt_reason": "invalid_event",
        "puntual_dlt_message": "data.dueDate: is not a real date",
        "puntual_dlt_attempts": "1",
        "puntual_dlt_failed_at": "2026-11-21T15:30:00Z",
        "puntual_dlt_app_version": "0.1.0",
    }


def test_the_message_is_bounded_and_a_missing_time_is_empty() -> None:
    short = added("x" * 2000, None)
    assert len(short["puntual_dlt_message"]) == MAX_MESSAGE
    assert short["puntual_dlt_original_timestamp"] == ""


def test_stripping_gives_back_the_record_as_it_came() -> None:
    own: list[tuple[str, bytes | None]] = [("ce_id", b"1"), ("x", None), ("ce_id", b"1")]
    dead = [*own, *[(name, value.encode()) for name, value in added().items()]]
    assert strip(dead) == own
