"""Comparisons that Python decides hold exactly where the engine says so."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions import Condition, compile_condition, flat_facts

FAST = settings(max_examples=300, deadline=None, database=None)
DOUBLES, INTS, STRINGS = "loan.total_outstanding", "loan.days_past_due", "debtor.segment"
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
GAPS = st.sampled_from(["", " ", "\n ", "\t"])
WORDS = st.sampled_from(["", "A", "a", "A ", "ñandú", "x && y", "//", "== 1", "😀", "\x00", "\ud800"])
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.1, 100.5, -0.0, 1e300, float("inf"), float("nan"), 2**53 + 1])
FACTS = st.fixed_dictionaries(
    {},
    optional={
        DOUBLES: st.none() | NUMBERS | st.decimals(-200, 200, places=2) | st.just(Decimal("NaN")),
        INTS: st.none() | NUMBERS | st.booleans() | st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1]),
        STRINGS: st.none() | WORDS | st.integers(0, 2),
    },
)
LITERALS = {
    DOUBLES: st.sampled_from(["100.5", "-0.0", "0.1", "007.50", "100.50", "1.0e2", "9007199254740993.0"]),
    INTS: st.sampled_from(["0", "-3", "3", "007", "0x1", "9223372036854775807", "2.5"]),
    STRINGS: st.sampled_from(
        ['"A"', "'A'", '""', '"a\\n"', r'r"A"', '"ñandú"', '"x && y"', '"//"', '"== 1"', '"😀"', '"it\'s"', '"""A"""']
    ),
}


@st.composite
def comparison(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(list(LITERALS)))
    words = [draw(GAPS), name, draw(GAPS), draw(SIGNS), draw(GAPS), draw(LITERALS[name]), draw(GAPS)]
    return "".join(words)


@FAST
@given(st.lists(comparison(), min_size=1, max_size=3).map("&&".join), st.lists(FACTS, min_size=1, max_size=5))
def test_what_python_decides_the_engine_decides_alike(text: str, given_facts: list[dict[str, Any]]) -> None:
    compiled = compile_condition(text)
    if not isinstance(compiled, Condition):
        return
    for values in given_facts:
        assert compiled.evaluate(flat_facts(values)) == (compiled.decided(flat_facts(values)) is True)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("loan.total_outstanding > 100.0", True),
        ('debtor.segment == "A" && loan.days_past_due >= -1 && loan.total_outstanding != 0.5', True),
        ("!(loan.days_past_due > 1)", False),
        ("loan.days_past_due > 1 || loan.days_past_due < 0", False),
        ('debtor.segment != "A"', False),
        ('"vip" in debtor.tags', False),
        ("100.0 < loan.total_outstanding", False),
        ("loan.days_past_due > 1 // && loan.days_past_due < 9", False),
    ],
)
def test_only_comparisons_joined_by_and_are_decided_without_the_engine(text: str, plain: bool) -> None:
    compiled = compile_condition(text)
    assert isinstance(compiled, Condition)
    assert (compiled.plain is not None) is plain
