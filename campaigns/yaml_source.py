"""YAML text as nodes that know where they stand, read from events under limits of size and depth."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from schemas.told import Told, told

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
_LONGEST_SHOWN = 40
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
TOO_LARGE = told("larger than 1 MiB: split it into smaller files", "de más de 1 MiB: divídalo en archivos más pequeños")

_SECOND = told(
    "a second document begins here: keep one document in a file",
    "aquí empieza un segundo documento: deje uno por archivo",
)
_CONTROL = told(
    "YAML does not allow this control character: delete it", "YAML no admite este carácter de control: bórrelo"
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `style` is a quote, | or >, and empty for plain text."""

    start: int
    end: int
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the file; keys that came by a merge (`<<`) after the own ones."""

    start: int
    entries: dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    start: int
    items: tuple["Node", ...]


Node = Scalar | Mapping | Sequence


class SourceError(Exception):
    """The text cannot be read as YAML: a message at an index of the text."""

    def __init__(self, message: Told, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


class Lines:
    """Turns an index of a text into a line and column, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def at(self, index: int) -> tuple[int, int]:
        """The line and column of an index."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1


@dataclass(frozen=True, slots=True)
class Source:
    """A document and the faults that did not keep it from being read: (index, message)."""

    text: str
    root: Node
    faults: tuple[tuple[int, Told], ...]


def read_source(text: str) -> Source:
    """The one document of a text; raises SourceError where it is not readable at all."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SourceError(TOO_LARGE, 0)
    composer = _Composer(text)
    return Source(text, composer.document(), tuple(composer.faults))


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias repeats, with the text and levels it adds."""

    node: Node
    size: int
    height: int


class _Composer:
    """Builds nodes from parser events; sizes and depths count what aliases repeat as often as they do."""

    def __init__(self, text: str) -> None:
        self._events = _events(text)
        self._size = 0
        self._open: set[str] = set()
        self._deepest = 0
        self._anchors: dict[str, _Anchored] = {}
        self.faults: list[tuple[int, Told]] = []

    def document(self) -> Node:
        next(self._events)
        if type(next(self._events)).__name__ == "StreamEndEvent":
            raise SourceError(told("the file is empty", "el archivo está vacío"), 0)
        root = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if type(after).__name__ != "StreamEndEvent":
            raise SourceError(_SECOND, _start(after))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if type(event).__name__ == "AliasEvent":
            return self._alias(event, depth)
        self._sink(depth, event)
        if event.ctag is not None:
            english = "'{tag}' is a YAML tag: put text that begins with ! in quotes"
            spanish = "'{tag}' es una etiqueta de YAML: ponga entre comillas el texto que empieza con !"
            self.faults.append((_start(event), told(english, spanish, tag=_tag(event))))
        if event.anchor is None:
            return self._content(event, depth)
        size, deepest = self._size, self._deepest
        self._open.add(event.anchor)
        self._deepest = depth
        node = self._content(event, depth)
        self._open.discard(event.anchor)
        self._anchors[event.anchor] = _Anchored(node, self._size - size, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return node

    def _sink(self, depth: int, event: Any) -> None:
        if depth > MAX_DEPTH:
            english, spanish = "nested deeper than {most} levels", "anidado a más de {most} niveles"
            raise SourceError(told(english, spanish, most=MAX_DEPTH), _start(event))
        self._deepest = max(self._deepest, depth)

    def _alias(self, event: Any, depth: int) -> Node:
        name, index = event.anchor, _start(event)
        if name in self._open:
            english, spanish = "the alias *{name} contains itself", "el alias *{name} se contiene a sí mismo"
            raise SourceError(told(english, spanish, name=_short(name)), index)
        if name not in self._anchors:
            english, spanish = "no anchor &{name} before its alias", "no hay ancla &{name} antes de su alias"
            raise SourceError(told(english, spanish, name=_short(name)), index)
        anchored = self._anchors[name]
        self._sink(depth + anchored.height, event)
        self._grow(anchored.size, index)
        return anchored.node

    def _grow(self, size: int, index: int) -> None:
        self._size += max(size, 1)
        if self._size > MAX_BYTES:
            english, spanish = "with its aliases written out, {large}", "con sus alias desplegados, {large}"
            raise SourceError(told(english, spanish, large=TOO_LARGE), index)

    def _content(self, event: Any, depth: int) -> Node:
        start = _start(event)
        match type(event).__name__:
            case "ScalarEvent":
                self._grow(event.end_mark.index - start, start)
                return Scalar(start, event.end_mark.index, event.value, event.style or "")
            case "SequenceStartEvent":
                self._grow(1, start)
                return Sequence(start, tuple(self._items(depth)))
            case _:
                self._grow(1, start)
                return self._mapping(start, depth)

    def _items(self, depth: int) -> Iterator[Node]:
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            yield self._node(event, depth + 1)

    def _mapping(self, start: int, depth: int) -> Mapping:
        own: dict[str, Entry] = {}
        merged: list[Mapping] = []
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self.faults.append(
                    (_start(event), told("a key must be a single word", "una clave debe ser una palabra"))
                )
            elif key.text == "<<" and not key.style:
                merged.extend(self._merged(key, value))
            elif key.text in own:
                english, spanish = (
                    "duplicate key '{key}': keep one of the two",
                    "clave repetida '{key}': deje una de las dos",
                )
                self.faults.append((_start(event), told(english, spanish, key=_short(key.text))))
            else:
                own[key.text] = Entry(key, _beside(key, value))
        for mapping in merged:
            own = own | {name: entry for name, entry in mapping.entries.items() if name not in own}
        return Mapping(start, own)

    def _merged(self, key: Scalar, value: Node) -> list[Mapping]:
        parts = value.items if isinstance(value, Sequence) else (value,)
        mappings = [part for part in parts if isinstance(part, Mapping)]
        if len(mappings) < len(parts):
            self.faults.append((key.start, told("'<<' merges mappings only", "'<<' solo une mapas")))
        return mappings


def _beside(key: Scalar, value: Node) -> Node:
    """The value; one that is left empty stands at its key, and not wherever the next word is."""
    if isinstance(value, Scalar) and value.start == value.end:
        return Scalar(key.start, key.start, value.text, value.style)
    return value


def _events(text: str) -> Iterator[Any]:
    """The parser's events, its errors turned into ours."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ReaderError as error:
        raise SourceError(_CONTROL, error.position) from error
    except MarkedYAMLError as error:
        raise SourceError(_syntax_message(error), _mark(error)) from error
    except (YAMLError, ValueError, OverflowError) as error:
        raise SourceError(told("YAML syntax error", "error de sintaxis de YAML"), 0) from error


def _syntax_message(error: MarkedYAMLError) -> Told:
    """What the library says stays in its own English."""
    unread = told("the text cannot be read", "no se puede leer el texto")
    problem = " ".join(error.problem.split()) if error.problem else unread
    if error.context and error.context_mark:
        return told(
            "YAML syntax error {context} that begins on line {line}: {problem}",
            "error de sintaxis de YAML en lo que empieza en la línea {line} ({context}): {problem}",
            context=error.context,
            line=error.context_mark.line + 1,
            problem=problem,
        )
    return told("YAML syntax error: {problem}", "error de sintaxis de YAML: {problem}", problem=problem)


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.index if mark else 0


def _start(event: Any) -> int:
    index: int = event.start_mark.index
    return index


def _tag(event: Any) -> str:
    return _short(str(event.ctag).replace("tag:yaml.org,2002:", "!!"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
