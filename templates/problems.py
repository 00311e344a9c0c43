"""Faults of templates: those found by reading them, and those found by rendering one."""

from dataclasses import dataclass

from schemas.told import Told, placed


@dataclass(frozen=True, slots=True, order=True)
class TemplateProblem:
    """One fault in a template file; line and column count from 1."""

    file: str
    line: int
    column: int
    message: Told

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"

    @property
    def told(self) -> Told:
        """The fault with its place."""
        return placed(f"{self.file}:{self.line}:{self.column}", self.message)


class Unprintable(Exception):
    """Why a template can't print what it was asked to."""

    def __init__(self, message: Told) -> None:
        super().__init__(message)
        self.message = message


class RenderProblem(Exception):
    """A message that cannot be rendered for this context; its text never holds a debtor's data."""

    def __init__(self, file: str, line: int, message: Told) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.told = placed(f"{file}:{line}", message)
        self.file = file
        self.line = line
        self.message = message
