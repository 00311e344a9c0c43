"""A pack's YAML as plain values with the place of every key and value, so that a fault has a line and a column."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from campaigns.yaml_source import Lines, Mapping, Node, Scalar, SourceError, read_source

_BARE_TIME = re.compile(r"\d{1,2}:\d{2}")
_BARE_INTEGER = re.compile(r"-?\d+")
_BOOLEANS = {"true": True, "false": False}
_BOOLEAN_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
_NULL_WORDS = frozenset({"", "~", "null"})

KeyPath = tuple[str | int, ...]


class PackProblem(Exception):
    """A fault in a pack file; line and column are counted from 1."""

    def __init__(self, file: Path, line: int, column: int, message: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.file = file
        self.line = line
        self.column = column
        self.message = message


@dataclass(slots=True)
class PackSource:
    """What a file says, and where: `places` holds the index in the text by path of keys and positions."""

    file: Path
    lines: Lines
    data: object = None
    places: dict[KeyPath, int] = field(default_factory=dict)

    def problem(self, path: KeyPath, message: str) -> PackProblem:
        """A problem at a key or list item, or at its nearest ancestor that stands in the file."""
        while path not in self.places and path:
            path = path[:-1]
        return self.problem_at(self.places.get(path, 0), message)

    def problem_at(self, index: int, message: str) -> PackProblem:
        """A problem at an index of the text."""
        line, column = self.lines.at(index)
        return PackProblem(self.file, line, column, message)


def read_pack_source(file: Path) -> PackSource:
    """Reads one YAML file; PackProblem for bad YAML, duplicate keys, bare times and bare boolean words."""
    text = _text(file)
    source = PackSource(file, Lines(text))
    try:
        read = read_source(text)
    except SourceError as error:
        raise source.problem_at(error.index, error.message) from error
    for index, message in read.faults:
        raise source.problem_at(index, message)
    source.data = _value(source, read.root, ())
    return source


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise PackProblem(file, 1, 1, f"cannot be read: {error.strerror or type(error).__name__}") from error
    except UnicodeDecodeError as error:
        raise PackProblem(file, 1, 1, f"not UTF-8 at byte {error.start}; save the file as UTF-8") from error


def _value(source: PackSource, node: Node, path: KeyPath) -> object:
    source.places.setdefault(path, node.start)
    if isinstance(node, Scalar):
        return _scalar(source, node)
    if isinstance(node, Mapping):
        return _mapping(source, node, path)
    return [_value(source, item, (*path, position)) for position, item in enumerate(node.items)]


def _mapping(source: PackSource, node: Mapping, path: KeyPath) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, entry in node.entries.items():
        _refuse_bare_words(source, entry.key)
        source.places[(*path, name)] = entry.key.start
        values[name] = _value(source, entry.value, (*path, name))
    return values


def _scalar(source: PackSource, node: Scalar) -> str | int | bool | None:
    if node.style:
        return node.text
    _refuse_bare_words(source, node)
    if node.text.lower() in _NULL_WORDS:
        return None
    if node.text in _BOOLEANS:
        return _BOOLEANS[node.text]
    return int(node.text) if _BARE_INTEGER.fullmatch(node.text) else node.text


def _refuse_bare_words(source: PackSource, node: Scalar) -> None:
    if node.style:
        return
    if _BARE_TIME.match(node.text):
        raise source.problem_at(node.start, f'quote the time: "{node.text}" (bare, it may be read as a number)')
    if node.text.lower() in _BOOLEAN_WORDS:
        raise source.problem_at(node.start, f'quote the word: "{node.text}" (bare, it may be read as yes or no)')
