"""JSON that could hide something is refused, and the refusal says where without quoting."""

import pytest

from schemas.dead_letter import BadRecord
from schemas.strict_json import MAX_DEPTH, loads


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
