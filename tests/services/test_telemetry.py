"""Logs as JSON with ids and without people; metrics declared once."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services import telemetry
from services.ids import uuid7
from services.redaction import MASK, redact_event, redacted
from services.telemetry import bound, configure_logging


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Logging as in production, into a text; the root logger is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("INFO", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def parsed(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_the_ids_of_its_context(log_lines: io.StringIO) -> None:
    with bound(message_id="019a"):
        structlog.get_logger("services.dispatch").info("handed_over", provider="twilio-main")
    (line,) = parsed(log_lines)
    assert line["event"] == "handed_over"
    assert (line["message_id"], line["provider"]) == ("019a", "twilio-main")
    assert (line["level"], line["logger"]) == ("info", "services.dispatch")
    assert str(line["timestamp"]).endswith("Z")


def test_lines_of_libraries_have_the_same_shape(log_lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("gave up on %s", "+52 55 1234 5678")
    (line,) = parsed(log_lines)
    assert line["event"] == f"gave up on {MASK}"
    assert line["logger"] == "some.library"


def test_below_the_level_nothing_is_written(log_lines: io.StringIO) -> None:
    structlog.get_logger("x").debug("detail")
    assert log_lines.getvalue() == ""


def test_a_traceback_is_one_line_without_people(log_lines: io.StringIO) -> None:
    try:
        raise ValueError("no such debtor: maria@example.test")
    except ValueError:
        structlog.get_logger("x").exception("failed")
    (line,) = parsed(log_lines)
    assert "ValueError" in str(line["exception"])
    assert "maria" not in log_lines.getvalue()


def test_people_are_masked_however_deep(log_lines: io.StringIO) -> None:
    structlog.get_logger("x").info(
        "seen", to=["whatsapp:+525512345678"], more={"+525512345678": ("a@b.test", b"5512345678")}
    )
    assert "5512345678" not in log_lines.getvalue()
    assert "a@b.test" not in log_lines.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "+525512345678",
        "+52 (55) 1234-5678",
        "525512345678",
        "5512345678",
        "55 1234 5678",
        "(55) 1234-5678",
        "555-123-4567",
        "whatsapp:+5215512345678",
        "maria.perez+cobro@correo.financiera.test",
        "Financiera <avisos@financiera.test>",
        "postgresql://user:password@db.internal.test/puntual",
    ],
)
def test_what_looks_like_a_person_is_masked(text: str) -> None:
    assert MASK in redacted(f"sent to {text}, done")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T15:00:00.123456+00:00",
        "2026-11-24",
        "0198c1f2-1234-7123-8123-123456789012",
        "127.0.0.1:45625",
        "SM0123456789abcdef0123456789abcdef",
        "offset 123456789",
        "amount 1050.50",
        "0.123456789012",
        "puntual.message.events.v1",
        "D-1001",
    ],
)
def test_ids_instants_and_numbers_stay_readable(text: str) -> None:
    assert redacted(text) == text


@given(st.integers(10**9, 10**13 - 1))
def test_any_international_number_is_masked(number: int) -> None:
    assert str(number) not in redacted(f"to=+{number}")


def test_our_own_ids_are_never_masked() -> None:
    ids = [str(uuid7()) for _ in range(5_000)]
    assert [redacted(one) for one in ids] == ids


def test_numbers_and_flags_keep_their_type() -> None:
    event = {"offset": 1_234_567_890_123, "seconds": 0.25, "ok": True, "nothing": None}
    assert redact_event(None, "info", event) == event


def test_every_metric_is_ours_has_help_and_no_personal_label() -> None:
    metrics = [m for m in REGISTRY.collect() if m.name.startswith("puntual_")]
    assert len(metrics) >= 15
    assert all(metric.documentation for metric in metrics)
    labels = {label for metric in metrics for sample in metric.samples for label in sample.labels}
    assert not labels & {"debtor", "phone", "email", "message", "loan"}


def test_metrics_count() -> None:
    telemetry.EVENTS.labels(topic="test.topic", outcome="applied").inc(3)
    assert REGISTRY.get_sample_value("puntual_events_total", {"topic": "test.topic", "outcome": "applied"}) == 3
