"""Texts that are no YAML, or too much of it."""

import pytest

from campaigns.parser import parse_definition
from campaigns.yaml_source import MAX_BYTES
from tests.campaigns.language.samples import BASE, faults, with_step, with_top

SYNTAX = [
    ("", "1:1: the file is empty"),
    ("# only a comment\n", "1:1: the file is empty"),
    ("---\n", "2:1: a definition must be a mapping of keys and values, not empty"),
    ("just words\n", "1:1: a definition must be a mapping of keys and values, not text"),
    ("a: b: c\n", "1:5: YAML syntax error: mapping values are not allowed here"),
    (
        "a: 1\n\tb: 2\n",
        "2:1: YAML syntax error: found character '\\t' that cannot start any token",
    ),
    (
        "a: [1, 2\nb: 3\n",
        "2:2: YAML syntax error while parsing a flow sequence that begins on line 1: expected ',' or ']', but got ':'",
    ),
    (
        "a: 'never closed\n",
        "2:1: YAML syntax error while scanning a quoted scalar that begins on line 1: found unexpected end of stream",
    ),
    (
        "a: 1\n  b: 2\n",
        "2:4: YAML syntax error: mapping values are not allowed here",
    ),
    ("a: 1\n---\nb: 2\n", "2:1: a second document begins here: keep one document in a file"),
    ("a: \x01\n", "1:4: YAML does not allow this control character: delete it"),
    ("a: *nobody\n", "1:4: no anchor &nobody before its alias"),
    ("a: &x [*x]\n", "1:8: the alias *x contains itself"),
    ("[" * 40 + "]" * 40, "1:34: nested deeper than 32 levels"),
    ("\ud800", "1:1: YAML does not allow this control character: delete it"),
]


@pytest.mark.parametrize(("text", "expected"), SYNTAX, ids=[expected for _, expected in SYNTAX])
def test_unreadable_text(text: str, expected: str) -> None:
    assert faults(text)[0] == expected


def test_aliases_count_toward_the_depth() -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 40))
    assert faults(text) == ["32:12: nested deeper than 32 levels"]


def test_keys_must_be_words() -> None:
    assert "7:3: a key must be a single word" in faults(with_top("? [a]\n: b"))


def test_long_words_are_shown_on_one_short_line() -> None:
    key = '"' + "clave\\n" * 30 + '"'
    (fault,) = (fault for fault in faults(with_top(f"{key}: 1\n{key}: 2")) if "duplicate" in fault)
    assert fault == "8:1: duplicate key 'clave clave clave clave clave clave clav…': keep one of the two"


def test_merges_take_mappings_only() -> None:
    assert faults(with_step("<<: 3")) == ["12:5: '<<' merges mappings only"]


def test_tags_are_refused() -> None:
    assert faults(with_step("when: !!str debtor.segment == 'A'")) == [
        "12:11: '!!str' is a YAML tag: put text that begins with ! in quotes"
    ]


def test_a_negation_without_quotes_says_what_to_do() -> None:
    assert "12:11: '!segments.vip' is a YAML tag: put text that begins with ! in quotes" in faults(
        with_step("when: !segments.vip")
    )


def test_a_text_over_the_limit_is_refused() -> None:
    assert faults(BASE + "#" * MAX_BYTES) == ["1:1: larger than 1 MiB: split it into smaller files"]


def test_characters_of_several_bytes_count_as_such() -> None:
    assert faults(BASE + "#" + "ñ" * (MAX_BYTES // 2)) == ["1:1: larger than 1 MiB: split it into smaller files"]


def test_aliases_count_as_often_as_they_are_used() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert faults("\n".join(lines)) == [
        "6:50: with its aliases written out, larger than 1 MiB: split it into smaller files"
    ]


HOSTILE = {
    "chain": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 3000)),
    "flow": "[" * 200_000,
    "block": "- " * 200_000,
    "mappings": "{a: " * 200_000,
    "questions": "? " * 200_000,
    "aliases": "a: &a x\nb: [" + "*a, " * 50_000 + "]",
    "merges": "a: &a {b: c}\n" + "x:\n" + "".join(f"  k{n}: {{<<: *a}}\n" for n in range(5_000)),
    "quotes": "a: '" + "x\n" * 300_000,
    "plain": "a:\n" + " x\n" * 200_000,
    "escapes": 'a: "' + "\\n" * 300_000 + '"',
    "keys": "".join(f"k{n}: v\n" for n in range(20_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(60)
def test_hostile_texts_end_in_problems_in_good_time(text: str) -> None:
    assert isinstance(parse_definition(text, "f.yaml"), list)
