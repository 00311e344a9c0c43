"""The audit log: who changed what; rows are only added."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_ADD = "insert into audit (id, at, actor, action, subject, details) values ($1, $2, $3, $4, $5, $6::jsonb)"
_PAGE = """
select id, at, actor, action, subject, details::text as details from audit
where id < $1 and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
    and ($4::text is null or subject = $4) and ($5::timestamptz is null or at >= $5)
    and ($6::timestamptz is null or at < $6)
order by id desc limit $7
"""

END = UUID(int=(1 << 128) - 1)
"""Comes after every id: where the first page, the newest, begins."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change: who did what to which subject; `details` say how, never with anything personal."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to read; None takes any. `since` is inclusive, `until` exclusive."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def add(connection: Any, row: AuditRow) -> None:
    """Write a change down."""
    details = json.dumps(row.details, ensure_ascii=False)
    await connection.execute(_ADD, row.id, row.at, row.actor, row.action, row.subject, details)


async def page(connection: Any, wanted: Wanted, *, before: UUID = END, limit: int) -> list[AuditRow]:
    """Up to `limit` changes older than `before`, the newest first."""
    rows = await connection.fetch(
        _PAGE, before, wanted.actor, wanted.action, wanted.subject, wanted.since, wanted.until, limit
    )
    return [
        AuditRow(row["id"], row["at"], row["actor"], row["action"], row["subject"], json.loads(row["details"]))
        for row in rows
    ]
