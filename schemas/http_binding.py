"""CloudEvents in an HTTP request: structured, batched, or in `ce-` headers."""

from collections.abc import Mapping
from urllib.parse import unquote

from schemas.envelope import (
    STRUCTURED,
    BadRecord,
    CloudEvent,
    DeadLetterReason,
    decode_batch,
    decode_body,
    decode_record,
)

BATCH = STRUCTURED + "-batch+json"
_PREFIX = "ce-"


def decode_request(headers: Mapping[str, str], body: bytes) -> list[CloudEvent | BadRecord]:
    """The events of a request, each decoded or refused by itself; raises BadRecord where nothing can be read.

    Without `ce-` headers, plain application/json is taken as an envelope or a list of them.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    media = lower.get("content-type", "").partition(";")[0].strip().lower()
    if media == BATCH:
        return decode_batch(body)
    if any(name.startswith(_PREFIX) for name in lower) and not media.startswith(STRUCTURED):
        return [_binary(lower, body)]
    if media.startswith(STRUCTURED) and media != STRUCTURED + "+json":
        raise BadRecord(DeadLetterReason.BAD_FRAMING, "events must be JSON: application/cloudevents+json")
    return decode_batch(body) if body.lstrip()[:1] == b"[" else [decode_body(body)]


def _binary(headers: Mapping[str, str], body: bytes) -> CloudEvent:
    """Header values are percent-encoded UTF-8 in HTTP."""
    given = [
        ("ce_" + name.removeprefix(_PREFIX), _bytes(value))
        for name, value in headers.items()
        if name.startswith(_PREFIX)
    ]
    if "content-type" in headers:
        given.append(("content-type", headers["content-type"].encode()))
    return decode_record(key=None, value=body or None, headers=given)


def _bytes(value: str) -> bytes:
    return unquote(value, errors="surrogateescape").encode("utf-8", "surrogateescape")
