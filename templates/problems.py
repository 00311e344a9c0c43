"""Faults of templates: those found by reading them, and those found by rendering one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class TemplateProblem:
    """One fault in a template file; line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class RenderProblem(Exception):
    """A message that cannot be rendered for this context; its text never holds a debtor's data."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message
