"""What inbound events do to what we know: repeated, late and reordered ones included."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from campaigns.book import Book
from campaigns.directory import erase
from campaigns.person import Person, Suppression
from campaigns.projection import apply
from campaigns.question import standing_suppressions, stops
from campaigns.standing import Standing, standing
from schemas.dead_letter import BadRecord
from schemas.inbound import INBOUND

T0 = datetime(2026, 11, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "MXN"}


def event(name: str, **data: Any) -> Any:
    data = {"debtorRef": "D-1", "loanRef": "L-1", **data}
    return INBOUND[f"io.puntual.{name}.v1"].model_validate(data, by_alias=True, by_name=False)


def due(amount: str = "1000", **data: Any) -> Any:
    given = {"installmentNumber": 7, "dueDate": "2026-11-24", "amountDue": {"total": money(amount)}, **data}
    return event("installment.due", **given)


def paid(paid_amount: str = "1000", **data: Any) -> Any:
    given = {"paymentRef": "P-1", "kind": "repayment", "amount": money(paid_amount), "valueDate": "2026-11-21", **data}
    return event("payment.received", **given)


def snapshot(**data: Any) -> Any:
    points = [{"contactPointRef": "cp1", "kind": "phone", "value": "+525512345678"}]
    given = {"displayName": "Ana", "contactPoints": points, "loans": [{"loanRef": "L-1"}], **data}
    return event("debtor.upserted", **given)


@pytest.fixture
def book() -> Book:
    return Book({"D-1": Person("D-1"), "D-2": Person("D-2")}, {})


def test_a_loan_event_links_the_loan_to_its_debtor(book: Book) -> None:
    apply(book, due(), T0)
    assert book.people["D-1"].loans["L-1"].installments[7].due_date.isoformat() == "2026-11-24"


def test_an_older_word_on_an_installment_changes_nothing(book: Book) -> None:
    apply(book, due("600"), T0 + HOUR)
    apply(book, due("1000"), T0)
    assert str(book.loan("L-1").installments[7].amount.amount) == "600"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_due_payment_and_a_newer_amount_come_to_the_same_in_any_order(book: Book, order: tuple[int, ...]) -> None:
    facts = [(due("1000"), T0), (paid("400"), T0 + HOUR), (due("600"), T0 + 2 * HOUR)]
    for index in order:
        apply(book, *facts[index])
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.OPEN
    assert str(loan.installments[7].amount.amount) == "600"


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_payment_may_come_before_the_event_it_pays(book: Book, order: tuple[int, ...]) -> None:
    facts = [(due("1000"), T0), (paid("1000"), T0 + HOUR)]
    for index in order:
        apply(book, *facts[index])
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.PAID


def test_paid_in_full_by_the_events_word_even_before_the_due_event(book: Book) -> None:
    apply(book, event("installment.paid", installmentNumber=7, paidOn="2026-11-21", paidInFull=True), T0 + HOUR)
    apply(book, due(), T0)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.PAID


def test_a_partial_installment_payment_holds(book: Book) -> None:
    apply(book, due(), T0)
    apply(book, event("installment.paid", installmentNumber=7, paidOn="2026-11-21", paidInFull=False), T0 + HOUR)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.WAITING


def test_remaining_due_of_zero_pays_what_was_announced(book: Book) -> None:
    apply(book, due("1000"), T0)
    apply(book, paid("10", remainingDue=money("0")), T0 + HOUR)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.PAID


def test_a_reversal_leaves_the_amount_in_doubt(book: Book) -> None:
    apply(book, due("1000"), T0)
    apply(book, paid("1000"), T0 + HOUR)
    apply(book, event("payment.reversed", paymentRef="P-1", reason="nsf"), T0 + 2 * HOUR)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.WAITING


def test_a_reversal_may_come_before_its_payment(book: Book) -> None:
    apply(book, due("1000"), T0)
    apply(book, event("payment.reversed", paymentRef="P-1", reason="nsf"), T0 + 2 * HOUR)
    apply(book, paid("1000"), T0 + HOUR)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.WAITING


def test_a_payment_in_another_currency_is_no_payment_but_a_doubt(book: Book) -> None:
    apply(book, due("1000"), T0)
    apply(book, paid(amount={"amount": "1000", "currency": "USD"}), T0 + HOUR)
    loan = book.loan("L-1")
    assert standing(loan, loan.installments[7]) is Standing.WAITING


def test_an_event_that_names_another_debtor_for_a_known_loan_is_refused(book: Book) -> None:
    apply(book, due(), T0)
    with pytest.raises(BadRecord, match="belongs to another debtor"):
        apply(book, due(debtorRef="D-2"), T0 + HOUR)


def test_a_link_moves_a_loan(book: Book) -> None:
    apply(book, due(), T0)
    apply(book, event("loan.linked", debtorRef="D-2"), T0 + HOUR)
    assert "L-1" in book.people["D-2"].loans
    assert "L-1" not in book.people["D-1"].loans


def test_a_guarantor_does_not_take_the_loan(book: Book) -> None:
    apply(book, due(), T0)
    apply(book, event("loan.linked", debtorRef="D-2", role="guarantor"), T0 + HOUR)
    assert "L-1" in book.people["D-1"].loans


def test_a_snapshot_of_a_lower_revision_is_older(book: Book) -> None:
    apply(book, snapshot(revision=3, segment="A"), T0)
    apply(book, snapshot(revision=2, segment="B"), T0 + HOUR)
    assert book.people["D-1"].segment == "A"


def test_an_unknown_zone_is_no_zone(book: Book) -> None:
    apply(book, snapshot(timezone="America/Nowhere"), T0)
    assert book.people["D-1"].timezone is None


def test_holds_of_the_directory_end_when_a_snapshot_no_longer_names_them(book: Book) -> None:
    apply(book, snapshot(revision=1, suppression={"dispute": True}), T0)
    assert [hold.reason for hold in book.people["D-1"].holds] == ["dispute"]
    apply(book, snapshot(revision=2), T0 + HOUR)
    assert book.people["D-1"].holds == []


def test_a_pause_holds_its_loan_until_it_resumes(book: Book) -> None:
    apply(book, due(), T0)
    apply(book, event("loan.collections_paused", **{"from": "2026-11-20"}, reason="disaster"), T0)
    loan = book.loan("L-1")
    assert [fact.reason for fact in stops(book.people["D-1"], loan) if fact.scope == "loan"] == ["disaster"]
    apply(book, event("loan.collections_resumed", **{"from": "2026-11-20"}, reason="disaster"), T0 + HOUR)
    assert loan.holds == []


def test_a_promise_holds_its_loan_and_ends_when_settled(book: Book) -> None:
    apply(book, due(), T0)
    apply(book, event("promise.made", promiseRef="PR-1", promisedFor="2026-11-27"), T0)
    loan = book.loan("L-1")
    assert loan.holds[0].until is not None
    assert loan.holds[0].until.date().isoformat() >= "2026-11-28"
    apply(book, event("promise.broken", promiseRef="PR-1", promisedFor="2026-11-27"), T0 + HOUR)
    assert loan.holds == []
    assert loan.promises[0].state == "broken"


def test_what_the_debtor_asked_for_is_not_lifted_by_another_system(book: Book) -> None:
    from_reply = stop(source="reply")
    lift = stop(kind="lift", source="core")
    assert standing_suppressions([from_reply, lift]) == [from_reply]
    assert standing_suppressions([from_reply, stop(kind="lift", source="reply")]) == []


def test_a_lift_ends_the_same_stop_only() -> None:
    dispute, registry = stop(reason="dispute"), stop(reason="registry")
    assert standing_suppressions([dispute, registry, stop(kind="lift", reason="dispute")]) == [registry]
    assert standing_suppressions([dispute, registry, stop(kind="lift", reason="any")]) == []


def test_erasure_forgets_the_person_and_keeps_their_loans(book: Book) -> None:
    apply(book, snapshot(segment="A", timezone="America/Mexico_City"), T0)
    apply(book, due(), T0)
    erase(book, "D-1", T0 + HOUR)
    person = book.people["D-1"]
    assert (person.state, person.sealed, person.person_key, person.segment) == ("erased", None, None, None)
    assert "L-1" in person.loans


def stop(kind: str = "suppress", reason: str = "opt_out", source: str = "core") -> Suppression:
    return Suppression(kind, "person", reason, T0, None, None, None, None, source)


def test_the_same_snapshot_again_does_not_bring_back_who_was_erased(book: Book) -> None:
    apply(book, snapshot(revision=3), T0)
    erase(book, "D-1", T0 + HOUR)
    apply(book, snapshot(revision=3), T0 + 2 * HOUR)
    assert book.people["D-1"].state == "erased"
    apply(book, snapshot(revision=4), T0 + 3 * HOUR)
    assert book.people["D-1"].state == "active"
