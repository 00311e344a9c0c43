"""Conditions that only compare facts with literals, `loan.total_outstanding > 100.0 && debtor.segment == "A"`.

Most conditions of campaigns are such, and Python decides them in a fifth of the time that their engine takes. Joined by
&& alone they hold where every one of them does, whichever facts are missing.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Read = Callable[[str], Any]
Holds = Callable[[Read], bool | None]
"""Whether comparisons hold for what is read; None where the engine must say, since a fact is of no type that it has."""

_COMPARES = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARISON = re.compile(r"\s*([a-z]+\.[a-z0-9_]+)\s*(==|!=|<=|>=|<|>)\s*([^\s].*?)\s*", re.DOTALL)
_DOUBLE = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")
_INT = re.compile(r"-?[0-9]{1,15}")
_STRING = re.compile(r"\"[^\"\\\n\r]*\"|'[^'\\\n\r]*'")
_MOST_INT = 2**63


def comparisons(text: str, kinds: Mapping[str, str]) -> Holds | None:
    """What decides a text that the engine has compiled, None where it is more than comparisons; `kinds` of names."""
    found = [_comparison(part, kinds) for part in text.split("&&")]
    tests = [test for test in found if test is not None]
    if len(tests) < len(found):
        return None
    return tests[0] if len(tests) == 1 else _all(tests)


def _all(tests: list[Holds]) -> Holds:
    def holds(read: Read) -> bool | None:
        for test in tests:
            held = test(read)
            if held is not True:
                return held
        return True

    return holds


def _comparison(text: str, kinds: Mapping[str, str]) -> Holds | None:
    found = _COMPARISON.fullmatch(text)
    if found is None:
        return None
    name, sign, literal = found.groups()
    kind = kinds.get(name)
    if kind == "double" and _DOUBLE.fullmatch(literal):
        return _double(name, _COMPARES[sign], float(literal))
    if kind == "int" and _INT.fullmatch(literal):
        return _int(name, _COMPARES[sign], int(literal))
    if kind == "string" and sign == "==" and _STRING.fullmatch(literal):
        return _string(name, literal[1:-1])
    return None


def _double(name: str, compare: Callable[[Any, Any], bool], literal: float) -> Holds:
    def holds(read: Read) -> bool | None:
        value = read(name)
        return value is not None and compare(float(value), literal)

    return holds


def _int(name: str, compare: Callable[[Any, Any], bool], literal: int) -> Holds:
    def holds(read: Read) -> bool | None:
        value = read(name)
        if value is None:
            return False
        return compare(value, literal) if type(value) is int and -_MOST_INT <= value < _MOST_INT else None

    return holds


def _string(name: str, literal: str) -> Holds:
    def holds(read: Read) -> bool | None:
        return bool(read(name) == literal)

    return holds
