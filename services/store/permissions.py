"""Suppressions and holds by their ids, and the revision of a debtor, for those who change them by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_JUST_MADE = """
select id, debtor_ref, scope, channel, loan_ref, contact_point_ref, reason, since, until, source
from suppression where debtor_ref = $1 and kind = 'suppress' and recorded_at = $2 order by id desc limit 1
"""
_SUPPRESSION = """
select id, debtor_ref, scope, channel, loan_ref, contact_point_ref, reason, since, until, source
from suppression where id = $1 and kind = 'suppress'
"""
_HOLD = """
select h.id, coalesce(h.debtor_ref, l.debtor_ref) as debtor_ref, h.loan_ref, h.released_at
from hold h left join loan l on l.loan_ref = h.loan_ref where h.id = $1
"""
_REVISION = "select state, revision from debtor where debtor_ref = $1"


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """One stop of the log."""

    id: UUID
    debtor_ref: str
    scope: str
    channel: str | None
    loan_ref: str | None
    contact_point_ref: str | None
    reason: str
    since: datetime
    until: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold: whose, about which loan (None: the person), and whether it ended."""

    id: UUID
    debtor_ref: str | None
    loan_ref: str | None
    released_at: datetime | None


async def just_made(connection: Any, debtor_ref: str, now: datetime) -> SuppressionRow:
    """The suppression that this transaction, which holds the debtor's lock, recorded last at `now`."""
    return SuppressionRow(*tuple(await connection.fetchrow(_JUST_MADE, debtor_ref, now)))


async def suppression(connection: Any, suppression_id: UUID) -> SuppressionRow | None:
    """A suppression by its id."""
    row = await connection.fetchrow(_SUPPRESSION, suppression_id)
    return SuppressionRow(*tuple(row)) if row is not None else None


async def hold(connection: Any, hold_id: UUID) -> HoldRow | None:
    """A hold by its id."""
    row = await connection.fetchrow(_HOLD, hold_id)
    return HoldRow(*tuple(row)) if row is not None else None


async def standing_of(connection: Any, debtor_ref: str) -> tuple[str, int | None] | None:
    """State and revision of a debtor, None for one never heard of."""
    row = await connection.fetchrow(_REVISION, debtor_ref)
    return (row["state"], row["revision"]) if row is not None else None
