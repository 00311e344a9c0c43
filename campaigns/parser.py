"""YAML text to a campaign definition, or to every problem it has with its line and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from campaigns import values
from campaigns.conditions import Segments, compile_number
from campaigns.content_parser import read_condition
from campaigns.cron import CronError, parse_cron
from campaigns.definition import Audience, Definition, Limits, Path, Problem, Schedule, Step, StopWord
from campaigns.fields import Fields, Reader, shown
from campaigns.step_parser import read_step
from campaigns.yaml_source import Mapping, Node, Scalar, Sequence, Source, SourceError, read_source
from schemas.enums import Purpose
from schemas.told import Told, told

__all__ = [
    "DEFINITION_KEYS",
    "REQUIRED_KEYS",
    "Reading",
    "canonical",
    "parse_definition",
    "read_definition",
]

DEFINITION_KEYS = (
    "campaign",
    "version",
    "description",
    "owner",
    "purpose",
    "creditor",
    "language",
    "audience",
    "holdout",
    "limits",
    "stop_on",
    "priority",
    "starts",
    "ends",
    "schedule",
    "steps",
)
REQUIRED_KEYS = ("campaign", "version", "owner", "purpose", "creditor", "audience", "steps")
AUDIENCE_KEYS = ("products", "when")
LIMITS_KEYS = ("max", "per")
SCHEDULE_KEYS = ("cron",)
DEFAULT_LANGUAGE = "es"
_NOBODY = told("the campaign is for nobody", "la campaña no es para nadie")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds; with problems, the definition lacks what they are about and may not run."""

    definition: Definition | None
    problems: tuple[Problem, ...]


def parse_definition(text: str, file: str, segments: Segments | None = None) -> Definition | list[Problem]:
    """The definition in a file's text, or all its problems in the order of the file."""
    reading = read_definition(text, file, segments)
    return list(reading.problems) if reading.definition is None or reading.problems else reading.definition


def read_definition(text: str, file: str, segments: Segments | None = None) -> Reading:
    """As much of a definition as could be read, with every problem of the text."""
    text = canonical(text)
    reader = Reader(text, file, segments)
    try:
        source = read_source(text)
    except SourceError as error:
        reader.fault(error.index, error.message)
        return Reading(None, tuple(reader.problems))
    for index, message in source.faults:
        reader.fault(index, message)
    definition = _definition(reader, source)
    return Reading(definition, tuple(sorted(set(reader.problems))))


def canonical(text: str) -> str:
    """The text without a byte order mark and with plain line ends: what is hashed, reviewed and stored."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _definition(reader: Reader, source: Source) -> Definition:
    fields = Fields(reader, source.root, told("a definition", "una definición"), DEFINITION_KEYS, REQUIRED_KEYS)
    read = fields.read
    definition = Definition(
        campaign=read("campaign", lambda value, key: _name(reader, value, key)) or "",
        version=read("version", reader.positive) or 0,
        description=read("description", reader.string),
        owner=read("owner", reader.string) or "",
        purpose=read("purpose", lambda value, key: reader.word(value, key, Purpose)) or Purpose.COLLECTIONS,
        creditor=read("creditor", lambda value, key: _creditor(reader, value, key)) or "",
        language=read("language", lambda value, key: _language(reader, value, key)) or DEFAULT_LANGUAGE,
        audience=read("audience", lambda value, _: _audience(reader, value)) or Audience(None, None),
        holdout=read("holdout", lambda value, key: reader.parsed(value, key, values.percent, values.PERCENT)),
        limits=read("limits", lambda value, _: _limits(reader, value)),
        stop_on=frozenset(read("stop_on", lambda value, key: _stop_on(reader, value, key)) or StopWord),
        priority=read("priority", lambda value, key: reader.condition(value, key, compile_number)),
        starts=read("starts", lambda value, key: _date(reader, value, key)),
        ends=read("ends", lambda value, key: _date(reader, value, key)),
        schedule=read("schedule", lambda value, _: _schedule(reader, value)),
        steps=read("steps", lambda value, _: _steps(reader, value, calendar=fields.has("schedule"))) or (),
        content_hash=sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=source.text,
        file=reader.file,
        positions=dict(_positions(reader, source.root, ())),
    )
    if definition.starts and definition.ends and definition.ends < definition.starts:
        reader.fault(fields.place("ends"), told("'ends' is before 'starts'", "'ends' es anterior a 'starts'"))
    return definition


def _name(reader: Reader, node: Node, key: str) -> str | None:
    if reader.string(node, key) is None:
        return None
    return reader.parsed(node, key, values.name, values.NAME)


def _creditor(reader: Reader, node: Node, key: str) -> str | None:
    if reader.string(node, key) is None:
        return None
    return reader.parsed(node, key, values.creditor, values.CREDITOR)


def _language(reader: Reader, node: Node, key: str) -> str | None:
    return reader.parsed(node, key, values.language, values.LANGUAGE)


def _date(reader: Reader, node: Node, key: str) -> date | None:
    return reader.parsed(node, key, values.calendar_date, values.DATE)


def _stop_on(reader: Reader, node: Node, key: str) -> tuple[StopWord, ...]:
    return reader.unique(node, key, lambda item: reader.word(item, key, StopWord))


def _audience(reader: Reader, node: Node) -> Audience:
    fields = Fields(reader, node, Told("'audience'"), AUDIENCE_KEYS)
    return Audience(
        products=fields.read("products", lambda value, key: _products(reader, value, key)),
        when=fields.read("when", lambda value, _: read_condition(reader, value, _NOBODY)),
    )


def _products(reader: Reader, node: Node, key: str) -> tuple[str, ...]:
    return reader.unique(node, key, lambda item: reader.string(item, key))


def _limits(reader: Reader, node: Node) -> Limits | None:
    fields = Fields(reader, node, Told("'limits'"), LIMITS_KEYS, LIMITS_KEYS)
    most, per = fields.read("max", reader.positive), fields.read("per", reader.duration)
    return Limits(most, per) if most is not None and per is not None else None


def _schedule(reader: Reader, node: Node) -> Schedule | None:
    fields = Fields(reader, node, Told("'schedule'"), SCHEDULE_KEYS, SCHEDULE_KEYS)
    text = fields.read("cron", reader.string)
    try:
        return None if text is None else Schedule(parse_cron(text))
    except CronError as error:
        reader.fault(fields.node_of("cron") or node, told("cron: {why}", "cron: {why}", why=error.message))
        return None


def _steps(reader: Reader, node: Node, *, calendar: bool) -> tuple[Step, ...]:
    first_lines: dict[str, int] = {}
    steps: list[Step] = []
    for item in reader.items(node, "steps"):
        name = item.entries.get("id") if isinstance(item, Mapping) else None
        if name and isinstance(name.value, Scalar):
            line, place = reader.lines.at(name.key.start)[0], name.value
            if (first := first_lines.setdefault(place.text, line)) != line:
                english = "the step id {id} is taken by the step on line {line}"
                spanish = "el id {id} ya es del paso de la línea {line}"
                reader.fault(place, told(english, spanish, id=shown(place.text), line=first))
        steps.append(read_step(reader, item, calendar=calendar))
    return tuple(steps)


def _positions(reader: Reader, node: Node, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Where each value stands; one that begins on a later line than its key stands at the key."""
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            at_key, at_value = reader.lines.at(entry.key.start), reader.lines.at(entry.value.start)
            yield (*path, key), at_value if at_value[0] == at_key[0] else at_key
            yield from _positions(reader, entry.value, (*path, key))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield (*path, index), reader.lines.at(item.start)
            yield from _positions(reader, item, (*path, index))
