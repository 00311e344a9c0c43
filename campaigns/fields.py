"""Typed reading of YAML mappings that reports every fault with its place instead of stopping at the first."""

import re
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from campaigns import values
from campaigns.condition_errors import Fault
from campaigns.conditions import Condition, Segments
from campaigns.definition import Problem
from campaigns.yaml_positions import source_index
from campaigns.yaml_source import Lines, Mapping, Node, Scalar, Sequence

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)

_NULL = re.compile(r"(~|null|Null|NULL|)$")
_BOOL = re.compile(r"(true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$")
_LONGEST_SHOWN = 40


def kind(node: Node) -> str:
    """What a node is, in words: text, number, true/false, empty, list or mapping (YAML 1.2 core rules)."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if node.style:
        return "text"
    for pattern, name in (
        (_NULL, "empty"),
        (_BOOL, "true or false"),
        (_INT, "a number"),
        (_FLOAT, "a number"),
    ):
        if pattern.match(node.text):
            return name
    return "text"


def shown(text: str) -> str:
    """A value as messages quote it: one line, cut where it is long."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return f"'{line}'" if len(line) <= _LONGEST_SHOWN else f"'{line[:_LONGEST_SHOWN]}…'"


class Reader:
    """Gathers the problems of one file while its nodes are read."""

    def __init__(self, text: str, file: str, segments: Segments | None) -> None:
        self.text = text
        self.file = file
        self.segments = segments
        self.lines = Lines(text)
        self.problems: list[Problem] = []

    def fault(self, place: Node | int, message: str) -> None:
        """Note a problem at a node or an index of the text."""
        index = place if isinstance(place, int) else place.start
        self.problems.append(Problem(self.file, *self.lines.at(index), message))

    def string(self, node: Node, name: str) -> str | None:
        """Text that is not empty."""
        found = kind(node)
        if found != "text" or not isinstance(node, Scalar):
            quote = ": put it in quotes" if found in ("a number", "true or false") else ""
            self.fault(
                node,
                f"'{name}' must be text, not {found}{quote}" if found != "empty" else f"'{name}' is empty",
            )
            return None
        if not node.text.strip():
            self.fault(node, f"'{name}' is empty")
            return None
        return node.text

    def parsed(self, node: Node, name: str, parse: Callable[[str], Value | None], wanted: str) -> Value | None:
        """Text that `parse` understands; `wanted` says what is expected, with an example."""
        if isinstance(node, Scalar) and kind(node) != "empty":
            value = parse(node.text)
            if value is None:
                self.fault(node, f"'{name}' must be {wanted}, not {shown(node.text)}")
            return value
        found = kind(node)
        self.fault(node, f"'{name}' must be {wanted}, and it is {found}")
        return None

    def duration(self, node: Node, name: str) -> timedelta | None:
        """A time such as 30m, 4h or 3d."""
        return self.parsed(node, name, values.duration, values.DURATION)

    def positive(self, node: Node, name: str) -> int | None:
        """A whole number from 1."""
        if isinstance(node, Scalar) and not node.style and _INT.match(node.text) and len(node.text) <= 9:
            number = int(node.text, 0) if node.text[1:2] in ("x", "o") else int(node.text)
            if number >= 1:
                return number
        found = shown(node.text) if isinstance(node, Scalar) and node.text else kind(node)
        hint = " in quotes" if isinstance(node, Scalar) and node.style else ""
        self.fault(node, f"'{name}' must be a whole number from 1 to 999999999, not {found}{hint}")
        return None

    def word(self, node: Node, name: str, words: type[Word]) -> Word | None:
        """One word of a closed list."""
        text = node.text if isinstance(node, Scalar) else None
        if text in frozenset(words):
            return words(text)
        known = [str(word) for word in words]
        found = shown(node.text) if isinstance(node, Scalar) and node.text else kind(node)
        self.fault(node, f"'{name}' must be one of {', '.join(known)}, not {found}{suggestion(text or '', known)}")
        return None

    def items(self, node: Node, name: str) -> tuple[Node, ...]:
        """The items of a list that is not empty."""
        if isinstance(node, Sequence) and node.items:
            return node.items
        found = "an empty one" if isinstance(node, Sequence) else kind(node)
        self.fault(node, f"'{name}' must be a list, not {found}")
        return ()

    def unique(self, node: Node, name: str, read: Callable[[Node], Value | None]) -> tuple[Value, ...]:
        """A list of different values."""
        values: list[Value] = []
        for item in self.items(node, name):
            value = read(item)
            if value is None:
                continue
            if value in values:
                self.fault(item, f"{shown(str(value))} stands twice in '{name}'")
            else:
                values.append(value)
        return tuple(values)

    def condition(
        self,
        node: Node,
        name: str,
        compiler: Callable[[str, Segments | None], Condition | list[Fault]],
    ) -> Condition | None:
        """A CEL expression, its faults placed in the file."""
        if not isinstance(node, Scalar) or kind(node) == "empty":
            self.fault(node, f"'{name}' must be a condition, not {kind(node)}")
            return None
        compiled = compiler(node.text, self.segments)
        if isinstance(compiled, Condition):
            return compiled
        for fault in compiled:
            self.fault(source_index(self.text, node, fault.offset), fault.message)
        return None


class Fields:
    """The keys of one mapping; making it reports unknown keys and missing ones."""

    def __init__(self, reader: Reader, node: Node, name: str, known: tuple[str, ...], required: tuple[str, ...] = ()):
        self.reader = reader
        self.node = node
        self.entries = node.entries if isinstance(node, Mapping) else {}
        if not isinstance(node, Mapping):
            reader.fault(node, f"{name} must be a mapping of keys and values, not {kind(node)}")
            return
        for key, entry in self.entries.items():
            if key not in known:
                hint = suggestion(key, known) or f": {name} knows {', '.join(known)}"
                reader.fault(entry.key, f"unknown key {shown(key)} in {name}{hint}")
        for key in required:
            if key not in self.entries:
                reader.fault(node, f"'{key}' is missing in {name}: add it")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.entries

    def node_of(self, key: str) -> Node | None:
        """The value of a key, unread."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def read(self, key: str, read: Callable[[Node, str], Value | None]) -> Value | None:
        """The value of a key as `read` makes it; None where the key is missing or its value at fault."""
        node = self.node_of(key)
        return None if node is None else read(node, key)

    def place(self, key: str) -> int:
        """The index of a key in the text, or of the mapping where it is missing."""
        entry = self.entries.get(key)
        return entry.key.start if entry else self.node.start


def suggestion(word: str, known: tuple[str, ...] | list[str]) -> str:
    """`: did you mean 'x'?` for a word close to a known one, else nothing."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.6) if len(word) <= _LONGEST_SHOWN else []
    return f": did you mean '{close[0]}'?" if close else ""
