"""Named segments of `segments.yaml`: one condition a name, read by definitions as `segments.<name>`."""

import re
from dataclasses import dataclass

from campaigns.conditions import Condition, Segments, compile_condition
from campaigns.definition import Problem
from campaigns.fields import Reader, kind, shown
from campaigns.yaml_source import Mapping, SourceError, read_source
from schemas.told import told

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_RESERVED = frozenset(
    (
        "in",
        "true",
        "false",
        "null",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
    )
) | (frozenset(("package", "namespace", "return", "var", "void", "while")))


@dataclass(frozen=True, slots=True)
class SegmentsFile:
    """The segments of a file that are sound, and the problems of the others."""

    segments: Segments
    problems: tuple[Problem, ...]


def parse_segments(text: str, file: str) -> SegmentsFile:
    """The segments of a file's text; names with a fault stay known, so that their users are not blamed."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = Reader(text, file, None)
    try:
        source = read_source(text)
    except SourceError as error:
        reader.fault(error.index, error.message)
        return SegmentsFile(Segments(), tuple(reader.problems))
    for index, message in source.faults:
        reader.fault(index, message)
    sound: dict[str, Condition] = {}
    broken: set[str] = set()
    if not isinstance(source.root, Mapping):
        english = "segments must be a mapping of names and conditions, not {found}"
        spanish = "los segmentos deben ser un mapa de nombres y condiciones, no {found}"
        reader.fault(source.root, told(english, spanish, found=kind(source.root)))
        return SegmentsFile(Segments(), tuple(reader.problems))
    for name, entry in source.root.entries.items():
        if not _NAME.fullmatch(name) or name in _RESERVED:
            english = "a segment cannot be named {name}: use letters, digits and '_'"
            spanish = "un segmento no puede llamarse {name}: use letras, cifras y '_'"
            reader.fault(entry.key, told(english, spanish, name=shown(name)))
            continue
        condition = reader.condition(entry.value, name, compile_condition)
        if condition is None:
            broken.add(name)
        else:
            sound[name] = condition
    return SegmentsFile(Segments(sound, frozenset(broken)), tuple(sorted(reader.problems)))
