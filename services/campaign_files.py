"""A definition's file made ready to be submitted: it lints clean, and everything it needs is at hand."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from campaigns.catalog import UnreadableError, find_segments, load_file, load_segments, read_text
from campaigns.conditions import Segments
from campaigns.definition import Definition
from services.campaign_review import ReviewProblem, Submission
from services.lint import lint_paths
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.version_content import content_of
from templates.catalog import TemplateCatalog


def submission_of(settings: Settings, path: Path, simulation: Path | None, now: datetime) -> Submission:
    """What a file would submit; raises ReviewProblem with every fault of it as `file:line:column: message`."""
    if path.is_dir():
        raise ReviewProblem(f"{path} is a folder: name one definition's file")
    surroundings, around = load_surroundings(settings, now)
    problems = [*lint_paths([path], surroundings).problems, *around]
    if problems:
        raise ReviewProblem("\n".join(str(problem) for problem in problems))
    assert surroundings.templates is not None
    definition, segments = _read(path)
    content = content_of(definition, segments, surroundings.templates)
    submission = Submission(definition.campaign, definition.version, content)
    if simulation is None:
        return submission
    return submission.simulated(_simulation(simulation, definition, content.fingerprint))


def unchecked_submission(settings: Settings, path: Path) -> Submission:
    """What a file holds now, for comparing; raises ReviewProblem where it can't be read."""
    definition, segments = _read(path)
    content = content_of(definition, segments, TemplateCatalog.load(settings.templates_dir))
    return Submission(definition.campaign, definition.version, content)


def _read(path: Path) -> tuple[Definition, str | None]:
    found = find_segments(path.parent)
    entry = load_file(path, load_segments(found)[1] if found else Segments())
    if entry.definition is None:
        problems = "\n".join(str(problem) for problem in entry.problems)
        raise ReviewProblem(problems or f"{path}: there is no definition here")
    try:
        return entry.definition, read_text(found) if found else None
    except UnreadableError as error:
        raise ReviewProblem(f"{found}: {error}") from None


def _simulation(path: Path, definition: Definition, fingerprint: bytes) -> str:
    """A simulation's JSON, which must be of exactly what is submitted."""
    try:
        raw = path.read_bytes().decode("utf-8")
        document: dict[str, Any] = json.loads(raw)
        simulated = {each["campaign"]: each["fingerprint"] for each in document["campaigns"]}
    except OSError as error:
        raise ReviewProblem(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise ReviewProblem(f"{path}: not what `campaigns simulate --json` prints") from None
    if simulated.get(definition.campaign) != fingerprint.hex():
        raise ReviewProblem(f"{path}: this simulation is of other content than what is submitted: simulate it again")
    return raw
