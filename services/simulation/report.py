"""What the parts of a simulation come to."""

from dataclasses import dataclass, field

from services.imports.rows import RowProblem
from services.simulation.tally import Tally

MOST_PROBLEMS = 100


@dataclass(slots=True)
class Report:
    """The tally of the rows that could be used, and the problems of those that could not (the first of them)."""

    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)
    unusable: int = 0

    def refuse(self, file: str, problem: RowProblem) -> None:
        """Note a row that can't be used."""
        self.unusable += 1
        if len(self.problems) < MOST_PROBLEMS:
            column = f"{problem.column}: " if problem.column else ""
            self.problems.append(f"{file}:{problem.line}: {column}{problem.message}")

    def add(self, other: "Report") -> None:
        """Add the report of another part."""
        self.tally.add(other.tally)
        self.unusable += other.unusable
        self.problems = sorted([*self.problems, *other.problems], key=_line)[:MOST_PROBLEMS]


def _line(problem: str) -> tuple[str, int]:
    file, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdigit() else 0
