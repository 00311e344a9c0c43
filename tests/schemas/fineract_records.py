"""Fineract records for tests: the vectors of four releases, and a writer for records of our own making."""

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastavro import schemaless_writer
from fastavro.types import Schema

from schemas import fineract
from schemas.envelope import BadRecord, CloudEvent
from schemas.fineract.fingerprints import FINGERPRINTS
from schemas.fineract.reader_schemas import BULK, MESSAGE, PAYLOADS

_VECTORS = Path(__file__).parent / "fineract_vectors.json"
UNKNOWN = "0102030405060708"


@dataclass(frozen=True, slots=True)
class Vector:
    """A record as a release of Fineract writes it."""

    release: str
    type: str
    key: bytes
    value: bytes


def vectors() -> list[Vector]:
    """Every vector."""
    rows = json.loads(_VECTORS.read_text(encoding="utf-8"))
    return [
        Vector(row["release"], row["type"], bytes.fromhex(row["key_hex"]), bytes.fromhex(row["value_hex"]))
        for row in rows
    ]


def cents(amount: int) -> bytes:
    """An amount in hundredths as Fineract's unscaled bytes."""
    unscaled = amount * 10**6
    return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)


LOAN_KEY = (42).to_bytes(8, "big", signed=True)
CLIENT_KEY = (7).to_bytes(8, "big", signed=True)
MXN = {"code": "MXN", "decimalPlaces": 2}
TRANSACTION = {
    "id": 9,
    "loanId": 42,
    "externalLoanId": "L-42",
    "date": "2026-10-02",
    "currency": MXN,
    "amount": cents(105050),
    "principalPortion": cents(100000),
    "externalId": "PAY-77",
}
ACCOUNT = {
    "id": 42,
    "accountNo": "000000042",
    "externalId": "L-42",
    "status": {"id": 300},
    "clientId": 7,
    "clientName": "Ana Peña",
    "loanProductName": "consumo",
}
CLIENT = {
    "id": 7,
    "status": {"id": 300},
    "active": True,
    "firstname": "Ana",
    "lastname": "Peña",
    "displayName": "Ana Peña",
    "mobileNo": "+525500000000",
    "emailAddress": "Ana@Example.test",
}
DUE = {
    "loanId": 42,
    "loanAccountNo": "000000042",
    "loanExternalId": "L-42",
    "currency": MXN,
    "installment": {"installmentNumber": 3, "installmentDueDate": "2026-09-30", "totalAmountDue": cents(105050)},
}


def payload(record: str, fields: dict[str, Any], fingerprint: str | None = None, tail: bytes = b"") -> bytes:
    """A payload by our reader's own fields; `tail` stands for fields of a later release."""
    written = fingerprint or next(reversed(FINGERPRINTS[record]))
    return _single_object(written, PAYLOADS[record], fields) + tail


def envelope(kind: str, record: str, data: bytes, **changes: Any) -> bytes:
    """A MessageV1 around a payload."""
    fields = {
        "id": 1,
        "source": "8a65d759",
        "type": kind,
        "category": "Loan",
        "createdAt": "2026-09-29T00:05:01.123456",
        "businessDate": "2026-09-28",
        "tenantId": "default",
        "idempotencyKey": "k-1",
        "dataschema": f"org.apache.fineract.avro.x.v1.{record}",
        "data": data,
        **changes,
    }
    return _single_object(next(reversed(FINGERPRINTS["MessageV1"])), MESSAGE, fields)


def bulk(items: list[tuple[str, str, bytes]], **changes: Any) -> bytes:
    """A record of several events: type, record name, payload."""
    datas = [
        {"id": number, "type": kind, "category": "nocategory", "dataschema": f"x.{record}", "data": data}
        for number, (kind, record, data) in enumerate(items, start=1)
    ]
    body = _single_object(next(reversed(FINGERPRINTS["BulkMessagePayloadV1"])), BULK, {"datas": datas})
    return envelope("BulkBusinessEvent", "BulkMessagePayloadV1", body, **changes)


def _single_object(fingerprint: str, schema: Schema, fields: dict[str, Any]) -> bytes:
    stream = BytesIO()
    schemaless_writer(stream, schema, fields)
    return b"\xc3\x01" + bytes.fromhex(fingerprint) + stream.getvalue()


def one(kind: str, record: str, fields: dict[str, Any], key: bytes = LOAN_KEY) -> CloudEvent:
    """The one event that a record of our making becomes."""
    (event,) = fineract.decode(key, envelope(kind + "BusinessEvent", record, payload(record, fields)))
    return event


def refused(key: bytes | None, value: bytes | None, **settings: str) -> BadRecord:
    """Why a record is refused."""
    with pytest.raises(BadRecord) as caught:
        fineract.decode(key, value, **settings)
    return caught.value
