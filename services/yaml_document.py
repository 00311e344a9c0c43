"""A YAML file read into a model, every fault with its file, line and column."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from campaigns.yaml_source import Lines, Mapping, Node, Scalar, Source, SourceError, read_source

Model = TypeVar("Model", bound=BaseModel)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class DocumentProblem(Exception):
    """The file cannot be used; one `file:line:column: message` a line."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def read_document(path: Path, model: type[Model]) -> Model:
    """The file as a model; raises DocumentProblem."""
    text = _text(path)
    lines = Lines(text)
    try:
        source = read_source(text)
    except SourceError as error:
        raise DocumentProblem([_at(path, lines, error.index, error.message)]) from None
    faults = [_at(path, lines, index, message) for index, message in source.faults]
    try:
        read = model.model_validate(_plain(source.root))
    except ValidationError as error:
        raise DocumentProblem(faults + _model_faults(path, lines, source, error)) from None
    if faults:
        raise DocumentProblem(faults)
    return read


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DocumentProblem([f"{path}: cannot be read: {reason}"]) from None
    except UnicodeDecodeError as error:
        raise DocumentProblem([f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8"]) from None


def _plain(node: Node) -> object:
    """Texts, lists and mappings; the model turns texts into numbers and booleans."""
    if isinstance(node, Scalar):
        return None if not node.style and node.text in _NULLS else node.text
    if isinstance(node, Mapping):
        return {name: _plain(entry.value) for name, entry in node.entries.items()}
    return [_plain(item) for item in node.items]


def _model_faults(path: Path, lines: Lines, source: Source, error: ValidationError) -> list[str]:
    found = []
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        index, known = _place(source.root, item["loc"])
        where = ".".join(str(part) for part in item["loc"][: known + 1])
        message = item["msg"].removeprefix("Value error, ")
        found.append(_at(path, lines, index, f"{where}: {message}" if where else message))
    return found


def _place(node: Node, location: tuple[int | str, ...]) -> tuple[int, int]:
    """The index of the deepest node on the way to a location, and how many of its parts were found."""
    index = node.start
    for depth, part in enumerate(location):
        if isinstance(node, Mapping) and part in node.entries:
            entry = node.entries[str(part)]
            index, node = entry.key.start, entry.value
        elif not isinstance(node, Scalar | Mapping) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            index = node.start
        else:
            return index, depth
    return index, len(location)


def _at(path: Path, lines: Lines, index: int, message: str) -> str:
    line, column = lines.at(index)
    return f"{path}:{line}:{column}: {message}"
