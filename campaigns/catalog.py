"""Definitions and segments as they lie in a folder: every file with its definition or its problems."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaigns.conditions import Segments
from campaigns.definition import Definition, Problem
from campaigns.parser import read_definition
from campaigns.segments import parse_segments
from campaigns.yaml_source import MAX_BYTES, TOO_LARGE, Lines
from schemas.told import Told, told

SEGMENTS_FILE = "segments.yaml"
_NOT_UTF8 = told(
    "not UTF-8 from here on: save the file as UTF-8", "desde aquí no es UTF-8: guarde el archivo como UTF-8"
)


class UnreadableError(Exception):
    """A file without text to judge: missing, not UTF-8, or too large; the text says which."""

    def __init__(self, message: Told, line: int = 1, column: int = 1, *, too_large: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.too_large = too_large

    def problem(self, path: Path) -> Problem:
        """It as a problem of the file."""
        return Problem(str(path), self.line, self.column, self.message)


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One file: its definition, or its problems and what could be read in spite of them (`draft`).

    `unreadable` says that there is no text to judge: the file is missing or not UTF-8.
    """

    path: Path
    definition: Definition | None
    problems: tuple[Problem, ...]
    draft: Definition | None = None
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """A folder's definitions in the order of file names, with the segments they read."""

    entries: tuple[CatalogEntry, ...]
    segments: Segments

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions without problems."""
        return tuple(entry.definition for entry in self.entries if entry.definition is not None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, file by file."""
        return tuple(problem for entry in self.entries for problem in entry.problems)


def load_catalog(folder: Path) -> Catalog:
    """Every `*.yaml` directly in a folder, and `segments.yaml` in or beside it; no bad file hides another."""
    segments_path = find_segments(folder)
    segments_entry, segments = load_segments(segments_path) if segments_path else (None, Segments())
    found = (path for path in folder.glob("*.yaml") if path.name != SEGMENTS_FILE and not path.is_dir())
    entries = [load_file(path, segments) for path in sorted(found)]
    named = [segments_entry] if segments_entry else []
    return Catalog((*named, *_without_twins(entries)), segments)


def find_segments(folder: Path) -> Path | None:
    """`segments.yaml` in a folder of definitions, else beside the folder."""
    places = (folder / SEGMENTS_FILE, folder.resolve().parent / SEGMENTS_FILE)
    return next((path for path in places if os.path.isfile(path)), None)


def load_file(path: Path, segments: Segments) -> CatalogEntry:
    """One definition's file."""
    try:
        text = read_text(path)
    except UnreadableError as error:
        return CatalogEntry(path, None, (error.problem(path),), unreadable=not error.too_large)
    reading = read_definition(text, str(path), segments)
    if reading.problems:
        return CatalogEntry(path, None, reading.problems, draft=reading.definition)
    return CatalogEntry(path, reading.definition, ())


def load_segments(path: Path) -> tuple[CatalogEntry, Segments]:
    """The segments' file, with its problems as an entry."""
    try:
        parsed = parse_segments(read_text(path), str(path))
    except UnreadableError as error:
        entry = CatalogEntry(path, None, (error.problem(path),), unreadable=not error.too_large)
        return entry, Segments()
    return CatalogEntry(path, None, parsed.problems), parsed.segments


def read_text(path: Path) -> str:
    """A file's text; raises UnreadableError."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or told("unknown reason", "razón desconocida")
        english, spanish = "this file cannot be read: {why}", "no se puede leer este archivo: {why}"
        raise UnreadableError(told(english, spanish, why=why)) from error
    if len(content) > MAX_BYTES:
        raise UnreadableError(TOO_LARGE, too_large=True)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = Lines(before).at(len(before))
        raise UnreadableError(_NOT_UTF8, line, column) from error


def _without_twins(entries: Sequence[CatalogEntry]) -> list[CatalogEntry]:
    """The entries, a second definition of the same campaign turned into a problem."""
    first: dict[str, Path] = {}
    kept = []
    for entry in entries:
        definition = entry.definition
        if definition is not None and (owner := first.setdefault(definition.campaign, entry.path)) != entry.path:
            message = told(
                "the campaign '{campaign}' is already defined in {file}: rename one",
                "la campaña '{campaign}' ya está definida en {file}: cambie el nombre de una",
                campaign=definition.campaign,
                file=owner.name,
            )
            problem = definition.problem(("campaign",), message)
            entry = CatalogEntry(entry.path, None, (problem,), draft=definition)
        kept.append(entry)
    return kept
