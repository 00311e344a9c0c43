"""A definition that came as text, over HTTP: checked like a file, together with the templates that came with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.catalog import find_segments, read_text
from campaigns.conditions import Segments
from campaigns.definition import Definition
from campaigns.parser import read_definition
from campaigns.segments import parse_segments
from services.campaign_review import ReviewProblem, Submission
from services.lint import Surroundings, lint_definition
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.version_content import content_of
from templates.catalog import TemplateCatalog

DEFINITION, SEGMENTS = "definition", "segments"


@dataclass(frozen=True, slots=True)
class Texts:
    """What was sent."""

    definition: str
    segments: str | None
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition that may run, with what it was checked against."""

    definition: Definition
    segments: Segments
    surroundings: Surroundings
    submission: Submission


def checked(settings: Settings, texts: Texts, now: datetime) -> Checked:
    """The definition in these texts; raises ReviewProblem with every fault as `name:line:column: message`."""
    surroundings, around = load_surroundings(settings, now)
    segments_text = texts.segments if texts.segments is not None else _own_segments(settings)
    parsed = parse_segments(segments_text, SEGMENTS) if segments_text is not None else None
    segments = parsed.segments if parsed is not None else Segments()
    reading = read_definition(texts.definition, DEFINITION, segments)
    problems = [*around, *(parsed.problems if parsed is not None else ()), *reading.problems]
    if problems or reading.definition is None:
        raise ReviewProblem("\n".join(str(problem) for problem in problems) or "there is no definition")
    templates = _templates(settings, texts)
    surroundings = replace(surroundings, templates=templates)
    faults = lint_definition(reading.definition, surroundings)
    if faults:
        raise ReviewProblem("\n".join(str(fault) for fault in faults))
    content = content_of(reading.definition, segments_text, templates)
    submission = Submission(reading.definition.campaign, reading.definition.version, content)
    return Checked(reading.definition, segments, surroundings, submission)


def _own_segments(settings: Settings) -> str | None:
    path = find_segments(settings.campaigns_dir)
    return read_text(path) if path is not None else None


def _templates(settings: Settings, texts: Texts) -> TemplateCatalog:
    """The deployment's templates, those that were sent in the place of their namesakes."""
    if not texts.templates:
        return TemplateCatalog.load(settings.templates_dir)
    own = TemplateCatalog.load(settings.templates_dir)
    sources = {path: text for template in own.templates() for path, text in template.sources.items()}
    return TemplateCatalog.from_sources({**sources, **texts.templates})
