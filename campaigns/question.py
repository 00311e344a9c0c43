"""What the policy and the conditions are asked about one person and loan, from what we know of them."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.conditions import Facts, FactValue, Segments
from campaigns.facts import ContactFact, ContactRequest, PreferredWindow, SuppressionFact
from campaigns.holds import register_named
from campaigns.permissions import REPLY
from campaigns.person import Hold, Installment, Loan, Person, Suppression
from campaigns.standing import Arrears, arrears, balance
from schemas.enums import Channel, Collector, CreditorType, Purpose
from schemas.values import value

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
    if not (person.suppressions or person.holds or loan.holds) and person.status == person.state == "active":
        return []
    standing = standing_suppressions(person.suppressions)
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
    """The facts that conditions read, each when one first does; `today` is the debtor's local date."""
    return Facts(_Known(person, loan, installment, now, today).read, segments, (loan, installment))


def bucket(days: int) -> str:
    """The delinquency bucket of a number of days past due."""
    return _BUCKET_NAMES[bisect_left(_BUCKET_ENDS, days)]


@value
class _Known:
    """What there is to read of one person, loan and installment."""

    person: Person
    loan: Loan
    installment: Installment | None
    now: datetime
    today: date

    @property
    def owed(self) -> Arrears:
        return arrears(self.loan, self.today)

    def read(self, name: str) -> FactValue:
        reader = _FACTS.get(name)
        return None if reader is None else reader(self)

    def contacts(self, days: int) -> list[ContactFact]:
        since = self.now - timedelta(days=days)
        return [contact for contact in self.person.history if contact.at > since]


def _days_to_due(known: _Known) -> int | None:
    return (known.installment.due_date - known.today).days if known.installment else None


def _last_channel(known: _Known) -> str | None:
    last = max(known.person.history, key=lambda contact: contact.at, default=None)
    return last.channel.value if last else None


def _promises_broken(known: _Known) -> int:
    return sum(promise.state == "broken" for loan in known.person.loans.values() for promise in loan.promises)


_FACTS: Mapping[str, Callable[[_Known], FactValue]] = {
    "debtor.segment": lambda known: known.person.segment,
    "debtor.risk_score": lambda known: known.person.risk_score,
    "debtor.region": lambda known: known.person.region,
    "debtor.language": lambda known: known.person.language,
    "debtor.tags": lambda known: known.person.tags,
    "loan.product": lambda known: known.loan.product,
    "loan.days_past_due": lambda known: known.owed.days_past_due,
    "loan.total_outstanding": lambda known: balance(known.loan),
    "loan.overdue_amount": lambda known: known.owed.overdue_amount,
    "loan.installments_overdue": lambda known: known.owed.installments_overdue,
    "loan.bucket": lambda known: bucket(known.owed.days_past_due),
    "installment.number": lambda known: known.installment.number if known.installment else None,
    "installment.amount": lambda known: known.installment.amount.amount if known.installment else None,
    "installment.days_to_due": _days_to_due,
    "history.attempts_7d": lambda known: len(known.contacts(7)),
    "history.delivered_30d": lambda known: sum(contact.state == "delivered" for contact in known.contacts(30)),
    "history.last_channel": _last_channel,
    "history.promises_broken": _promises_broken,
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
