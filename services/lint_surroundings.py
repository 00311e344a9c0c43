"""What definitions are checked against, loaded from the folders and files that the settings name."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from campaigns.definition import Problem
from campaigns.packs import PackProblem, Packs, load_packs
from channels.config import KEYS_OF_TYPE, ProvidersFile
from schemas.enums import Channel
from schemas.told import Told
from services.creditors import load_creditors
from services.lint import Surroundings
from services.settings import Settings
from services.yaml_document import DocumentProblem, read_document
from templates.catalog import TemplateCatalog

Loaded = TypeVar("Loaded")

_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL)


def load_surroundings(
    settings: Settings, now: datetime, *, packs: Packs | None = None, templates: TemplateCatalog | None = None
) -> tuple[Surroundings, list[Problem]]:
    """The surroundings, and the problems of what could not be loaded; its checks are then left out.

    `packs` and `templates` take the place of the folders', where the caller has them already.
    """
    problems: list[Problem] = []
    creditors = _loaded(lambda: load_creditors(settings.creditors_file), settings.creditors_file, problems)
    channels = _loaded(lambda: _served(settings.providers_file), settings.providers_file, problems)
    packs = packs if packs is not None else _packs(settings.packs_dir, problems)
    templates = templates if templates is not None else TemplateCatalog.load(settings.templates_dir)
    return Surroundings(templates, packs, creditors, channels, now), problems


def _served(path: Path) -> frozenset[Channel]:
    """The channels that a provider of a type we have an adapter for carries."""
    known = frozenset(str(channel) for channel in Channel)
    providers = read_document(path, ProvidersFile).providers
    carried = {name for each in providers if each.type in KEYS_OF_TYPE for name in each.channels}
    return frozenset(Channel(name) for name in carried & known)


def _loaded(load: Callable[[], Loaded], path: Path, problems: list[Problem]) -> Loaded | None:
    try:
        return load()
    except DocumentProblem as error:
        problems.extend(_problem(fault, path) for fault in error.faults)
        return None


def _packs(folder: Path, problems: list[Problem]) -> Packs | None:
    try:
        return load_packs(folder)
    except PackProblem as error:
        problems.append(Problem(str(error.file), error.line, error.column, Told(error.message)))
        return None


def _problem(fault: str, path: Path) -> Problem:
    placed = _PLACE.fullmatch(fault)
    if placed is None:
        return Problem(str(path), 1, 1, Told(fault.removeprefix(f"{path}: ")))
    return Problem(placed["file"], int(placed["line"]), int(placed["column"]), Told(placed["message"]))
