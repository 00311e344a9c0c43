"""JSON that could hide something is refused, and the refusal says where without quoting."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.dead_letter import BadRecord
from schemas.strict_json import MAX_DEPTH, loads

LARGE = ["9223372036854775808", "18446744073709551615", "18446744073709551616", "123456789012345678901", "1" * 400]
NUMBERS = ["0", "-0", "-0.0", "1.0", "1.50", "0.1", "1e2", "1E-7", "1e999", "5e-324", "9007199254740993.0", *LARGE]
TEXTS = st.sampled_from(["", "a", "a b", " ", "ñ", "\x7f", "😀", "\\u0000", 'say "x"', "{[", "\n"])
STRINGS = st.builds(lambda text, escaped: json.dumps(text, ensure_ascii=escaped), TEXTS, st.booleans())
SPACES = st.sampled_from(["", "", " ", "  ", "\n"])


def _object(pairs: list[tuple[str, str]], space: str) -> str:
    return "{" + f",{space}".join(f"{name}:{space}{value}" for name, value in pairs) + "}"


def _array(values: list[str], space: str) -> str:
    return "[" + f",{space}".join(values) + "]"


DOCUMENTS = st.recursive(
    st.sampled_from([*NUMBERS, "true", "null", "NaN"]) | STRINGS,
    lambda inner: (
        st.builds(_object, st.lists(st.tuples(STRINGS, inner), max_size=4), SPACES)
        | st.builds(_array, st.lists(inner, max_size=3), SPACES)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"{", "not valid JSON"),
        (b"", "not valid JSON"),
        (b'{"a": 1,}', "not valid JSON"),
        (b'{"a": 1, "a": 2}', "repeats a key"),
        (b'{"x": {"a": 1, "\\u0061": 2}}', "repeats a key"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "NaN and Infinity"),
        (b'{"a": 1e999}', "out of range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'["\\uDC00x"]', "surrogate"),
        (b'{"a": "\x00"}', "not valid JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b"[" * 20_000 + b"]" * 20_000, "nested"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "nested"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested"),
    ],
)
def test_what_could_hide_something_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(BadRecord, match=says):
        loads(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
        (b"[[]," * 40 + b"[]" + b"]" * 40, None),
    ],
)
def test_what_only_looks_odd_is_read(raw: bytes, value: object) -> None:
    if value is None:
        with pytest.raises(BadRecord, match="nested"):
            loads(raw)
    else:
        assert loads(raw) == value


def test_many_shallow_members_are_not_depth() -> None:
    assert loads(b"[" + b",".join([b"{}"] * 500) + b"]") == [{}] * 500


def test_depth_is_allowed_up_to_the_bound() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None


@settings(max_examples=400, deadline=None, database=None)
@given(DOCUMENTS)
def test_every_document_is_read_as_the_standard_library_reads_it_or_refused(text: str) -> None:
    try:
        wanted = json.loads(text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_finite)
    except ValueError:
        with pytest.raises(BadRecord):
            loads(text.encode())
    else:
        assert repr(loads(text.encode())) == repr(wanted)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _finite(text: str) -> float:
    if not math.isfinite(float(text)):
        raise ValueError("no number of JSON")
    return float(text)
