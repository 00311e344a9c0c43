"""Whatever the facts: no step twice, order kept, stops win, and chance falls the same way every time."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions import Segments
from campaigns.definition import Definition, Step, StopWord
from campaigns.experiment import held_out, pick_variant
from campaigns.parser import parse_definition
from campaigns.person import Installment, Loan, Payment
from campaigns.standing import Standing, standing
from schemas.enums import Channel
from schemas.events_base import InboundEvent
from schemas.money import Money
from services.imports.rows import PortfolioRow
from services.planning import installment_cancels
from services.settings import PROJECT_ROOT, Settings
from services.simulation.debtors import Debtor, debtor_from
from services.simulation.engine import Span
from services.simulation.happenings import Deferred, Ended, Happening, Sent, StillPlanned
from services.simulation.rig import Rig, build_rig
from services.simulation.simulator import events_of
from services.store.messages import MessageRow

NOW = datetime(2026, 11, 22, tzinfo=UTC)
START = date(2026, 11, 24)
ZONE = ZoneInfo("America/Mexico_City")
SPAN = Span(START, 30)
DEFINITION = PROJECT_ROOT / "campaigns" / "definitions" / "recordatorio-preventivo.yaml"

refs = st.text("ABCDEFabcdef0123456789", min_size=1, max_size=12)
rows = st.builds(
    PortfolioRow,
    line=st.just(2),
    debtor_ref=st.just("D-1"),
    loan_ref=st.sampled_from(["L-1", "L-2", "L-3"]),
    name=st.just("María Núñez"),
    phone=st.just("+525512345678"),
    email=st.sampled_from([None, "maria@example.test"]),
    segment=st.sampled_from([None, "A", "B"]),
    country=st.just("MX"),
    timezone=st.sampled_from(["America/Mexico_City", "America/Tijuana", "America/Cancun"]),
    product=st.sampled_from(["consumo", "nomina", "auto"]),
    creditor_ref=st.just("demo"),
    currency=st.just("MXN"),
    total_outstanding=st.sampled_from([Decimal("50.00"), Decimal("5000.00")]),
    risk_score=st.sampled_from([None, Decimal("640")]),
    installment_number=st.integers(1, 4),
    due_date=st.dates(START - timedelta(days=20), START + timedelta(days=40)),
    amount_due=st.just(Decimal("350.00")),
)
portfolios = st.lists(rows, min_size=1, max_size=5, unique_by=lambda row: (row.loan_ref, row.installment_number))


@cache
def rig() -> Rig:
    """The engine over the project's own campaigns."""
    return build_rig(Settings.load(), PROJECT_ROOT / "campaigns" / "definitions", NOW)


@cache
def definition() -> Definition:
    """One of them."""
    found = parse_definition(DEFINITION.read_text("utf-8"), DEFINITION.name, Segments())
    assert isinstance(found, Definition)
    return found


def happenings(portfolio: list[PortfolioRow]) -> list[Happening]:
    """What happens to one debtor."""
    start, end = SPAN.instants(ZONE)
    events: list[InboundEvent] = events_of(portfolio, at=start, currency="MXN")[0]
    debtor: Debtor = debtor_from(events, start, home_country="MX", number_zones=rig().number_zones)
    return list(rig().engine.run(debtor, start=start, end=end, zone=ZONE))


@settings(max_examples=60, deadline=None)
@given(portfolios)
def test_no_step_comes_twice_for_an_installment(portfolio: list[PortfolioRow]) -> None:
    ends = [each.intent for each in happenings(portfolio) if not isinstance(each, Deferred)]
    assert len(ends) == len(set(ends))


@settings(max_examples=60, deadline=None)
@given(portfolios)
def test_steps_of_an_installment_are_sent_in_the_order_of_their_days(portfolio: list[PortfolioRow]) -> None:
    days: dict[tuple[str, str, int], list[tuple[datetime, int]]] = {}
    for each in happenings(portfolio):
        if isinstance(each, Sent):
            key = (each.intent.campaign, each.intent.loan_ref, each.intent.installment_number)
            days.setdefault(key, []).append((each.at, at_of(each)))
    for sent in days.values():
        assert [at for _, at in sorted(sent)] == sorted(at for _, at in sent)


@settings(max_examples=60, deadline=None)
@given(portfolios)
def test_nothing_is_sent_outside_the_simulated_days_or_hours(portfolio: list[PortfolioRow]) -> None:
    start, end = SPAN.instants(ZONE)
    for each in happenings(portfolio):
        if isinstance(each, Sent):
            assert start <= each.at < end
            assert 7 <= each.at.astimezone(ZoneInfo(portfolio[-1].timezone or "")).hour < 22


@settings(max_examples=40, deadline=None)
@given(portfolios)
def test_the_same_facts_give_the_same_messages(portfolio: list[PortfolioRow]) -> None:
    def told() -> list[tuple[object, ...]]:
        kinds = (Sent, Ended, StillPlanned)
        return [
            (type(each), each.intent, getattr(each, "at", None))
            for each in happenings(portfolio)
            if isinstance(each, kinds)
        ]

    assert told() == told()


@settings(max_examples=200, deadline=None)
@given(st.decimals("0.01", "500", places=2), st.integers(0, 40), st.booleans())
def test_a_payment_in_full_ends_a_message_whatever_else_is_known(
    amount: Decimal, days_later: int, reversed_before: bool
) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    loan = Loan("L-1", "D-1", installments={1: Installment(1, START, Money(amount, "MXN"), at)})
    paid_at = at + timedelta(days=days_later)
    loan.payments["p0"] = Payment("p0", Money(amount, "MXN"), at, reversed_at=at if reversed_before else None)
    loan.payments["p1"] = Payment("p1", Money(amount, "MXN"), paid_at)
    assert standing(loan, loan.installments[1]) is Standing.PAID
    assert StopWord.PAID in definition().stop_on
    assert installment_cancels(a_row(), loan) is not None


def at_of(sent: Sent) -> int:
    """The day of a step, counted from the due date."""
    steps = [found for each in rig().definitions if (found := each.step(sent.intent.step)) is not None]
    return steps[0].at or 0


def a_row() -> MessageRow:
    """A planned message about the installment."""
    return MessageRow(
        id=uuid4(),
        debtor_ref="D-1",
        loan_ref="L-1",
        installment_number=1,
        occurrence=START,
        campaign="c",
        step="s",
        version_id=1,
        purpose="collections",
        channel="sms",
        state="planned",
        outcome=None,
        reason=None,
        rule=None,
        earliest=NOW,
        due_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


@given(refs)
def test_the_control_group_is_the_same_in_every_version(ref: str) -> None:
    text = DEFINITION.read_text("utf-8").replace("version: 1", "version: 9")
    later = parse_definition(text, "later.yaml", Segments())
    assert isinstance(later, Definition)
    assert held_out(definition(), ref) == held_out(later, ref)


@given(refs)
def test_a_variant_is_the_debtors_for_good(ref: str) -> None:
    step: Step | None = definition().step("vence-hoy")
    assert step is not None
    variants = step.choose[-1].variants
    picked = {pick_variant(variants, campaign="c", step="s", debtor_ref=ref).template for _ in range(3)}
    assert len(picked) == 1
    assert Channel.SMS in step.choose[-1].channels
