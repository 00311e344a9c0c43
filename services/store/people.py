"""Debtors with everything a decision reads: locked in order, loaded many at a time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from campaigns.facts import ConsentFact, ContactFact
from campaigns.outcome import PROVEN_FAILED
from campaigns.permissions import SPOKEN
from campaigns.person import ContactPoint, Hold, Installment, Loan, Payment, Person, Promise, Suppression
from schemas.enums import Channel, ConsentState, Purpose
from schemas.money import Money

_STUB_LOANS = """
insert into loan (loan_ref, updated_at) select r, $2 from unnest($1::text[]) r
where not exists (select from loan where loan_ref = r) order by r on conflict do nothing
"""
_LOCK_LOANS = "select loan_ref, debtor_ref from loan where loan_ref = any($1::text[]) order by loan_ref for update"
_STUB_DEBTORS = """
insert into debtor (debtor_ref, created_at, updated_at) select r, $2, $2 from unnest($1::text[]) r
where not exists (select from debtor where debtor_ref = r) order by r on conflict do nothing
"""
_LOCK_DEBTORS = "select from debtor where debtor_ref = any($1::text[]) order by debtor_ref for update"
_KEYS = "select debtor_ref, person_key from debtor where debtor_ref = any($1::text[]) and person_key is not null"
_DEBTORS = """
select debtor_ref, state, revision, person_key, sealed, language, country, region, timezone, segment, risk_score,
       tags, preferred_channels, window_from, window_until, status, snapshot_at, number_zones
from debtor where debtor_ref = any($1::text[])
"""
_CONTACT_POINTS = """
select p.debtor_ref, p.contact_point_ref, p.kind, p.blind, p.phone_type, p.usable, p.verified,
       (select array_agg(coalesce(f.channel, 'all')) from contact_point_fault f
        where f.debtor_ref = p.debtor_ref and f.blind = p.blind and f.proven) as faults
from contact_point p where p.debtor_ref = any($1::text[]) order by p.debtor_ref, p.position
"""
_CONSENTS = "select debtor_ref, channel, purpose, state, at from consent where debtor_ref = any($1::text[])"
# Two kinds of facts that few have, in one statement: most batches find neither.
_STOPS = """
select debtor_ref, kind, scope, reason, since, until, channel, loan_ref, contact_point_ref, source, id,
       null::timestamptz as released_at
from suppression where debtor_ref = any($1::text[])
union all
select debtor_ref, 'hold', null, reason, since, until, null, loan_ref, null, source, id, released_at from hold
where (debtor_ref = any($1::text[]) or loan_ref = any($2::text[])) and (released_at is null or released_at > $3)
order by debtor_ref, id
"""
_ATTEMPTS = """
select debtor_ref, handed_at as at, channel, loan_ref, state, campaign, message_id from attempt
where debtor_ref = any($1::text[]) and handed_at > $2 and state <> 'not_sent'
union all
select debtor_ref, at, channel, loan_ref, outcome, null, null from other_contact
where debtor_ref = any($1::text[]) and at > $2
"""
_LOANS = """
select loan_ref, debtor_ref, creditor_ref, product, status, status_at, currency, total_outstanding, outstanding_at,
       overdue_amount, overdue_at, cured_at, rescheduled_at, stale_since
from loan where debtor_ref = any($1::text[]) or loan_ref = any($2::text[])
"""
_INSTALLMENTS = """
select loan_ref, number, due_date, amount, currency, amount_at, paid_at, payment_refs
from installment where loan_ref = any($1::text[])
"""
_PAYMENTS_AND_PROMISES = """
select loan_ref, payment_ref as ref, amount, currency, at, reversed_at, null::date as promised_for, null as state,
       null as made_via
from payment where loan_ref = any($1::text[])
union all
select loan_ref, promise_ref, amount, currency, at, null, promised_for, state, made_via from promise
where loan_ref = any($1::text[])
"""
_CHANNELS = {channel.value: channel for channel in Channel}
_PURPOSES = {purpose.value: purpose for purpose in Purpose}
_CONSENT_STATES = {state.value: state for state in ConsentState}
_CHANNEL_OF = _CHANNELS | {"call": Channel.VOICE, "visit": Channel.VOICE, "letter": Channel.EMAIL}
_SPOKEN = frozenset(outcome.value for outcome in SPOKEN)
_CONFIRMED = frozenset({"delivered"})
_COUNTED_STATE = {
    "sending": "accepted",
    "sent": "accepted",
    "accepted": "accepted",
    "read": "delivered",
    "undelivered": "rejected",
    "failed": "rejected",
}


async def lock_for_events(
    connection: Any, *, debtor_refs: Iterable[str], loan_refs: Iterable[str], now: datetime
) -> dict[str, str | None]:
    """Lock loans, then debtors, in order, making stubs for those never heard of.

    Every writer takes locks in this order, so two can't deadlock; gives the debtor of each loan, where known.
    """
    loans = sorted(set(loan_refs))
    await connection.execute(_STUB_LOANS, loans, now)
    owners = {row["loan_ref"]: row["debtor_ref"] for row in await connection.fetch(_LOCK_LOANS, loans)}
    debtors = sorted({*debtor_refs, *(ref for ref in owners.values() if ref is not None)})
    await connection.execute(_STUB_DEBTORS, debtors, now)
    await connection.fetch(_LOCK_DEBTORS, debtors)
    return owners


async def person_keys(connection: Any, debtor_refs: Iterable[str]) -> dict[str, bytes]:
    """The wrapped key of each debtor that has one."""
    rows = await connection.fetch(_KEYS, list(set(debtor_refs)))
    return {row["debtor_ref"]: row["person_key"] for row in rows}


async def lock_debtors(connection: Any, debtor_refs: Iterable[str]) -> None:
    """Lock known debtors in the order of their refs."""
    await connection.fetch(_LOCK_DEBTORS, sorted(set(debtor_refs)))


async def load(
    connection: Any,
    *,
    debtor_refs: Sequence[str],
    loan_refs: Sequence[str] = (),
    now: datetime,
    history_from: datetime,
    points_of: Collection[str] | None = None,
) -> tuple[dict[str, Person], dict[str, Loan]]:
    """Debtors with their facts and loans, and the named loans that have no debtor yet.

    With `points_of` contact points are read for these debtors only, which the others then seem not to have.
    """
    people = {row["debtor_ref"]: _person(row) for row in await connection.fetch(_DEBTORS, debtor_refs)}
    known = list(people)
    reached = known if points_of is None else [ref for ref in people if ref in points_of]
    for row in await connection.fetch(_CONTACT_POINTS, reached) if reached else ():
        people[row["debtor_ref"]].contact_points.append(_contact_point(row))
    for row in await connection.fetch(_CONSENTS, known):
        people[row["debtor_ref"]].consents.append(_consent(row))
    for row in await connection.fetch(_ATTEMPTS, known, history_from):
        person, contact = people[row["debtor_ref"]], _contact(row)
        person.history.append(contact)
        if row["campaign"] is not None:
            person.campaign_contacts.append((row["campaign"], row["at"]))
        if row["state"] in PROVEN_FAILED:
            person.failed_contacts.setdefault(row["message_id"], []).append(contact)
    loans = await _load_loans(connection, known, loan_refs)
    for row in await connection.fetch(_STOPS, known, list(loans), now):
        _stop(people, loans, row)
    orphans = {}
    for loan in loans.values():
        if loan.debtor_ref in people:
            people[loan.debtor_ref].loans[loan.loan_ref] = loan
        else:
            orphans[loan.loan_ref] = loan
    return people, orphans


async def _load_loans(connection: Any, debtor_refs: Sequence[str], loan_refs: Sequence[str]) -> dict[str, Loan]:
    rows = await connection.fetch(_LOANS, debtor_refs, loan_refs)
    loans = {row["loan_ref"]: Loan(*tuple(row)) for row in rows}
    refs = list(loans)
    for row in await connection.fetch(_INSTALLMENTS, refs):
        loans[row["loan_ref"]].installments[row["number"]] = _installment(row)
    for row in await connection.fetch(_PAYMENTS_AND_PROMISES, refs):
        loan = loans[row["loan_ref"]]
        if row["promised_for"] is None:
            loan.payments[row["ref"]] = _payment(row)
        else:
            loan.promises.append(_promise(row))
    return loans


def _person(row: Any) -> Person:
    person = Person(*tuple(row))
    person.number_zones = tuple(person.number_zones)
    return person


def _contact_point(row: Any) -> ContactPoint:
    _, ref, kind, blind, phone_type, usable, verified, faults = row
    return ContactPoint(ref, kind, blind, usable, phone_type, frozenset(faults or ()), verified)


def _consent(row: Any) -> ConsentFact:
    _, channel, purpose, state, at = row
    return ConsentFact(_CHANNELS[channel], _PURPOSES[purpose], _CONSENT_STATES[state], at)


def _stop(people: dict[str, Person], loans: dict[str, Loan], row: Any) -> None:
    if row["kind"] != "hold":
        people[row["debtor_ref"]].suppressions.append(Suppression(*tuple(row)[1:10]))
        return
    owner = people[row["debtor_ref"]] if row["debtor_ref"] is not None else loans[row["loan_ref"]]
    hold = Hold(row["reason"], row["since"], row["until"], row["source"], row["id"], row["released_at"])
    owner.holds.append(hold)


def _promise(row: Any) -> Promise:
    return Promise(
        promise_ref=row["ref"],
        promised_for=row["promised_for"],
        amount=_money(row),
        state=row["state"],
        at=row["at"],
        made_via=row["made_via"],
    )


def _contact(row: Any) -> ContactFact:
    _, at, told, loan_ref, stored, _, _ = row
    channel, state = _CHANNEL_OF[told], _COUNTED_STATE.get(stored, stored)
    if channel is Channel.EMAIL and state == "accepted" and stored != "sending":
        # Mail has no receipt: what was accepted and did not come back has arrived.
        state = "delivered"
    spoken = channel is Channel.VOICE and stored in (_SPOKEN if told == "call" else _CONFIRMED)
    return ContactFact(at, channel, loan_ref, state, spoken)


def _installment(row: Any) -> Installment:
    _, number, due_date, amount, currency, amount_at, paid_at, refs = row
    payments = [] if refs == "[]" else [(ref[0], ref[1]) for ref in orjson.loads(refs)]
    return Installment(number, due_date, Money(amount, currency), amount_at, paid_at, payments)


def _payment(row: Any) -> Payment:
    return Payment(row["ref"], _money(row), row["at"], row["reversed_at"])


def _money(row: Any) -> Money | None:
    return None if row["amount"] is None else Money(row["amount"], row["currency"])
