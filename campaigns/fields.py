"""Typed reading of YAML mappings that reports every fault with its place instead of stopping at the first."""

import re
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from campaigns import values
from campaigns.condition_errors import Fault, did_you_mean
from campaigns.conditions import Condition, Segments
from campaigns.definition import Problem
from campaigns.yaml_positions import source_index
from campaigns.yaml_source import Lines, Mapping, Node, Scalar, Sequence
from schemas.told import NOTHING, Told, told

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)

_NULL = re.compile(r"(~|null|Null|NULL|)$")
_BOOL = re.compile(r"(true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$")
_LONGEST_SHOWN = 40
_MAPPING, _LIST, _TEXT = told("a mapping", "un mapa"), told("a list", "una lista"), told("text", "texto")
_EMPTY, _TRUTH, _NUMBER = told("empty", "vacío"), told("true or false", "true o false"), told("a number", "un número")


def kind(node: Node) -> Told:
    """What a node is, in words: text, number, true/false, empty, list or mapping (YAML 1.2 core rules)."""
    if isinstance(node, Mapping):
        return _MAPPING
    if isinstance(node, Sequence):
        return _LIST
    if node.style:
        return _TEXT
    for pattern, name in (
        (_NULL, _EMPTY),
        (_BOOL, _TRUTH),
        (_INT, _NUMBER),
        (_FLOAT, _NUMBER),
    ):
        if pattern.match(node.text):
            return name
    return _TEXT


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

    def fault(self, place: Node | int, message: Told) -> None:
        """Note a problem at a node or an index of the text."""
        index = place if isinstance(place, int) else place.start
        self.problems.append(Problem(self.file, *self.lines.at(index), message))

    def string(self, node: Node, name: str) -> str | None:
        """Text that is not empty."""
        found = kind(node)
        if found == _EMPTY or (found == _TEXT and isinstance(node, Scalar) and not node.text.strip()):
            self.fault(node, told("'{name}' is empty", "'{name}' está vacío", name=name))
            return None
        if found != _TEXT or not isinstance(node, Scalar):
            quote = told(": put it in quotes", ": póngalo entre comillas") if found in (_NUMBER, _TRUTH) else NOTHING
            parts = {"name": name, "found": found, "quote": quote}
            told_of = told(
                "'{name}' must be text, not {found}{quote}", "'{name}' debe ser texto, no {found}{quote}", **parts
            )
            self.fault(node, told_of)
            return None
        return node.text

    def parsed(self, node: Node, name: str, parse: Callable[[str], Value | None], wanted: Told) -> Value | None:
        """Text that `parse` understands; `wanted` says what is expected, with an example."""
        parts = {"name": name, "wanted": wanted}
        if isinstance(node, Scalar) and kind(node) != _EMPTY:
            value = parse(node.text)
            if value is None:
                english, spanish = "'{name}' must be {wanted}, not {found}", "'{name}' debe ser {wanted}, no {found}"
                self.fault(node, told(english, spanish, **parts, found=shown(node.text)))
            return value
        english, spanish = "'{name}' must be {wanted}, and it is {found}", "'{name}' debe ser {wanted}, y es {found}"
        self.fault(node, told(english, spanish, **parts, found=kind(node)))
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
        hint = told(" in quotes", " entre comillas") if isinstance(node, Scalar) and node.style else NOTHING
        message = told(
            "'{name}' must be a whole number from 1 to 999999999, not {found}{hint}",
            "'{name}' debe ser un entero de 1 a 999999999, no {found}{hint}",
            name=name,
            found=found,
            hint=hint,
        )
        self.fault(node, message)
        return None

    def word(self, node: Node, name: str, words: type[Word]) -> Word | None:
        """One word of a closed list."""
        text = node.text if isinstance(node, Scalar) else None
        if text in frozenset(words):
            return words(text)
        known = [str(word) for word in words]
        found = shown(node.text) if isinstance(node, Scalar) and node.text else kind(node)
        message = told(
            "'{name}' must be one of {known}, not {found}{hint}",
            "'{name}' debe ser uno de {known}, no {found}{hint}",
            name=name,
            known=", ".join(known),
            found=found,
            hint=suggestion(text or "", known),
        )
        self.fault(node, message)
        return None

    def items(self, node: Node, name: str) -> tuple[Node, ...]:
        """The items of a list that is not empty."""
        if isinstance(node, Sequence) and node.items:
            return node.items
        found = told("an empty one", "una vacía") if isinstance(node, Sequence) else kind(node)
        english, spanish = "'{name}' must be a list, not {found}", "'{name}' debe ser una lista, no {found}"
        self.fault(node, told(english, spanish, name=name, found=found))
        return ()

    def unique(self, node: Node, name: str, read: Callable[[Node], Value | None]) -> tuple[Value, ...]:
        """A list of different values."""
        values: list[Value] = []
        for item in self.items(node, name):
            value = read(item)
            if value is None:
                continue
            if value in values:
                english, spanish = "{value} stands twice in '{name}'", "{value} está dos veces en '{name}'"
                self.fault(item, told(english, spanish, value=shown(str(value)), name=name))
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
        if not isinstance(node, Scalar) or kind(node) == _EMPTY:
            english, spanish = (
                "'{name}' must be a condition, not {found}",
                "'{name}' debe ser una condición, no {found}",
            )
            self.fault(node, told(english, spanish, name=name, found=kind(node)))
            return None
        compiled = compiler(node.text, self.segments)
        if isinstance(compiled, Condition):
            return compiled
        for fault in compiled:
            self.fault(source_index(self.text, node, fault.offset), fault.message)
        return None


class Fields:
    """The keys of one mapping; making it reports unknown keys and missing ones."""

    def __init__(self, reader: Reader, node: Node, name: Told, known: tuple[str, ...], required: tuple[str, ...] = ()):
        self.reader = reader
        self.node = node
        self.entries = node.entries if isinstance(node, Mapping) else {}
        if not isinstance(node, Mapping):
            english = "{name} must be a mapping of keys and values, not {found}"
            reader.fault(
                node,
                told(english, "{name} debe ser un mapa de claves y valores, no {found}", name=name, found=kind(node)),
            )
            return
        for key, entry in self.entries.items():
            if key not in known:
                reader.fault(entry.key, _unknown(key, name, known))
        for key in required:
            if key not in self.entries:
                english, spanish = "'{key}' is missing in {name}: add it", "falta '{key}' en {name}: agréguelo"
                reader.fault(node, told(english, spanish, key=key, name=name))

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


def _unknown(key: str, name: Told, known: tuple[str, ...]) -> Told:
    listed = told(": {name} knows {known}", ": {name} tiene {known}", name=name, known=", ".join(known))
    hint = suggestion(key, known) or listed
    return told(
        "unknown key {key} in {name}{hint}",
        "clave desconocida {key} en {name}{hint}",
        key=shown(key),
        name=name,
        hint=hint,
    )


def suggestion(word: str, known: tuple[str, ...] | list[str]) -> Told:
    """`: did you mean 'x'?` for a word close to a known one, else nothing."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.6) if len(word) <= _LONGEST_SHOWN else []
    return did_you_mean(close[0]) if close else NOTHING
