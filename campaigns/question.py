"""What the policy and the conditions are asked about one person and loan, from what we know of them."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from campaigns.conditions import Facts, FactValue, Group, Segments
from campaigns.facts import ContactRequest, PreferredWindow, SuppressionFact
from campaigns.holds import register_named
from campaigns.permissions import REPLY
from campaigns.person import Hold, Installment, Loan, Person, Suppression
from campaigns.standing import arrears
from schemas.enums import Channel, Collector, CreditorType, Purpose

BUCKETS = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"), (120, "91-120"))
_BUCKET_ENDS = [end for end, _ in BUCKETS]
_BUCKET_NAMES = [name for _, name in BUCKETS] + ["120+"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """The lender in whose name we speak, as far as contact law cares."""

    ref: str
    jurisdiction: str
    type: CreditorType
    collector: Collector


def question(
    person: Person, loan: Loan, speaker: Speaker, *, channel: Channel, purpose: Purpose, at: datetime
) -> ContactRequest:
    """The question to the contact policy."""
    return ContactRequest(
        at=at,
        channel=channel,
        purpose=purpose,
        creditor_type=speaker.type,
        collector=speaker.collector,
        timezone=person.timezone,
        region=person.region,
        window=_window(person),
        consents=person.consents,
        suppressions=stops(person, loan),
        history=person.history,
        loan=loan.loan_ref,
        registers=_registers(person, at) if person.holds else (),
        number_zones=person.number_zones if person.timezone is None else (),
    )


def stops(person: Person, loan: Loan) -> list[SuppressionFact]:
    """Every stop that may bear on this loan: suppressions not lifted, holds, and what the debtor is in law.

    A stop of one number or address leaves the person's others alone; it is heeded where one is chosen.
    """
    standing = standing_suppressions(person.suppressions) if person.suppressions else ()
    found = [_suppression(row) for row in standing if row.scope != "contact_point"]
    found += [_hold(hold, "person", None) for hold in person.holds if register_named(hold) is None]
    found += [_hold(hold, "loan", loan.loan_ref) for hold in loan.holds]
    if person.status != "active" or person.state != "active":
        reason = person.status if person.status != "active" else person.state
        found.append(SuppressionFact("person", reason, datetime.min.replace(tzinfo=ZoneInfo("UTC"))))
    return found


def standing_suppressions(rows: list[Suppression]) -> list[Suppression]:
    """The stops that nothing lifted since; a stop the debtor asked for is lifted by the debtor alone."""
    standing: list[Suppression] = []
    for row in rows:
        if row.kind == "lift":
            standing = [stop for stop in standing if not _lifts(row, stop)]
        else:
            standing.append(row)
    return standing


def condition_facts(
    person: Person,
    loan: Loan,
    installment: Installment | None,
    *,
    now: datetime,
    today: date,
    segments: Segments | None,
) -> Facts:
    """The facts that conditions read, each group when one first does; `today` is the debtor's local date."""
    groups: dict[str, Group] = {
        "debtor": partial(_debtor, person),
        "loan": partial(_loan, loan, today),
        "installment": partial(_installment, installment, today),
        "history": partial(_history, person, now),
    }
    return Facts(groups, segments, (loan, installment))


def bucket(days: int) -> str:
    """The delinquency bucket of a number of days past due."""
    return _BUCKET_NAMES[bisect_left(_BUCKET_ENDS, days)]


def _debtor(person: Person) -> Mapping[str, FactValue]:
    return {
        "segment": person.segment,
        "risk_score": person.risk_score,
        "region": person.region,
        "language": person.language,
        "tags": person.tags,
    }


def _loan(loan: Loan, today: date) -> Mapping[str, FactValue]:
    owed = arrears(loan, today)
    return {
        "product": loan.product,
        "days_past_due": owed.days_past_due,
        "total_outstanding": owed.total_outstanding,
        "overdue_amount": owed.overdue_amount,
        "installments_overdue": owed.installments_overdue,
        "bucket": bucket(owed.days_past_due),
    }


def _installment(installment: Installment | None, today: date) -> Mapping[str, FactValue] | None:
    if installment is None:
        return None
    return {
        "number": installment.number,
        "amount": float(installment.amount.amount),
        "days_to_due": (installment.due_date - today).days,
    }


def _history(person: Person, now: datetime) -> Mapping[str, FactValue]:
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    last = max(person.history, key=lambda contact: contact.at, default=None)
    return {
        "attempts_7d": sum(contact.at > week for contact in person.history),
        "delivered_30d": sum(contact.at > month and contact.state == "delivered" for contact in person.history),
        "last_channel": last.channel.value if last else None,
        "promises_broken": sum(
            promise.state == "broken" for loan in person.loans.values() for promise in loan.promises
        ),
    }


def _window(person: Person) -> PreferredWindow | None:
    if person.window_from is None or person.window_until is None:
        return None
    return PreferredWindow(person.window_from, person.window_until)


def _registers(person: Person, at: datetime) -> tuple[str, ...]:
    named = ((hold, register_named(hold)) for hold in person.holds)
    standing = (name for hold, name in named if name is not None and (hold.until is None or at < hold.until))
    return tuple(dict.fromkeys(standing))


def _suppression(row: Suppression) -> SuppressionFact:
    channel = Channel(row.channel) if row.channel else None
    return SuppressionFact(row.scope, row.reason, row.since, row.until, channel, row.loan_ref)


def _hold(hold: Hold, scope: str, loan: str | None) -> SuppressionFact:
    until = hold.until if hold.released_at is None else hold.released_at
    return SuppressionFact(scope, hold.reason, hold.since, until, None, loan)


def _lifts(lift: Suppression, stop: Suppression) -> bool:
    if stop.source == REPLY and lift.source != REPLY:
        return False
    same_place = (lift.scope, lift.channel, lift.loan_ref, lift.contact_point_ref) == (
        stop.scope,
        stop.channel,
        stop.loan_ref,
        stop.contact_point_ref,
    )
    return same_place and lift.reason in ("any", stop.reason)
