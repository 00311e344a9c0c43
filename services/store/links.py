"""Payment links by the hash of their token, and the visits to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.values import value
from services.store.columns import copy_rows

_COLUMNS = ("digest", "message_id", "debtor_ref", "number", "expires_at", "created_at")
_FIND = """
select l.digest, l.message_id, l.debtor_ref, l.expires_at, m.version_id, m.campaign, m.loan_ref,
       m.installment_number, a.id as attempt_id, a.handed_at
from link l join message m on m.id = l.message_id
left join attempt a on a.message_id = l.message_id and a.number = l.number
where l.digest = $1
"""
_OF_LATE = "select count(distinct digest) from click where origin = $1 and at > $2 and digest <> $3"
_KNOWN = """
select count(*) filter (where kind = 'person') as persons, count(*) as visits
from (select kind from click where digest = $1 limit $2) seen
"""
_CLICK = """
insert into click (id, digest, message_id, debtor_ref, campaign, kind, reason, origin, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_PRUNE = """
delete from link where digest in (select digest from link where expires_at < $1 order by expires_at limit $2)
"""


@value
class LinkRow:
    """A link to write with its attempt."""

    digest: bytes
    message_id: UUID
    debtor_ref: str
    number: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link with the message and the attempt that it was sent in."""

    digest: bytes
    message_id: UUID
    debtor_ref: str
    expires_at: datetime
    version_id: int
    campaign: str
    loan_ref: str
    installment_number: int
    attempt_id: UUID | None
    handed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClickRow:
    """A visit to write; `reason` says why it is taken for a machine's, None for a person's."""

    id: UUID
    link: FoundLink
    reason: str | None
    origin: bytes
    at: datetime


async def open_new(connection: Any, rows: Sequence[LinkRow], now: datetime) -> None:
    """Write links with their attempts; an attempt has one, and never a second time."""
    await copy_rows(connection, "link", _COLUMNS, [_columns(row, now) for row in rows])


async def find(connection: Any, digest: bytes) -> FoundLink | None:
    """The link of a token, None where there is none."""
    row = await connection.fetchrow(_FIND, digest)
    return FoundLink(*tuple(row)) if row is not None else None


async def others_of_late(connection: Any, link: FoundLink, origin: bytes, since: datetime) -> int:
    """How many other links were followed from one origin since an instant."""
    return int(await connection.fetchval(_OF_LATE, origin, since, link.digest))


async def visits(connection: Any, digest: bytes, *, most: int) -> tuple[int, int]:
    """How many of the first `most` visits to a link were by persons, and how many there were."""
    row = await connection.fetchrow(_KNOWN, digest, most)
    return row["persons"], row["visits"]


async def keep_click(connection: Any, row: ClickRow) -> None:
    """Write a visit down."""
    link, kind = row.link, "person" if row.reason is None else "scanner"
    await connection.execute(
        _CLICK,
        row.id,
        link.digest,
        link.message_id,
        link.debtor_ref,
        link.campaign,
        kind,
        row.reason,
        row.origin,
        row.at,
    )


async def prune(connection: Any, *, before: datetime, limit: int) -> None:
    """Forget links that led nowhere since long."""
    await connection.execute(_PRUNE, before, limit)


def _columns(row: LinkRow, now: datetime) -> tuple[Any, ...]:
    return row.digest, row.message_id, row.debtor_ref, row.number, row.expires_at, now
