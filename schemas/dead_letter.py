"""Why a record cannot be used, and the headers that travel with it to its dead-letter topic."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

PREFIX = "puntual_dlt_"
MAX_MESSAGE = 512


class DeadLetterReason(StrEnum):
    """What was wrong with a record, in words that operators filter by."""

    BAD_FRAMING = "bad_framing"
    UNKNOWN_SCHEMA = "unknown_schema"
    INVALID_EVENT = "invalid_event"
    MAPPING_ERROR = "mapping_error"
    UNKNOWN_TENANT = "unknown_tenant"
    TOO_LARGE = "too_large"
    PROCESSING_ERROR = "processing_error"


class BadRecord(Exception):
    """A record that cannot be used; `message` names the place and the rule, never a value of the payload."""

    def __init__(self, reason: DeadLetterReason, message: str) -> None:
        """Keep the reason and the redacted message."""
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message


def headers(
    error: BadRecord,
    *,
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int | None,
    consumer_group: str,
    attempts: int,
    failed_at: datetime,
    app_version: str,
) -> list[tuple[str, bytes]]:
    """The string headers added to a dead letter; the record's own headers go before them, untouched."""
    values = {
        "original_topic": topic,
        "original_partition": str(partition),
        "original_offset": str(offset),
        "original_timestamp": "" if timestamp_ms is None else str(timestamp_ms),
        "original_consumer_group": consumer_group,
        "reason": error.reason.value,
        "message": error.message[:MAX_MESSAGE],
        "attempts": str(attempts),
        "failed_at": failed_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "app_version": app_version,
    }
    return [(PREFIX + name, value.encode("utf-8", "replace")) for name, value in values.items()]


def strip(headers: Iterable[tuple[str, bytes | None]]) -> Sequence[tuple[str, bytes | None]]:
    """The headers a record had before it became a dead letter, for replay."""
    return [header for header in headers if not header[0].startswith(PREFIX)]
