"""Writes what a batch of events changed in the projection, one statement a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson

from campaigns.book import Book, Changes
from campaigns.person import Installment, Loan, Person
from schemas.money import Money
from services.store import permission_log
from services.store.columns import write_kinds, write_rows

_DEBTORS = """
update debtor d set state = v.state, revision = v.revision, snapshot_at = v.snapshot_at, person_key = v.person_key,
    sealed = v.sealed, language = v.language, country = v.country, region = v.region, timezone = v.timezone,
    segment = v.segment, risk_score = v.risk_score, tags = string_to_array(v.tags, E'\\x1f'),
    preferred_channels = string_to_array(v.preferred, ','), window_from = v.window_from,
    window_until = v.window_until, status = v.status, number_zones = string_to_array(v.number_zones, ','),
    updated_at = $19
from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::bytea[], $6::bytea[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::float8[], $13::text[], $14::text[], $15::time[],
    $16::time[], $17::text[], $18::text[])
    as v (debtor_ref, state, revision, snapshot_at, person_key, sealed, language, country, region, timezone, segment,
          risk_score, tags, preferred, window_from, window_until, status, number_zones)
where d.debtor_ref = v.debtor_ref
"""
_DROP_CONTACT_POINTS = "delete from contact_point where debtor_ref = any($1::text[])"
_CONTACT_POINTS = """
insert into contact_point (debtor_ref, contact_point_ref, position, kind, blind, phone_type, usable, verified)
select * from unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::bytea[], $6::text[], $7::bool[],
    $8::bool[])
"""
_LOANS = """
update loan l set debtor_ref = v.debtor_ref, creditor_ref = k.creditor_ref, product = k.product, status = k.status,
    status_at = k.status_at, currency = k.currency, total_outstanding = v.total_outstanding::numeric,
    outstanding_at = v.outstanding_at, overdue_amount = v.overdue_amount::numeric, overdue_at = v.overdue_at,
    cured_at = k.cured_at, rescheduled_at = k.rescheduled_at, stale_since = k.stale_since, updated_at = $16
from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::int[])
    as v (loan_ref, debtor_ref, total_outstanding, outstanding_at, overdue_amount, overdue_at, kind)
join unnest($8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::timestamptz[],
        $14::timestamptz[], $15::timestamptz[]) with ordinality
    as k (creditor_ref, product, status, status_at, currency, cured_at, rescheduled_at, stale_since, kind) using (kind)
where l.loan_ref = v.loan_ref
"""
_INSTALLMENTS = """
insert into installment (loan_ref, number, due_date, amount, currency, amount_at, paid_at, payment_refs)
select v.loan_ref, v.number, k.due_date, v.amount::numeric, k.currency, v.amount_at, k.paid_at, k.refs::jsonb
from unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::int[])
    as v (loan_ref, number, amount, amount_at, kind)
join unnest($6::date[], $7::text[], $8::timestamptz[], $9::text[]) with ordinality
    as k (due_date, currency, paid_at, refs, kind) using (kind)
on conflict (loan_ref, number) do update set due_date = excluded.due_date, amount = excluded.amount,
    currency = excluded.currency, amount_at = excluded.amount_at, paid_at = excluded.paid_at,
    payment_refs = excluded.payment_refs
"""
_PAYMENTS = """
insert into payment (loan_ref, payment_ref, amount, currency, at, reversed_at)
select * from unnest($1::text[], $2::text[], $3::numeric[], $4::text[], $5::timestamptz[], $6::timestamptz[])
on conflict (loan_ref, payment_ref) do update set amount = excluded.amount, currency = excluded.currency,
    at = excluded.at, reversed_at = excluded.reversed_at
"""
_PROMISES = """
insert into promise (loan_ref, promise_ref, promised_for, amount, currency, state, made_via, at)
select * from unnest($1::text[], $2::text[], $3::date[], $4::numeric[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[])
on conflict (loan_ref, promise_ref, promised_for) do update set state = excluded.state
"""
_CONTACTS = """
insert into other_contact (debtor_ref, contact_ref, loan_ref, channel, at, outcome, agent_ref)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
on conflict do nothing
"""
_CLOSE_TASKS = """
update task t set closed_at = v.at, outcome = v.outcome, agent_ref = v.agent
from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[]) as v (id, at, outcome, agent)
where t.id::text = v.id and t.closed_at is null
"""


_CHANGED = "insert into figure_change (loans, debtors) values ($1, $2)"
_FORGOTTEN = """
with replies as (update reply set blind = null, sealed = null where debtor_ref = any($1::text[])),
     calls as (update call set script = null where debtor_ref = any($1::text[]))
update installment set payment_refs = '[]'
where loan_ref in (select loan_ref from loan where debtor_ref = any($1::text[])) and payment_refs <> '[]'
"""


@dataclass(frozen=True, slots=True)
class ContactPointRow:
    """A contact point to store; the value is in the debtor's sealed data."""

    debtor_ref: str
    contact_point_ref: str
    position: int
    kind: str
    blind: bytes
    phone_type: str | None
    usable: bool
    verified: bool = False


async def write(
    connection: Any,
    book: Book,
    contact_points: Sequence[ContactPointRow],
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Write every change of the book; loans and debtors must be locked."""
    changes = book.changes
    people = [book.people[ref] for ref in sorted(changes.debtors)]
    await write_rows(connection, _DEBTORS, people, _person_columns, now)
    renewed = sorted({*changes.snapshots, *changes.erased})
    if renewed:
        await connection.execute(_DROP_CONTACT_POINTS, renewed)
        await write_rows(connection, _CONTACT_POINTS, contact_points, _contact_point_columns)
    loans = [book.loan(ref) for ref in sorted(changes.loans)]
    await write_kinds(connection, _LOANS, loans, _own_of_loan, _shared_of_loan, now)
    rows = [(ref, book.loan(ref).installments[number]) for ref, number in sorted(changes.installments)]
    await write_kinds(connection, _INSTALLMENTS, rows, _own_of_installment, _shared_of_installment)
    await write_rows(connection, _PAYMENTS, list(changes.payments.items()), _payment_columns)
    await write_rows(connection, _PROMISES, list(changes.promises.items()), _promise_columns)
    await permission_log.write(connection, changes, now, new_id)
    await write_rows(connection, _CONTACTS, changes.contacts, _other_contact_columns)
    await write_rows(connection, _CLOSE_TASKS, changes.closed_tasks, _closed_task_columns)
    await _feed_figures(connection, changes)
    if changes.erased:
        await connection.execute(_FORGOTTEN, sorted(changes.erased))


async def _feed_figures(connection: Any, changes: Changes) -> None:
    """Name what figures must count anew: loans that changed, and debtors whose segment or region may have."""
    loans = {*changes.loans, *(ref for ref, _ in changes.installments), *(ref for ref, _ in changes.payments)}
    debtors = {*changes.snapshots, *changes.erased}
    if loans or debtors:
        await connection.execute(_CHANGED, sorted(loans), sorted(debtors))


def _person_columns(person: Person) -> tuple[Any, ...]:
    return (
        person.debtor_ref,
        person.state,
        person.revision,
        person.snapshot_at,
        person.person_key,
        person.sealed,
        person.language,
        person.country,
        person.region,
        person.timezone,
        person.segment,
        person.risk_score,
        "\x1f".join(person.tags),
        ",".join(person.preferred_channels),
        person.window_from,
        person.window_until,
        person.status,
        ",".join(person.number_zones),
    )


def _contact_point_columns(row: ContactPointRow) -> tuple[Any, ...]:
    return (
        row.debtor_ref,
        row.contact_point_ref,
        row.position,
        row.kind,
        row.blind,
        row.phone_type,
        row.usable,
        row.verified,
    )


def _own_of_loan(loan: Loan) -> tuple[Any, ...]:
    return (
        loan.loan_ref,
        loan.debtor_ref,
        _text(loan.total_outstanding),
        loan.outstanding_at,
        _text(loan.overdue_amount),
        loan.overdue_at,
    )


_shared_of_loan = attrgetter(
    *("creditor_ref", "product", "status", "status_at", "currency", "cured_at", "rescheduled_at", "stale_since")
)


def _own_of_installment(row: tuple[str, Installment]) -> tuple[Any, ...]:
    loan_ref, installment = row
    return loan_ref, installment.number, _text(installment.amount.amount), installment.amount_at


def _shared_of_installment(row: tuple[str, Installment]) -> tuple[Any, ...]:
    _, installment = row
    refs = orjson.dumps(installment.payment_refs).decode()
    return installment.due_date, installment.amount.currency, installment.paid_at, refs


def _text(amount: Decimal | None) -> str | None:
    """The driver takes a microsecond to write a Decimal."""
    return None if amount is None else str(amount)


def _payment_columns(row: Any) -> tuple[Any, ...]:
    (loan_ref, payment_ref), payment = row
    return (loan_ref, payment_ref, *_split(payment.amount), payment.at, payment.reversed_at)


def _promise_columns(row: Any) -> tuple[Any, ...]:
    (loan_ref, promise_ref, promised_for), promise = row
    return (
        loan_ref,
        promise_ref,
        promised_for,
        *_split(promise.amount),
        promise.state,
        promise.made_via,
        promise.at,
    )


def _other_contact_columns(event: Any) -> tuple[Any, ...]:
    return (
        event.debtor_ref,
        event.contact_ref,
        event.loan_ref,
        event.channel.value,
        event.at,
        event.outcome.value,
        event.agent_ref,
    )


def _closed_task_columns(event: Any) -> tuple[Any, ...]:
    return (event.task_ref, event.closed_at, event.outcome, event.agent_ref)


def _split(amount: Money | None) -> tuple[Any, Any]:
    return (None, None) if amount is None else (amount.amount, amount.currency)
