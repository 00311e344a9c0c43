"""A definition that came as text, over HTTP: checked like a file, together with the templates that came with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.catalog import find_segments, read_text
from campaigns.conditions import Segments
from campaigns.definition import Definition, Problem
from campaigns.packs import Packs
from campaigns.parser import read_definition
from campaigns.segments import parse_segments
from services.campaign_review import ReviewProblem, Submission
from services.lint import Surroundings, lint_definition
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.version_content import content_of
from templates.catalog import TemplateCatalog

DEFINITION, SEGMENTS = "definition", "segments"


class TextsProblem(ReviewProblem):
    """What is wrong with texts: every fault with its place, as `name:line:column: message`, one a line."""

    def __init__(self, problems: Sequence[Problem], otherwise: str = "") -> None:
        super().__init__("\n".join(str(problem) for problem in problems) or otherwise)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Texts:
    """What was sent; `whole` says that no other templates than these are wanted."""

    definition: str
    segments: str | None
    templates: Mapping[str, str]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition that may run, with what it was checked against."""

    definition: Definition
    segments: Segments
    surroundings: Surroundings
    submission: Submission


def checked(settings: Settings, texts: Texts, now: datetime, packs: Packs | None = None) -> Checked:
    """The definition in these texts, against the folder's packs where none are given; raises TextsProblem."""
    templates = _templates(settings, texts)
    surroundings, around = load_surroundings(settings, now, packs=packs, templates=templates)
    segments_text = texts.segments if texts.segments is not None else _own_segments(settings)
    parsed = parse_segments(segments_text, SEGMENTS) if segments_text is not None else None
    segments = parsed.segments if parsed is not None else Segments()
    reading = read_definition(texts.definition, DEFINITION, segments)
    problems = [*around, *(parsed.problems if parsed is not None else ()), *reading.problems]
    if problems or reading.definition is None:
        raise TextsProblem(problems, "there is no definition")
    faults = lint_definition(reading.definition, surroundings)
    if faults:
        raise TextsProblem(faults)
    content = content_of(reading.definition, segments_text, templates)
    submission = Submission(reading.definition.campaign, reading.definition.version, content)
    return Checked(reading.definition, segments, surroundings, submission)


def service_templates(settings: Settings) -> dict[str, str]:
    """The deployment's own sound templates with the macros they use, by path."""
    own = TemplateCatalog.load(settings.templates_dir)
    return {path: text for template in own.templates() for path, text in template.sources.items()}


def _own_segments(settings: Settings) -> str | None:
    path = find_segments(settings.campaigns_dir)
    return read_text(path) if path is not None else None


def _templates(settings: Settings, texts: Texts) -> TemplateCatalog:
    """The deployment's templates, those that were sent in the place of their namesakes."""
    if not texts.templates:
        return TemplateCatalog.load(settings.templates_dir)
    if texts.whole:
        return TemplateCatalog.from_sources(texts.templates)
    return TemplateCatalog.from_sources({**service_templates(settings), **texts.templates})
