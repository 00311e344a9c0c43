"""A valid row of each table by name, with whatever a test wants different, and its insertion."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg

AT = datetime(2026, 11, 24, 15, tzinfo=UTC)
DEBTOR, LOAN, CONTENT = "D-1", "L-1", sha256(b"campaign: aviso").digest()
MESSAGE, ATTEMPT = UUID(int=1), UUID(int=2)

VALID: dict[str, dict[str, Any]] = {
    "debtor": {"debtor_ref": DEBTOR, "created_at": AT, "updated_at": AT},
    "contact_point": {
        "debtor_ref": DEBTOR,
        "contact_point_ref": "cp1",
        "position": 0,
        "kind": "phone",
        "blind": b"\x02" * 16,
        "usable": True,
    },
    "loan": {"loan_ref": LOAN, "debtor_ref": DEBTOR, "updated_at": AT},
    "promise": {
        "loan_ref": LOAN,
        "promise_ref": "P-1",
        "promised_for": date(2026, 11, 27),
        "state": "made",
        "at": AT,
    },
    "consent": {
        "debtor_ref": DEBTOR,
        "channel": "sms",
        "purpose": "collections",
        "state": "granted",
        "at": AT,
        "recorded_at": AT,
    },
    "suppression": {
        "debtor_ref": DEBTOR,
        "kind": "suppress",
        "scope": "person",
        "reason": "dispute",
        "since": AT,
        "source": "core",
        "recorded_at": AT,
    },
    "hold": {"debtor_ref": DEBTOR, "reason": "dispute", "since": AT, "source": "core"},
    "content": {"hash": CONTENT, "kind": "definition", "name": "aviso", "body": "campaign: aviso", "created_at": AT},
    "campaign_version": {
        "id": 1,
        "campaign": "aviso",
        "version": 1,
        "definition": CONTENT,
        "manifest": "{}",
        "fingerprint": b"\x03" * 32,
        "state": "active",
        "created_at": AT,
    },
    "stop": {"scope": "all", "reason": "drill", "made_by": "operations", "since": AT},
    "api_key": {"name": "core", "role": "system", "digest": b"\x04" * 32, "created_at": AT},
    "message": {
        "debtor_ref": DEBTOR,
        "loan_ref": LOAN,
        "installment_number": 7,
        "occurrence": date(2026, 11, 24),
        "campaign": "aviso",
        "step": "aviso-previo",
        "version_id": 1,
        "purpose": "collections",
        "state": "planned",
        "earliest": AT,
        "due_at": AT,
        "expires_at": AT + timedelta(hours=5),
        "created_at": AT,
        "updated_at": AT,
    },
    "attempt": {
        "message_id": MESSAGE,
        "debtor_ref": DEBTOR,
        "campaign": "aviso",
        "number": 1,
        "channel": "sms",
        "contact_point_ref": "cp1",
        "provider": "twilio-main",
        "sender": "+525550000000",
        "state": "sending",
        "template": "{}",
        "content_hash": b"\x05" * 32,
        "parts": 1,
        "handed_at": AT,
        "valid_until": AT + timedelta(hours=4),
    },
    "open_attempt": {"debtor_ref": DEBTOR, "attempt_id": ATTEMPT, "lease_until": AT + timedelta(seconds=45)},
    "decision": {
        "message_id": MESSAGE,
        "debtor_ref": DEBTOR,
        "stage": "claim",
        "verdict": "allow",
        "at": AT,
        "reasons": "[]",
        "packs": "{}",
        "inputs": "{}",
    },
    "receipt": {"provider": "twilio-main", "status": "delivered", "raw_hash": b"\x06" * 32, "received_at": AT},
    "callback": {"raw": b"\x06"},
    "reply": {
        "provider": "twilio-main",
        "channel": "sms",
        "intent": "unclear",
        "blind": b"\x07" * 16,
        "sealed": b"\x08",
        "at": AT,
    },
    "inbox": {"source": "urn:core:demo", "id": "e-1", "processed_at": AT},
}
_WITH_ID = {"consent", "suppression", "hold", "stop", "api_key", "message", "attempt", "decision", "receipt", "reply"}


async def insert(connection: asyncpg.Connection, table: str, **different: Any) -> Mapping[str, Any]:
    """Write one row; gives it as it was written."""
    row = {**({"id": uuid4()} if table in _WITH_ID else {}), **VALID[table], **different}
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    statement = f"insert into {table} ({', '.join(row)}) overriding system value values ({places})"
    await connection.execute(statement, *row.values())
    return row


async def seed(connection: asyncpg.Connection) -> None:
    """A debtor with a loan, a campaign, one planned message and one attempt that is under way."""
    for table in ("debtor", "loan", "content", "campaign_version"):
        await insert(connection, table)
    await insert(connection, "message", id=MESSAGE)
    await insert(connection, "attempt", id=ATTEMPT)
