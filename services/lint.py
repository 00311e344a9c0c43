"""Whether definitions can run here: their text, and what they lean on (templates, packs, creditors, providers)."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaigns.catalog import (
    SEGMENTS_FILE,
    CatalogEntry,
    find_segments,
    load_catalog,
    load_file,
    load_segments,
)
from campaigns.conditions import Segments
from campaigns.definition import Definition, Problem
from campaigns.definition import Path as Place
from campaigns.packs import Packs
from schemas.enums import Channel
from schemas.told import told
from services.creditors import Creditor
from services.lint_agency import agency_problems
from services.lint_hours import hours_problems
from services.lint_templates import template_problems
from services.lint_variants import variant_problems
from services.lint_words import words_problems
from templates.catalog import TemplateCatalog


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What definitions are checked against; None leaves a check out, its own fault being reported elsewhere."""

    templates: TemplateCatalog | None
    packs: Packs | None
    creditors: Mapping[str, Creditor] | None
    channels: frozenset[Channel] | None
    now: datetime


@dataclass(frozen=True, slots=True)
class LintReport:
    """All problems, file by file; `unreadable` says that a file was missing or not UTF-8."""

    problems: tuple[Problem, ...]
    unreadable: bool


def lint_paths(paths: Sequence[Path], surroundings: Surroundings) -> LintReport:
    """The problems of files and of folders of definitions."""
    entries = {entry.path: entry for path in paths for entry in _entries(path)}
    problems: dict[Problem, None] = {}
    for entry in entries.values():
        problems.update(dict.fromkeys(lint_entry(entry, surroundings)))
    return LintReport(tuple(problems), any(entry.unreadable for entry in entries.values()))


def lint_entry(entry: CatalogEntry, surroundings: Surroundings) -> list[Problem]:
    """The problems of one file of a catalog; none means that its definition may run."""
    readable = entry.definition or entry.draft
    around = lint_definition(readable, surroundings) if readable else []
    own = {(problem.file, problem.line, problem.column) for problem in entry.problems}
    added = [problem for problem in around if (problem.file, problem.line, problem.column) not in own]
    return sorted([*entry.problems, *added], key=lambda problem: (problem.file != str(entry.path), problem))


def lint_definition(definition: Definition, surroundings: Surroundings) -> list[Problem]:
    """What keeps a definition from running in these surroundings, in the order of its file."""
    creditor = (surroundings.creditors or {}).get(definition.creditor)
    problems = list(_channel_problems(definition, surroundings.channels))
    if surroundings.creditors is not None and creditor is None and definition.creditor:
        message = told(
            "no creditor '{creditor}' in the creditors file, which has {known}",
            "no hay acreedor '{creditor}' en el archivo de acreedores, que tiene {known}",
            creditor=definition.creditor,
            known=", ".join(surroundings.creditors),
        )
        problems.append(definition.problem(("creditor",), message))
    if surroundings.templates is not None:
        problems.extend(template_problems(definition, surroundings.templates))
        problems.extend(variant_problems(definition, surroundings.templates))
    if surroundings.packs is not None and creditor is not None:
        problems.extend(hours_problems(definition, creditor, surroundings.packs, now=surroundings.now))
        problems.extend(agency_problems(definition, creditor, surroundings.packs))
    if surroundings.templates is not None and surroundings.packs is not None and creditor is not None:
        problems.extend(words_problems(definition, creditor, surroundings.packs, surroundings.templates))
    return sorted(problems, key=lambda problem: (problem.file != definition.file, problem))


def _entries(path: Path) -> Iterable[CatalogEntry]:
    if os.path.isdir(path):
        return load_catalog(path).entries
    if path.name == SEGMENTS_FILE:
        return [load_segments(path)[0]]
    found = find_segments(path.parent)
    segments_entry, segments = load_segments(found) if found else (None, Segments())
    return [*([segments_entry] if segments_entry else []), load_file(path, segments)]


def _channel_problems(definition: Definition, served: frozenset[Channel] | None) -> Iterator[Problem]:
    for path, channels in _channel_lists(definition):
        for place, channel in enumerate(channels):
            if served is not None and channel not in served:
                message = told(
                    "no provider serves {channel}: add one to the providers file or remove the channel",
                    "ningún proveedor da {channel}: agregue uno al archivo de proveedores o quite el canal",
                    channel=channel,
                )
                yield definition.problem((*path, place), message)


def _channel_lists(definition: Definition) -> Iterator[tuple[Place, tuple[Channel, ...]]]:
    for index, step in enumerate(definition.steps):
        yield ("steps", index, "channels"), step.channels
        for branch, choice in enumerate(step.choose):
            yield ("steps", index, "choose", branch, "channels"), choice.channels
