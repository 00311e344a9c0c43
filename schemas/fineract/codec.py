"""Fineract's Kafka records: Avro single-object encoding, an envelope around a payload, or around several."""

import struct
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from fastavro import schemaless_reader
from fastavro.types import Schema

from schemas import rfc3339
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.fineract.fingerprints import UNKNOWN_RELEASE, record_of, release_of
from schemas.fineract.reader_schemas import BULK, MESSAGE, PAYLOADS, record_name

MAX_BYTES = 4 * 1024 * 1024
BULK_TYPE = "BulkBusinessEvent"
_MAGIC = b"\xc3\x01"
_HEADER = 10
_MAX_NAME = 200
_UNREADABLE = (EOFError, IndexError, KeyError, OverflowError, TypeError, ValueError, MemoryError, struct.error)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds a payload; `aggregate` is the loan or client id of the Kafka key, None without one."""

    id: str
    type: str
    created_at: datetime
    business_date: str
    tenant: str
    dataschema: str
    data: bytes
    aggregate: int | None


@dataclass(frozen=True, slots=True)
class Payload:
    """The leading fields of a payload, and which releases write it so."""

    record: str
    fields: dict[str, Any]
    release: str


def open_envelope(key: bytes | None, value: bytes | None) -> list[Envelope]:
    """The envelope of a record, a bulk record unwrapped into one for each item; raises BadRecord."""
    if not value:
        raise BadRecord(DeadLetterReason.BAD_FRAMING, "the record has no value")
    if len(value) > MAX_BYTES:
        raise BadRecord(DeadLetterReason.TOO_LARGE, f"the value is over {MAX_BYTES} bytes")
    fields = _read(value, MESSAGE, "MessageV1", whole=True)
    envelope = _envelope(fields, _aggregate(key))
    return _unwrap(envelope) if envelope.type == BULK_TYPE else [envelope]


def open_payload(envelope: Envelope) -> Payload:
    """The payload by the reader that its `dataschema` names; raises BadRecord for one we cannot read."""
    record = record_name(envelope.dataschema)
    schema = PAYLOADS.get(record)
    if schema is None:
        raise BadRecord(DeadLetterReason.UNKNOWN_SCHEMA, "no reader for the payload's dataschema")
    fields = _read(envelope.data, schema, record, whole=False)
    fingerprint = envelope.data[2:_HEADER].hex()
    if record_of(fingerprint) not in (None, record):
        raise BadRecord(DeadLetterReason.UNKNOWN_SCHEMA, f"the payload is not the {record} it claims to be")
    return Payload(record, fields, release_of(record, fingerprint))


def is_known(payload: Payload) -> bool:
    """Whether the writer's schema is one that we have seen."""
    return payload.release != UNKNOWN_RELEASE


def _read(value: bytes, schema: Schema, record: str, *, whole: bool) -> dict[str, Any]:
    if len(value) < _HEADER or value[:2] != _MAGIC:
        raise BadRecord(DeadLetterReason.BAD_FRAMING, f"{record} does not start with C3 01 and a fingerprint")
    stream = BytesIO(value)
    stream.seek(_HEADER)
    try:
        fields = schemaless_reader(stream, schema, None)
    except _UNREADABLE as error:
        kind = type(error).__name__
        raise BadRecord(DeadLetterReason.BAD_FRAMING, f"{record} is cut short or not Avro ({kind})") from None
    if whole and stream.tell() != len(value):
        raise BadRecord(DeadLetterReason.BAD_FRAMING, f"{record} has bytes after its end")
    return fields  # type: ignore[return-value]


def _aggregate(key: bytes | None) -> int | None:
    if not key:
        return None
    if len(key) != 8:
        raise BadRecord(DeadLetterReason.BAD_FRAMING, "the key is not an 8-byte number")
    return int.from_bytes(key, "big", signed=True)


def _envelope(fields: dict[str, Any], aggregate: int | None) -> Envelope:
    if not _is_name(fields["idempotencyKey"]) or not _is_name(fields["type"]):
        raise BadRecord(DeadLetterReason.INVALID_EVENT, "MessageV1 has no usable idempotencyKey or type")
    return Envelope(
        id=fields["idempotencyKey"],
        type=fields["type"],
        created_at=_created_at(fields["createdAt"]),
        business_date=fields["businessDate"],
        tenant=fields["tenantId"],
        dataschema=fields["dataschema"],
        data=fields["data"],
        aggregate=aggregate,
    )


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _MAX_NAME and text.isprintable()


def _created_at(text: str) -> datetime:
    """A UTC local time; Java leaves out seconds that are zero."""
    try:
        return rfc3339.instant(text + (":00Z" if len(text) == 16 else "Z"))
    except ValueError:
        raise BadRecord(DeadLetterReason.INVALID_EVENT, "MessageV1.createdAt is not a local time") from None


def _unwrap(envelope: Envelope) -> list[Envelope]:
    items = _read(envelope.data, BULK, "BulkMessagePayloadV1", whole=True)["datas"]
    if any(item["type"] == BULK_TYPE or not _is_name(item["type"]) for item in items):
        raise BadRecord(DeadLetterReason.BAD_FRAMING, "a bulk event holds an item without a usable type")
    return [
        Envelope(
            id=f"{envelope.id}#{item['id']}",
            type=item["type"],
            created_at=envelope.created_at,
            business_date=envelope.business_date,
            tenant=envelope.tenant,
            dataschema=item["dataschema"],
            data=item["data"],
            aggregate=envelope.aggregate,
        )
        for item in items
    ]
