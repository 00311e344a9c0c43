"""Whatever the text, the answer is a definition or problems with places, never a traceback."""

from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.definition import Definition
from campaigns.parser import parse_definition
from tests.campaigns.language.samples import BASE
from tests.campaigns.language.test_parser import FULL

SIGNS = ("- ", ": ", "\n", "  ", "[", "]", "{", "}", '"', "'", "&a ", "*a", "|", ">", "#", "!", "%", "?", "\t", "\\")
WORDS = ("at", "when", "steps", "<<", "due_date", "debtor.", "ñ", "😀", "\x85", "\u2028", "\ufeff", "0", "-", "null")
PIECES = st.sampled_from((*SIGNS, *WORDS))


def check(text: str) -> None:
    """The one promise."""
    parsed = parse_definition(text, "f.yaml")
    if isinstance(parsed, Definition):
        return
    assert parsed
    lines = text.count("\n") + text.count("\r") + 1
    for problem in parsed:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message
        assert "\n" not in str(problem)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_pieces_of_yaml(text: str) -> None:
    check(text)


@given(st.sampled_from([BASE, FULL]), st.data())
@settings(max_examples=150, deadline=None)
def test_any_slip_in_a_sound_definition(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.one_of(PIECES, st.text(max_size=5), st.just(""))) + text[at + length :]
    check(text)


@given(st.sampled_from([line for line in FULL.splitlines() if ":" in line]), st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_in_a_line(line: str, data: st.DataObject) -> None:
    value = data.draw(
        st.one_of(
            st.integers().map(str),
            st.floats().map(str),
            st.sampled_from(["", "~", "true", "[]", "{}", "[x]", "{a: b}", "''", "|\n      x", "2026-13-45", "99999d"]),
            st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=30),
        )
    )
    check(FULL.replace(line, line.partition(":")[0] + ": " + value, 1))
