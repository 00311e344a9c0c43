"""Which branches can never win, and above all which can."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.branches import never_first
from campaigns.conditions import Condition, compile_condition, facts

CASES = [
    (['debtor.segment in ["A", "B"]', 'debtor.segment == "A"', None], [1]),
    (['debtor.segment == "A"', 'debtor.segment != "A"', None], []),
    (['debtor.segment == "A"', "!(debtor.segment == 'A')"], []),
    (["loan.days_past_due > 30", "loan.days_past_due > 60", None], [1]),
    (["loan.days_past_due > 60", "loan.days_past_due > 30", None], []),
    (["loan.total_outstanding > 1.0", "loan.total_outstanding <= 1.0", "loan.total_outstanding == 0.5"], [2]),
    (["loan.total_outstanding < 1.0", "loan.total_outstanding > 1.0", "loan.total_outstanding == 1.0"], []),
    (['debtor.segment > "A"', 'debtor.segment < "A"', 'debtor.segment == "A"'], []),
    (["3 < loan.days_past_due", "loan.days_past_due >= 4"], [1]),
    ([None, 'debtor.segment == "A"'], [1]),
]
TEXTS = " || ".join(
    f"{name} == 'x'"
    for name in (
        "debtor.segment",
        "debtor.region",
        "debtor.language",
        "loan.product",
        "loan.bucket",
        "history.last_channel",
    )
)
MANY = f"loan.days_past_due == 1 || {TEXTS}"
LEFT_ALONE = [
    ['debtor.segment.startsWith("A")', 'debtor.segment == "A"'],
    ['"x" in debtor.tags', '"x" in debtor.tags && debtor.segment == "A"'],
    ["loan.overdue_amount > loan.total_outstanding", "loan.overdue_amount > loan.total_outstanding && true"],
    ["loan.days_past_due - 1 > 3", "loan.days_past_due > 4"],
    ["3 > loan.days_past_due -1", "loan.days_past_due < 4"],
    ["debtor.segment in [loan.product]", "debtor.segment == loan.product"],
    ["'A' == debtor.segment ? true : false", "debtor.segment == 'A'"],
    [MANY, f"{MANY} && true"],
]


def compiled(texts: list[str | None]) -> list[Condition | None]:
    """Conditions of texts."""
    found = [None if text is None else compile_condition(text) for text in texts]
    assert not any(isinstance(condition, list) for condition in found), found
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(("texts", "expected"), CASES)
def test_plain_comparisons_are_decided(texts: list[str | None], expected: list[int]) -> None:
    assert never_first(compiled(texts)) == expected


@pytest.mark.parametrize("texts", LEFT_ALONE, ids=[texts[0][:40] for texts in LEFT_ALONE])
def test_anything_more_is_left_alone(texts: list[str | None]) -> None:
    assert never_first(compiled(texts)) == []


NUMBERS = st.integers(0, 4).map(lambda number: f"loan.days_past_due {'<>'[number % 2]} {number}")
WORDS = st.sampled_from(['debtor.segment == "A"', 'debtor.segment != "B"', 'debtor.segment in ["A", "C"]'])
PLAIN = st.lists(st.one_of(NUMBERS, WORDS), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" && ".join(parts), " || ".join(parts), f"!({' || '.join(parts)})"])
)


@given(st.lists(PLAIN, min_size=1, max_size=4))
def test_a_branch_that_some_debtor_reaches_is_never_called_unused(texts: list[str]) -> None:
    conditions = [condition for condition in compiled([*texts]) if condition]
    unused = never_first(conditions)
    for segment, days in product(["A", "B", "C", "D", None], [None, -1, 0, 1, 2, 3, 4, 5]):
        known = facts(debtor={"segment": segment}, loan={"days_past_due": days})
        first = next((index for index, each in enumerate(conditions) if each.evaluate(known)), None)
        assert first not in unused
