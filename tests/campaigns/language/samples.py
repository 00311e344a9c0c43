"""A small sound definition, and ways to change it."""

from campaigns.conditions import Segments
from campaigns.definition import Definition, Problem
from campaigns.parser import parse_definition

BASE = """\
campaign: prueba
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {}
steps:
  - id: aviso
    at: due_date - 3d
    channels: [sms, email]
    template: aviso
"""


def changed(old: str, new: str, text: str = BASE) -> str:
    """The text with one part replaced; the part must be there."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def with_top(line: str) -> str:
    """The definition with one more line at its top level, as line 7."""
    return changed("steps:\n", f"{line}\nsteps:\n")


def with_step(lines: str) -> str:
    """The definition with more lines in its step, from line 12."""
    return BASE + "".join(f"    {line}\n" for line in lines.splitlines())


def sound(text: str, segments: Segments | None = None) -> Definition:
    """The definition of a text without problems."""
    parsed = parse_definition(text, "f.yaml", segments)
    assert isinstance(parsed, Definition), parsed
    return parsed


def faults(text: str, segments: Segments | None = None) -> list[str]:
    """The problems of a text as `line:column: message`."""
    parsed = parse_definition(text, "f.yaml", segments)
    if isinstance(parsed, Definition):
        return []
    assert all(isinstance(problem, Problem) and problem.file == "f.yaml" for problem in parsed)
    return [str(problem).removeprefix("f.yaml:") for problem in parsed]
