"""Where an installment stands, whatever the order in which amounts and payments became known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from campaigns.person import Installment, Loan, Payment
from campaigns.standing import (
    Standing,
    arrears,
    open_installments,
    standing,
)
from schemas.money import Money

T0 = datetime(2026, 11, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def money(amount: str) -> Money:
    return Money(Decimal(amount), "MXN")


def loan_with(*rows: Installment, payments: tuple[Payment, ...] = (), **fields: object) -> Loan:
    loan = Loan("L-1", "D-1", **fields)  # type: ignore[arg-type]
    loan.installments = {row.number: row for row in rows}
    loan.payments = {payment.payment_ref: payment for payment in payments}
    return loan


def installment(
    number: int = 7, *, due: date = date(2026, 11, 24), amount: str = "1000", at: datetime = T0
) -> Installment:
    return Installment(number, due, money(amount), at)


def payment(amount: str, at: datetime, ref: str = "p1", reversed_at: datetime | None = None) -> Payment:
    return Payment(ref, money(amount), at, reversed_at)


def test_an_announced_installment_is_open() -> None:
    row = installment()
    assert standing(loan_with(row), row) is Standing.OPEN


def test_payments_since_the_amount_that_reach_it_pay_it() -> None:
    row = installment()
    halves = (payment("400", T0 + HOUR, "a"), payment("600", T0 + 2 * HOUR, "b"))
    assert standing(loan_with(row, payments=halves), row) is Standing.PAID


def test_a_smaller_payment_holds_until_a_newer_amount_arrives() -> None:
    row = installment()
    paid = (payment("400", T0 + HOUR),)
    assert standing(loan_with(row, payments=paid), row) is Standing.WAITING
    newer = installment(amount="600", at=T0 + 2 * HOUR)
    assert standing(loan_with(newer, payments=paid), newer) is Standing.OPEN


def test_a_payment_of_the_very_instant_of_the_amount_counts() -> None:
    row = installment()
    assert standing(loan_with(row, payments=(payment("1000", T0),)), row) is Standing.PAID


def test_a_payment_before_the_amount_is_already_in_it() -> None:
    row = installment()
    assert standing(loan_with(row, payments=(payment("1000", T0 - HOUR),)), row) is Standing.OPEN


def test_a_reversed_payment_pays_nothing() -> None:
    row = installment()
    undone = (payment("1000", T0 + HOUR, reversed_at=T0 + 2 * HOUR),)
    assert standing(loan_with(row, payments=undone), row) is Standing.OPEN


def test_payments_go_to_the_oldest_installment_first() -> None:
    old, new = installment(6, due=date(2026, 10, 24)), installment(7)
    loan = loan_with(old, new, payments=(payment("1000", T0 + HOUR),))
    assert standing(loan, old) is Standing.PAID
    assert standing(loan, new) is Standing.WAITING


def test_an_installment_paid_before_the_next_was_announced_does_not_hold_the_next() -> None:
    old, new = installment(6, due=date(2026, 10, 24)), installment(7, at=T0 + 2 * HOUR)
    loan = loan_with(old, new, payments=(payment("1000", T0 + HOUR, "a"), payment("1000", T0 + 3 * HOUR, "b")))
    assert standing(loan, new) is Standing.PAID


def test_a_closed_loan_owes_nothing_announced_before() -> None:
    row = installment()
    assert standing(loan_with(row, status="closed", status_at=T0 + HOUR), row) is Standing.PAID
    later = installment(at=T0 + 2 * HOUR)
    assert standing(loan_with(later, status="closed", status_at=T0 + HOUR), later) is Standing.OPEN


def test_nothing_outstanding_means_paid() -> None:
    row = installment()
    loan = loan_with(row, total_outstanding=Decimal(0), outstanding_at=T0 + HOUR)
    assert standing(loan, row) is Standing.PAID


def test_an_amount_in_doubt_waits() -> None:
    row = installment()
    assert standing(loan_with(row, stale_since=T0 + HOUR), row) is Standing.WAITING
    assert standing(loan_with(row, stale_since=T0 - HOUR), row) is Standing.OPEN


def test_days_past_due_count_from_the_oldest_unpaid_due_date() -> None:
    rows = (installment(6, due=date(2026, 11, 1)), installment(7))
    assert arrears(loan_with(*rows), date(2026, 11, 24)).days_past_due == 23
    assert arrears(loan_with(*rows), date(2026, 11, 1)).days_past_due == 0


def test_the_overdue_amount_is_the_cores_newer_word_else_the_sum_of_what_is_overdue() -> None:
    rows = (installment(6, due=date(2026, 11, 1)), installment(7))
    today = date(2026, 11, 25)
    assert arrears(loan_with(*rows), today).overdue_amount == Decimal(2000)
    told = loan_with(*rows, overdue_amount=Decimal("2100.50"), overdue_at=T0 + HOUR)
    assert arrears(told, today).overdue_amount == Decimal("2100.50")
    assert arrears(loan_with(installment()), date(2026, 11, 24)).overdue_amount == 0


def test_the_balance_is_unknown_where_nothing_was_told() -> None:
    assert arrears(loan_with(), date(2026, 11, 24)).total_outstanding is None
    assert arrears(loan_with(installment()), date(2026, 11, 24)).total_outstanding == Decimal(1000)


amounts = st.decimals(min_value=1, max_value=5000, places=2)
hours = st.integers(min_value=-48, max_value=48)


@given(st.lists(st.tuples(amounts, hours), max_size=6), st.lists(st.tuples(amounts, hours), max_size=4), st.randoms())
def test_the_order_in_which_facts_are_kept_changes_nothing(
    owed: list[tuple[Decimal, int]], paid: list[tuple[Decimal, int]], shuffle: object
) -> None:
    rows = [
        Installment(n, date(2026, 11, 1) + timedelta(days=n), Money(a, "MXN"), T0 + h * HOUR)
        for n, (a, h) in enumerate(owed)
    ]
    payments = [Payment(f"p{n}", Money(a, "MXN"), T0 + h * HOUR) for n, (a, h) in enumerate(paid)]
    straight = loan_with(*rows, payments=tuple(payments))
    shuffle.shuffle(rows)  # type: ignore[attr-defined]
    shuffle.shuffle(payments)  # type: ignore[attr-defined]
    mixed = loan_with(*rows, payments=tuple(payments))
    assert {r.number: standing(straight, r) for r in rows} == {r.number: standing(mixed, r) for r in rows}


@given(amounts, st.lists(amounts, max_size=5))
def test_more_payment_never_reopens_an_installment(owed: Decimal, paid: list[Decimal]) -> None:
    row = installment(amount=str(owed))
    rank = {Standing.OPEN: 0, Standing.WAITING: 1, Standing.PAID: 2}
    seen = 0
    for count in range(len(paid) + 1):
        payments = tuple(payment(str(a), T0 + HOUR, f"p{n}") for n, a in enumerate(paid[:count]))
        now = rank[standing(loan_with(row, payments=payments), row)]
        assert now >= seen
        seen = now


def test_open_installments_come_oldest_first() -> None:
    rows = (installment(9, due=date(2027, 1, 24)), installment(7), installment(8, due=date(2026, 12, 24)))
    assert [row.number for row in open_installments(loan_with(*rows))] == [7, 8, 9]
