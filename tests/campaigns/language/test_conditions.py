"""What conditions say of facts, and of facts that are missing."""

from decimal import Decimal

import pytest

from campaigns.condition_errors import Fault
from campaigns.conditions import NAMES, Condition, Facts, FactValue, Segments, compile_condition, compile_number, facts

KNOWN = facts(
    debtor={"segment": "A", "risk_score": 640, "region": None, "tags": ["vip", "rural"]},
    loan={"total_outstanding": Decimal("9800.50"), "days_past_due": 3},
)


def condition(text: str, segments: Segments | None = None) -> Condition:
    """A compiled condition."""
    compiled = compile_condition(text, segments)
    assert isinstance(compiled, Condition), compiled
    return compiled


def number(text: str) -> Condition:
    """A compiled priority."""
    compiled = compile_number(text)
    assert isinstance(compiled, Condition), compiled
    return compiled


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('debtor.segment in ["A", "B"] && loan.total_outstanding > 100.0', True),
        ('debtor.segment == "B"', False),
        ("loan.total_outstanding == 9800.5", True),
        ("debtor.risk_score > 639.9", True),
        ('"vip" in debtor.tags', True),
        ("debtor.tags.exists(t, t.startsWith('rur'))", True),
        ("true", True),
    ],
)
def test_facts_decide(text: str, holds: bool) -> None:
    assert condition(text).evaluate(KNOWN) is holds


@pytest.mark.parametrize(
    ("text", "holds", "missing"),
    [
        ('debtor.region == "MX-JAL"', False, "debtor.region"),
        ('!(debtor.region == "MX-JAL")', False, "debtor.region"),
        ('debtor.region != "MX-JAL"', False, "debtor.region"),
        ('debtor.region == "x" || debtor.segment == "A"', True, None),
        ('debtor.region == "x" && debtor.segment == "B"', False, None),
        ("history.attempts_7d < 2", False, "history.attempts_7d"),
    ],
)
def test_a_missing_fact_matches_nothing_where_it_decides(text: str, holds: bool, missing: str | None) -> None:
    compiled = condition(text)
    assert compiled.evaluate(KNOWN) is holds
    assert compiled.missing(KNOWN) == missing


@pytest.mark.parametrize("text", ["loan.days_past_due / 0 > 1", "debtor.tags[9] == 'x'", "debtor.segment.matches('[')"])
def test_a_failing_evaluation_matches_nothing(text: str) -> None:
    assert condition(text).evaluate(KNOWN) is False
    assert condition(text).decided(KNOWN) is None
    assert condition(text).missing(KNOWN) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("loan.total_outstanding * debtor.risk_score / 1000.0", 6272.32),
        ("loan.days_past_due", 3.0),
        ("loan.overdue_amount", None),
        ("loan.total_outstanding / 0.0", None),
        ("loan.days_past_due / 0", None),
    ],
)
def test_priorities_are_finite_numbers_or_nothing(text: str, value: float | None) -> None:
    assert number(text).number(KNOWN) == value


def test_an_endless_evaluation_matches_nothing() -> None:
    numbers = str(list(range(100)))
    endless = f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, a + b + c >= 0)))"
    assert condition(endless).evaluate(KNOWN) is False


def test_broken_text_matches_nothing() -> None:
    assert condition("debtor.segment == 'A'").evaluate(facts(debtor={"segment": "\ud800"})) is False


def test_a_true_condition_is_no_number() -> None:
    assert isinstance(compile_number("1 == 1"), list)
    assert condition("1 == 1").number(KNOWN) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_language_can_be_read(name: str) -> None:
    space, word = name.split(".")
    value: dict[str, FactValue] = {
        "string": "x", "double": 1.5, "int": 2, "list of strings": ["x"]
    }  # fmt: skip
    literal = {"string": '"x"', "double": "1.5", "int": "2", "list of strings": '["x"]'}[NAMES[name]]
    given = {"debtor": None, "loan": None, "installment": None, "history": None} | {space: {word: value[NAMES[name]]}}
    assert condition(f"{name} == {literal}").evaluate(facts(**given)) is True  # type: ignore[arg-type]


def test_facts_that_no_condition_may_read_are_left_out() -> None:
    assert condition("debtor.segment == 'A'").evaluate(facts(debtor={"segment": "A", "name": "x"})) is True


def test_segments_read_as_booleans() -> None:
    segments = Segments({"vip": condition("debtor.risk_score > 600.0"), "lejos": condition("debtor.region == 'x'")})
    known = facts(debtor={"risk_score": 640.0}, segments=segments)
    assert condition("segments.vip", segments).evaluate(known) is True
    assert condition("!segments.vip", segments).evaluate(known) is False
    assert condition("segments.lejos || segments.vip", segments).evaluate(known) is True
    assert condition("segments.lejos", segments).missing(known) == "segments.lejos"
    assert known.segment("vip") is True
    assert known.segment("lejos") is None


def test_a_condition_on_segments_without_segments_matches_nothing() -> None:
    segments = Segments({"vip": condition("true")})
    assert condition("segments.vip", segments).evaluate(KNOWN) is False


def test_a_segment_with_a_fault_is_named_to_its_readers() -> None:
    segments = Segments({}, frozenset({"vip"}))
    assert compile_condition("true || segments.vip", segments) == [
        Fault(8, "the segment 'vip' has a fault of its own: correct it first")
    ]


def test_conditions_of_the_same_text_are_equal() -> None:
    assert condition("loan.days_past_due > 1") == condition("loan.days_past_due > 1")
    assert isinstance(KNOWN, Facts)
