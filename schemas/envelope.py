"""CloudEvents 1.0 in and out of Kafka records and HTTP bodies, strictly: nothing is guessed or invented."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from typing import Any

from schemas import rfc3339, strict_json
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.values import value

__all__ = [
    "BadRecord",
    "CloudEvent",
    "DeadLetterReason",
    "decode_batch",
    "decode_body",
    "decode_json",
    "decode_record",
    "encode_binary",
    "is_json",
    "to_json",
]

MAX_BYTES = 64 * 1024
STRUCTURED = "application/cloudevents"
_MAX_ATTRIBUTE = {"id": 512, "source": 1024, "type": 256}
_MAX_OTHER = 4096
_SHORT = 256
_NAME = re.compile(r"[a-z0-9]+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CORE = ("id", "source", "type", "time", "subject", "datacontenttype", "dataschema", "specversion")
_USUAL = frozenset(_CORE) | {"partitionkey", "sequence", "correlationid", "traceparent"}
_DATA = frozenset({"data", "data_base64"})
_TEXT = frozenset({str})
_OUT_BYTES = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@value
class CloudEvent:
    """One event: `data` is parsed JSON (bytes where the content type is not JSON); `time` is aware UTC.

    `key` is the Kafka key as it came, outside the event itself.
    """

    id: str
    source: str
    type: str
    time: datetime | None = None
    subject: str | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    data: Any = field(default=None, repr=False)
    extensions: dict[str, str] = field(default_factory=dict)
    key: bytes | None = field(default=None, compare=False)


def decode_record(*, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> CloudEvent:
    """The event in a Kafka record of either mode; raises BadRecord, whose message holds no payload text."""
    if value is not None and len(value) > MAX_BYTES:
        raise BadRecord(DeadLetterReason.TOO_LARGE, f"the value is over {MAX_BYTES} bytes")
    content_type = _content_type(headers)
    if content_type is not None and _is_structured(content_type):
        return decode_json(strict_json.loads(value or b""), key=key)
    attributes = _header_attributes(headers)
    if not attributes:
        raise BadRecord(
            DeadLetterReason.BAD_FRAMING,
            "neither ce_ headers nor content-type application/cloudevents+json: not a CloudEvent",
        )
    if content_type is not None:
        attributes["datacontenttype"] = content_type
    return _build(attributes, _binary_data(value, content_type), key)


def decode_json(obj: Any, *, key: bytes | None = None) -> CloudEvent:
    """The event in a parsed JSON envelope; the text must have been read by strict_json."""
    if not isinstance(obj, dict):
        raise _invalid("the envelope must be a JSON object")
    attributes = dict(obj)
    data = attributes.pop("data", None)
    if not (attributes.keys() <= _USUAL and _TEXT.issuperset(map(type, attributes.values()))):
        attributes = _attributes_in(obj)
        data = _structured_data(obj, attributes.get("datacontenttype"))
    return _build(attributes, data, key)


def decode_batch(body: bytes) -> list[CloudEvent | BadRecord]:
    """The events of a batch (a JSON array of envelopes), each decoded or refused by itself."""
    items = strict_json.loads(body)
    if not isinstance(items, list):
        raise _invalid("a batch must be a JSON array of events")
    return [_batch_item(item, small=len(body) <= MAX_BYTES) for item in items]


def decode_body(body: bytes) -> CloudEvent:
    """The event in a structured JSON text that came by another way than Kafka."""
    if len(body) > MAX_BYTES:
        raise BadRecord(DeadLetterReason.TOO_LARGE, f"the event is over {MAX_BYTES} bytes")
    return decode_json(strict_json.loads(body))


def encode_binary(event: CloudEvent) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The value and headers of a binary-mode record; the key is the caller's (`partitionkey`)."""
    headers = [("ce_specversion", b"1.0")]
    headers += [(f"ce_{name}", value.encode()) for name, value in _attributes_out(event).items()]
    if event.datacontenttype is not None:
        headers.append(("content-type", event.datacontenttype.encode()))
    if event.data is None or isinstance(event.data, bytes):
        return event.data or b"", headers
    return _OUT_BYTES.encode(event.data).encode(), headers


def to_json(event: CloudEvent) -> dict[str, Any]:
    """The structured JSON form of an event, ready for json.dumps."""
    envelope: dict[str, Any] = {"specversion": "1.0", **_attributes_out(event)}
    if event.datacontenttype is not None:
        envelope["datacontenttype"] = event.datacontenttype
    if isinstance(event.data, bytes):
        envelope["data_base64"] = base64.b64encode(event.data).decode()
    elif event.data is not None:
        envelope["data"] = event.data
    return envelope


def is_json(content_type: str | None) -> bool:
    """Whether data of this type is JSON; no type means JSON."""
    if content_type is None:
        return True
    media = content_type.partition(";")[0].strip().lower()
    return media in ("application/json", "text/json") or media.endswith("+json")


def _attributes_out(event: CloudEvent) -> dict[str, str]:
    values = {"id": event.id, "source": event.source, "type": event.type}
    if event.time is not None:
        values["time"] = rfc3339.text(event.time)
    if event.subject is not None:
        values["subject"] = event.subject
    if event.dataschema is not None:
        values["dataschema"] = event.dataschema
    return values | event.extensions


def _batch_item(item: Any, *, small: bool) -> CloudEvent | BadRecord:
    try:
        if not small and len(_OUT_BYTES.encode(item).encode()) > MAX_BYTES:
            return BadRecord(DeadLetterReason.TOO_LARGE, f"the event is over {MAX_BYTES} bytes")
        return decode_json(item)
    except BadRecord as error:
        return error


def _content_type(headers: Sequence[tuple[str, bytes | None]]) -> str | None:
    found: bytes | None = None
    for name, told in headers:
        if told is not None and name.lower() == "content-type":
            if found is not None and told != found:
                raise BadRecord(DeadLetterReason.BAD_FRAMING, "two different content-type headers")
            found = told
    return None if found is None else _type_text(found)


@lru_cache(maxsize=64)
def _type_text(found: bytes) -> str | None:
    return _text("content-type", found).strip() or None


@lru_cache(maxsize=64)
def _is_structured(content_type: str) -> bool:
    """Whether the value is an envelope; raises BadRecord for one of a form that is not ours."""
    if not content_type.lower().startswith(STRUCTURED):
        return False
    media, _, parameters = content_type.partition(";")
    if media.strip().lower() != STRUCTURED + "+json":
        raise BadRecord(
            DeadLetterReason.BAD_FRAMING,
            "a structured event must be application/cloudevents+json, one event a record",
        )
    charset = re.search(r'charset\s*=\s*"?([^";\s]+)', parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise BadRecord(DeadLetterReason.BAD_FRAMING, "a structured event must be UTF-8")
    return True


def _attributes_in(obj: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of an envelope that has more than the usual ones, or others than texts."""
    attributes: dict[str, str] = {}
    for name, told in obj.items():
        if name not in _DATA:
            text = told if isinstance(told, str) else _attribute(name, told)
            if text is not None and (name in _USUAL or _NAME.fullmatch(name)):
                attributes[name] = text
    return attributes


def _header_attributes(headers: Sequence[tuple[str, bytes | None]]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for header, told in headers:
        if told is None or not header.startswith("ce_"):
            continue
        name = header[3:]
        if name not in _USUAL and not _NAME.fullmatch(name):
            continue
        if name in attributes:
            raise _invalid(f"the header ce_{name[:40]} stands twice")
        attributes[name] = _text(header, told)
    return attributes


def _text(header: str, value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise _invalid(f"the header {header[:40]} is not UTF-8") from None


def _binary_data(value: bytes | None, content_type: str | None) -> Any:
    if not value:
        return None
    return strict_json.loads(value) if is_json(content_type) else value


def _structured_data(obj: Mapping[str, Any], content_type: str | None) -> Any:
    if "data_base64" not in obj:
        return obj.get("data")
    if "data" in obj:
        raise _invalid("data and data_base64 stand together; give one")
    try:
        raw = base64.b64decode(obj["data_base64"], validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise _invalid("data_base64 is not base64 text") from None
    return _binary_data(raw, content_type or "application/octet-stream")


def _attribute(name: str, value: Any) -> str | None:
    """The text of an attribute that is none in JSON."""
    if value is None:
        return None
    if isinstance(value, int) and name not in _CORE:
        return json.dumps(value)
    raise _invalid(f"attribute {_quotable(name)} must be a string")


def _quotable(name: str) -> str:
    return name if name in _CORE else "(an extension)"


def _build(attributes: dict[str, str], data: Any, key: bytes | None) -> CloudEvent:
    joined = "".join(attributes.values())
    if not (len(joined) <= _SHORT and joined.isascii() and joined.isprintable()):
        _check_texts(attributes)
    version = attributes.pop("specversion", None)
    if version != "1.0":
        raise _invalid("attribute specversion is missing" if version is None else "specversion must be 1.0")
    for name in ("id", "source", "type"):
        if not attributes.get(name, "").strip():
            raise _invalid(f"attribute {name} is missing or empty")
    take = attributes.pop
    return CloudEvent(
        take("id"),
        take("source"),
        take("type"),
        _time(take("time", None)),
        take("subject", None) or None,
        take("datacontenttype", None) or None,
        take("dataschema", None) or None,
        data,
        attributes,
        key,
    )


def _check_texts(attributes: dict[str, str]) -> None:
    for name, text in attributes.items():
        limit = _MAX_ATTRIBUTE.get(name, _MAX_OTHER)
        if len(text.encode("utf-8", "replace")) > limit:
            raise _invalid(f"attribute {_quotable(name)} is over {limit} bytes")
        if _CONTROL.search(text):
            raise _invalid(f"attribute {_quotable(name)} holds a control character")


def _time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return rfc3339.instant(value)
    except ValueError as error:
        raise _invalid(f"attribute time {error}") from None


def _invalid(message: str) -> BadRecord:
    return BadRecord(DeadLetterReason.INVALID_EVENT, message)
