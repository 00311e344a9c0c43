"""Answers to replies: which message answers which reply, where it goes, and how many there were of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_OPEN = """
insert into answer (message_id, reply_id, debtor_ref, contact_point_ref, channel, kind, at)
values ($1, $2, $3, $4, $5, $6, $7)
"""
_OF_MESSAGES = """
select message_id, reply_id, debtor_ref, contact_point_ref, channel, kind, at from answer
where message_id = any($1::uuid[])
"""
_SINCE = "select at from answer where debtor_ref = $1 and at > $2"
_HANDED = """
select a.kind from answer a join attempt t on t.message_id = a.message_id
where a.debtor_ref = $1 and t.handed_at > $2 and t.state not in ('not_sent', 'rejected')
order by t.handed_at desc, t.id desc
"""
_WAITS = """
select exists (
    select from answer a join message m on m.id = a.message_id
    where a.debtor_ref = $1 and a.contact_point_ref = $2 and a.channel = $3 and a.kind = $4
      and m.loan_ref = $5 and m.state = 'planned'
)
"""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A message that answers a reply: it goes to the number that wrote; `channel` is the reply's, `at` when it came."""

    message_id: UUID
    reply_id: UUID
    debtor_ref: str
    contact_point_ref: str
    channel: str
    kind: str
    at: datetime


async def open_new(connection: Any, row: AnswerRow) -> None:
    """Write an answer; there is never a second one to the same reply."""
    await connection.execute(
        _OPEN, row.message_id, row.reply_id, row.debtor_ref, row.contact_point_ref, row.channel, row.kind, row.at
    )


async def of_messages(connection: Any, message_ids: Sequence[UUID]) -> dict[UUID, AnswerRow]:
    """Those of these messages that answer a reply."""
    rows = await connection.fetch(_OF_MESSAGES, message_ids) if message_ids else ()
    return {row["message_id"]: AnswerRow(*tuple(row)) for row in rows}


async def since(connection: Any, debtor_ref: str, instant: datetime) -> list[datetime]:
    """When a person was answered since an instant."""
    return [row["at"] for row in await connection.fetch(_SINCE, debtor_ref, instant)]


async def handed_since(connection: Any, debtor_ref: str, instant: datetime) -> list[str]:
    """What answers a person may have got since an instant, the last one first."""
    return [row["kind"] for row in await connection.fetch(_HANDED, debtor_ref, instant)]


async def waits(connection: Any, row: AnswerRow, loan_ref: str) -> bool:
    """Whether an answer like this one, about the same loan, is still to go where it would go."""
    known = row.debtor_ref, row.contact_point_ref, row.channel, row.kind
    return bool(await connection.fetchval(_WAITS, *known, loan_ref))
