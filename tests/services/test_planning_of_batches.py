"""What planning does for a batch grows with the batch, not with its square, and is what it does for one at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from campaigns.book import Book, Trigger
from campaigns.conditions import Segments
from campaigns.definition import Definition, StepEvent
from campaigns.packs import Packs
from campaigns.parser import parse_definition
from campaigns.person import Installment, Loan, Person
from campaigns.policy import ContactPolicy
from schemas.events_base import InboundEvent
from schemas.lending_events import LoanCollectionsPaused, PaymentReceived, PromiseBroken
from schemas.lending_words import PauseReason, PaymentKind
from schemas.money import Money
from services.intake import Fact, plans_of
from services.planning import Happening, Planner
from services.running import CampaignVersion, RunningCampaigns
from services.store.messages import MessageRow
from templates.catalog import TemplateCatalog

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)
DUE = date(2026, 11, 24)
CAMPAIGN = """\
campaign: mora
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {products: [consumo]}
stop_on: [paid, promise, hold]
steps:
  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}
"""


def a_planner() -> Planner:
    definition = parse_definition(CAMPAIGN, "mora.yaml", Segments())
    assert isinstance(definition, Definition)
    version = CampaignVersion(1, definition, Segments(), TemplateCatalog.from_sources({}))
    return Planner(ContactPolicy(Packs({})), {}, RunningCampaigns.fixed([version]))


def a_person(number: int) -> Person:
    """A debtor with two loans."""
    person = Person(f"D-{number}", state="active")
    for loan_ref in (f"L-{number}-a", f"L-{number}-b"):
        installment = Installment(7, DUE, Money(Decimal(100), "MXN"), NOW)
        person.loans[loan_ref] = Loan(loan_ref, person.debtor_ref, installments={7: installment})
    return person


def a_row(person: Person, loan_ref: str, number: int) -> MessageRow:
    return MessageRow(
        id=UUID(int=number),
        debtor_ref=person.debtor_ref,
        loan_ref=loan_ref,
        installment_number=7,
        occurrence=DUE,
        campaign="mora",
        step="hoy",
        version_id=1,
        purpose="collections",
        channel="sms",
        state="planned",
        outcome=None,
        reason=None,
        rule=None,
        earliest=NOW,
        due_at=NOW,
        expires_at=NOW + timedelta(hours=8),
    )


class Walked(list[Trigger]):
    """Counts how many triggers are looked at."""

    looked_at = 0

    def __iter__(self) -> Iterator[Trigger]:
        for trigger in super().__iter__():
            self.looked_at += 1
            yield trigger


def the_rows(people: dict[str, Person]) -> list[MessageRow]:
    places = [(person, loan_ref) for person in people.values() for loan_ref in person.loans]
    return [a_row(person, loan_ref, number) for number, (person, loan_ref) in enumerate(places)]


def test_a_review_looks_at_each_trigger_once_and_cancels_what_one_message_alone_would_be_cancelled_for() -> None:
    planner = a_planner()
    people = {person.debtor_ref: person for person in map(a_person, range(30))}
    words = ["promise", "hold", "dispute", "ended"]
    triggers = Walked(
        Trigger(words[number % 4], f"D-{number}", None if number % 3 else f"L-{number}-a") for number in range(20)
    )
    triggers += [Trigger("hold", "D-3", "L-3-b"), Trigger("promise", "D-3")]

    together = planner.review(the_rows(people), people, triggers, NOW).rows

    assert triggers.looked_at == len(triggers)
    alone = [row for each in the_rows(people) for row in planner.review([each], people, list(triggers), NOW).rows]
    assert together == alone
    assert 0 < len(together) < 2 * len(people)


def test_a_plan_holds_what_happened_to_its_own_loan_in_its_order() -> None:
    people = {person.debtor_ref: person for person in map(a_person, range(3))}
    facts = [
        a_fact(1, payment("L-0-a")),
        a_fact(2, payment("L-1-a")),
        a_fact(3, PromiseBroken(loan_ref="L-0-a", promise_ref="P", promised_for=DUE)),
        a_fact(4, LoanCollectionsPaused(loan_ref="L-2-b", starts=DUE, reason=PauseReason.DISPUTE)),
        a_fact(5, payment("L-nobody-knows")),
    ]

    plans = plans_of(Book(people, {}), facts)

    paid, broken = StepEvent.PAYMENT_RECEIVED, StepEvent.PROMISE_BROKEN
    assert [(plan.loans[0].loan_ref, plan.cause.event_id, list(plan.happenings)) for plan in plans] == [
        ("L-0-a", "3", [Happening(paid, "L-0-a", at(1)), Happening(broken, "L-0-a", at(3))]),
        ("L-1-a", "2", [Happening(paid, "L-1-a", at(2))]),
        ("L-2-b", "4", []),
    ]


def at(number: int) -> datetime:
    return NOW + timedelta(seconds=number)


def a_fact(number: int, event: InboundEvent) -> Fact:
    return Fact("urn:core", str(number), event.event_type, at(number), event)


def payment(loan_ref: str) -> PaymentReceived:
    amount = Money(Decimal(1), "MXN")
    return PaymentReceived(
        loan_ref=loan_ref, payment_ref="P-1", kind=PaymentKind.REPAYMENT, amount=amount, value_date=DUE
    )
