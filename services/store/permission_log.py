"""Writes what a batch of events changed in consents, stops and holds: logs that are only added to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.book import Changes
from campaigns.person import Hold
from services.store.columns import write_rows

_CONSENTS = """
insert into consent (id, debtor_ref, channel, purpose, state, at, via, evidence_ref, recorded_at)
select *, $9 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
    $8::text[])
on conflict do nothing
"""
_SUPPRESSIONS = """
insert into suppression (id, debtor_ref, kind, scope, channel, loan_ref, contact_point_ref, reason, since, until,
    source, recorded_at)
select *, $12 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::timestamptz[], $10::timestamptz[], $11::text[])
"""
_HOLDS = """
insert into hold (id, debtor_ref, loan_ref, reason, since, until, source, released_at)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
    $8::timestamptz[])
"""
_END_HOLDS = """
update hold h set released_at = v.at from unnest($1::uuid[], $2::timestamptz[]) as v (id, at) where h.id = v.id
"""


async def write(connection: Any, changes: Changes, now: datetime, new_id: Callable[[], UUID]) -> None:
    """Add what is new, and end the holds that ended; debtors must be locked."""
    for _, _, hold in changes.holds:
        hold.id = new_id()
    consents = [(new_id(), entry) for entry in changes.consents]
    suppressions = [(new_id(), *entry) for entry in changes.suppressions]
    await write_rows(connection, _CONSENTS, consents, _consent_columns, now)
    await write_rows(connection, _SUPPRESSIONS, suppressions, _suppression_columns, now)
    await write_rows(connection, _HOLDS, changes.holds, _hold_columns)
    await write_rows(connection, _END_HOLDS, changes.ended_holds, _ended_hold_columns)


def _consent_columns(row: Any) -> tuple[Any, ...]:
    new, entry = row
    fact = entry.fact
    return (
        new,
        entry.debtor_ref,
        fact.channel.value,
        fact.purpose.value,
        fact.state.value,
        fact.at,
        entry.via,
        entry.evidence_ref,
    )


def _suppression_columns(row: Any) -> tuple[Any, ...]:
    new, debtor_ref, stop = row
    return (
        new,
        debtor_ref,
        stop.kind,
        stop.scope,
        stop.channel,
        stop.loan_ref,
        stop.contact_point_ref,
        stop.reason,
        stop.since,
        stop.until,
        stop.source,
    )


def _hold_columns(row: tuple[str | None, str | None, Hold]) -> tuple[Any, ...]:
    debtor_ref, loan_ref, hold = row
    return (hold.id, debtor_ref, loan_ref, hold.reason, hold.since, hold.until, hold.source, hold.released_at)


def _ended_hold_columns(hold: Hold) -> tuple[Any, ...]:
    return (hold.id, hold.released_at)
