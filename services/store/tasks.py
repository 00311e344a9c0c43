"""Work for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_INSERT = """
insert into task (id, debtor_ref, loan_ref, message_id, type, queue, reason, due_at, created_at)
select *, $9 from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[])
"""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One piece of work."""

    id: UUID
    debtor_ref: str | None
    loan_ref: str | None
    message_id: UUID | None
    type: str
    queue: str | None
    reason: str
    due_at: datetime | None


async def create(connection: Any, rows: Sequence[TaskRow], now: datetime) -> None:
    """Store new tasks."""
    if not rows:
        return
    await connection.execute(
        _INSERT,
        [row.id for row in rows],
        [row.debtor_ref for row in rows],
        [row.loan_ref for row in rows],
        [row.message_id for row in rows],
        [row.type for row in rows],
        [row.queue for row in rows],
        [row.reason for row in rows],
        [row.due_at for row in rows],
        now,
    )
