"""Finds branches that can never win, by trying every kind of debtor that plain comparisons can tell apart.

Conditions made of comparisons of names with literals are decided by trying, for each name, the literals it is
compared with, a value on each side of them, and no value at all. Anything more (functions, arithmetic, names
compared with names) is left alone: such a branch is taken to be reachable and to block no other.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from campaigns.conditions import DOUBLE, INT, NAMES, STRINGS, Condition, Facts, flat_facts

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-z]+\.\w+)|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<constant>(?:true|false)\b)|(?P<compare>==|!=|<=|>=|<|>)|(?P<within>in\b)|(?P<sign>&&|\|\||[!()\[\],]))"
)
_VALUES = ("text", "number", "constant")
_MOST_TRIALS = 4096
_LOWEST = "\x1f"

Token = tuple[str, str]
Literal = str | int | float | bool
Domains = dict[str, set[Literal]]


def never_first(conditions: Sequence[Condition | None]) -> list[int]:
    """The places of conditions that never are the first to hold; None always holds."""
    domains: Domains = {}
    plain = [condition is None or _collect(condition.text, domains) for condition in conditions]
    choices = [_trials(name, values) for name, values in domains.items()]
    if not all(plain) and not any(plain):
        return []
    trials = 1
    for choice in choices:
        trials *= len(choice)
    if trials > _MOST_TRIALS:
        return []
    winners = {index for index, known in enumerate(plain) if not known}
    for values in product(*choices):
        data = {name: value for name, value in zip(domains, values, strict=True) if value is not None}
        winners.add(_first(conditions, plain, flat_facts(data)))
    return [index for index in range(len(conditions)) if index not in winners]


def _first(conditions: Sequence[Condition | None], plain: Sequence[bool], facts: Facts) -> int:
    for index, condition in enumerate(conditions):
        if plain[index] and (condition is None or condition.evaluate(facts)):
            return index
    return -1


def _collect(text: str, domains: Domains) -> bool:
    """Notes what each name is compared with; false where the condition is more than plain comparisons."""
    tokens = _tokens(text)
    if tokens is None or any(NAMES.get(word) == STRINGS for kind, word in tokens if kind == "name"):
        return False
    found: list[tuple[str, Literal | None]] = [(word, None) for kind, word in tokens if kind == "name"]
    for index, ((kind, _), (after, _)) in enumerate(pairwise(tokens)):
        if kind in (*_VALUES, "name") and after in (*_VALUES, "name"):
            return False
        if after in ("compare", "within"):
            compared = list(_compared(tokens, index))
            if not compared:
                return False
            found.extend(compared)
    for name, literal in found:
        domains.setdefault(name, set()).update([] if literal is None else [literal])
    return True


def _compared(tokens: Sequence[Token], index: int) -> Iterator[tuple[str, Literal]]:
    """The name and literals around the operator that follows the token at `index`."""
    left, operator, right = tokens[index], tokens[index + 1], tokens[index + 2]
    if operator[0] == "within":
        words = [word for _, word in tokens[index + 3 :]]
        listed = tokens[index + 3 : index + 3 + words.index("]")] if right[1] == "[" and "]" in words else []
        if left[0] == "name" and all(kind in _VALUES or word == "," for kind, word in listed):
            yield from ((left[1], _literal(kind, word)) for kind, word in listed if kind in _VALUES)
    elif left[0] == "name" and right[0] in _VALUES:
        yield left[1], _literal(*right)
    elif right[0] == "name" and left[0] in _VALUES:
        yield right[1], _literal(*left)


def _tokens(text: str) -> list[Token] | None:
    """The words of a plain condition, None where it holds anything else."""
    tokens: list[Token] = []
    index, text = 0, text.rstrip()
    while index < len(text):
        found = _TOKEN.match(text, index)
        if found is None or found.lastgroup is None:
            return None
        tokens.append((found.lastgroup, found[found.lastgroup]))
        index = found.end()
    return tokens


def _literal(kind: str, word: str) -> Literal:
    if kind == "text":
        return word[1:-1]
    if kind == "constant":
        return word == "true"
    return float(word) if "." in word else int(word)


def _trials(name: str, literals: set[Literal]) -> list[Literal | None]:
    """The values that tell apart all that the literals can, and None for a missing fact."""
    kind = NAMES.get(name)
    if kind is None:
        return [None, True, False]
    if kind not in (INT, DOUBLE):
        return [None, _LOWEST, *(text for literal in literals for text in (str(literal), f"{literal}{_LOWEST}"))]
    numbers = sorted(float(literal) for literal in literals if not isinstance(literal, str))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    around = [number + step for number in numbers for step in (-1, 0, 1)]
    points = sorted({*around, *between})
    return [None, *(points if kind == DOUBLE else {int(point) for point in points})]
