"""A fault in a condition is placed where its word stands in the YAML, however it is quoted and folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.yaml_positions import source_index
from campaigns.yaml_source import Entry, Mapping, Scalar, read_source
from tests.campaigns.language.samples import faults, with_step

UNKNOWN = "unknown name 'debtor.foo': debtor has language, region, risk_score, segment, tags"

PLACES = [
    ("when: debtor.foo == 'A'", "12:11"),
    ("when: loan.bucket == 'A' && debtor.foo", "12:33"),
    ("when: \"loan.bucket == 'A' && debtor.foo\"", "12:34"),
    ("when: 'loan.bucket == ''A'' && debtor.foo'", "12:36"),
    ('when: "loan.bucket == \\"A\\" && debtor.foo"', "12:36"),
    ('when: "loan.bucket == \\u0022A\\x22\\t&&\\tdebtor.foo"', "12:44"),
    ("when: loan.bucket == 'A'\n  && debtor.foo", "13:10"),
    ("when: 'loan.bucket == ''A''\n\n   && debtor.foo'", "14:11"),
    ("when: \"loan.bucket \\\n   == 'A' && debtor.foo\"", "13:18"),
    ("when: |\n  loan.bucket == 'A'\n  && debtor.foo", "14:10"),
    ("when: >-\n  loan.bucket == 'A'\n  && debtor.foo\n", "14:10"),
    ("when: > # why\n    loan.bucket == 'A'\n      && debtor.foo\n", "14:14"),
    ("when: |2\n      loan.bucket == 'A' &&\n        debtor.foo", "14:13"),
    ("when: loan.bucket == 'ñandú 😀' && debtor.foo", "12:39"),
    ("when:\n  debtor.foo == 'A'", "13:7"),
    ("when: &x debtor.foo == 'A'", "12:14"),
]


@pytest.mark.parametrize(("lines", "place"), PLACES, ids=[lines for lines, _ in PLACES])
def test_unknown_names(lines: str, place: str) -> None:
    assert faults(with_step(lines)) == [f"{place}: {UNKNOWN}"]


FAULTS = [
    (
        "loan.total_outstanding > 100",
        "12:34: type error: '>' mixes a double and an integer: write 100.0, or use double(…)",
    ),
    ("loan.days_past_due == 'x'", "12:30: type error: '==' cannot join int and string"),
    ("debtor.segment &&", "12:28: the condition ends too early"),
    ("debtor.segment = 'A'", "12:26: '=' is not understood here: write =="),
    ("debtor.segment == 'A' and true", "12:33: 'and' is not understood here: write &&"),
    ("debtor.segment == “A”", "12:29: '“' is not understood here: write straight quotes"),
    ("debtor.segment == 'A", "12:29: this text has no closing quote"),
    ("(debtor.segment == 'A'", "12:33: ')' is missing here"),
    ("true) || false", "12:15: ')' is not understood here"),
    ("has(debtor.segment)", "12:11: has() is not known here: a condition on a missing fact does not hold"),
    ("debtr.segment == 'A'", "12:11: unknown name 'debtr.segment': did you mean 'debtor.segment'?"),
    ("debtor.segmet == 'A'", "12:11: unknown name 'debtor.segmet': did you mean 'debtor.segment'?"),
    ("now > 1", "12:11: unknown name 'now': names begin with debtor, history, installment, loan"),
    ("segments.vip", "12:11: unknown name 'segments.vip': names begin with debtor, history, installment, loan"),
    ("size(debtor.tags) > 0 && today() > 1", "12:36: unknown function 'today'"),
    ("debtor.segment.starts('A')", "12:26: unknown function 'starts'"),
    ("debtor.tags.exists(t, t == 1)", "12:35: type error: '==' cannot join string and int"),
    ("'a\\b' == debtor.segment && loan.nope == 1", None),
]


@pytest.mark.parametrize(("condition", "expected"), FAULTS, ids=[condition for condition, _ in FAULTS])
def test_faults_of_conditions(condition: str, expected: str | None) -> None:
    found = faults(with_step(f"when: {condition}" if "\\" not in condition else f"when: |\n  {condition}"))
    if expected is None:
        assert found[0].startswith("13:")
    else:
        assert found == [expected]


def test_every_unknown_name_of_a_condition_is_reported() -> None:
    found = faults(with_step("when: >\n  debtor.a == 'x'\n  || loan.b > 1"))
    assert [fault.split(" unknown")[0] for fault in found] == ["13:7:", "14:10:"]


def test_a_condition_may_not_be_nested_without_end() -> None:
    deep = "(" * 5000 + "true" + ")" * 5000
    assert faults(with_step(f"when: {deep}")) == [
        "12:11: this condition cannot be read: make it shorter and less nested"
    ]


def test_control_characters_in_a_condition_are_refused() -> None:
    assert faults(with_step('when: "debtor.segment == \\0"')) == [
        "12:12: the condition holds a character that cannot be printed: delete it"
    ]


TEXT = st.text(st.sampled_from("abz .'\"\\ñ😀#:-{\t"), min_size=1, max_size=40)


@given(TEXT, st.booleans())
def test_quoted_characters_are_found_where_they_stand(value: str, double: bool) -> None:
    if double:
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
    else:
        quoted = "'" + value.replace("'", "''") + "'"
    text = f"k: {quoted}\n"
    scalar = _value(text)
    assert scalar.text == value
    for offset, character in enumerate(value):
        if not character.isspace():
            found = text[source_index(text, scalar, offset) :]
            assert found.startswith(character) or found[1:].startswith(character)


@given(st.lists(st.text(st.sampled_from("abcñ()&"), min_size=1, max_size=8), min_size=1, max_size=12), st.data())
def test_folded_characters_are_found_where_they_stand(words: list[str], data: st.DataObject) -> None:
    text = "k: >\n" + "".join(f"  {word}{data.draw(st.sampled_from([' ', chr(10), chr(10) * 2]))}" for word in words)
    text = "\n".join(line if not line or line.startswith(("k", "  ")) else f"  {line}" for line in text.split("\n"))
    scalar = _value(text)
    for offset, character in enumerate(scalar.text):
        if not character.isspace():
            assert text[source_index(text, scalar, offset)] == character


def _value(text: str) -> Scalar:
    root = read_source(text).root
    assert isinstance(root, Mapping)
    entry = root.entries["k"]
    assert isinstance(entry, Entry)
    assert isinstance(entry.value, Scalar)
    return entry.value
