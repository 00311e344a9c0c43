"""What the parts of a simulation come to."""

from bisect import insort
from dataclasses import dataclass, field

from services.imports.rows import RowProblem
from services.simulation.tally import Tally

MOST_PROBLEMS = 100


@dataclass(slots=True)
class Report:
    """The tally of the rows that could be used, and the problems of those that could not (the first of them).

    `events` counts what became known meanwhile, `strangers` those of it about debtors who are not in the portfolio.
    """

    tally: Tally = field(default_factory=Tally)
    problems: list[str] = field(default_factory=list)
    unusable: int = 0
    events: int = 0
    strangers: int = 0

    def refuse(self, file: str, problem: RowProblem) -> None:
        """Note a row that can't be used."""
        self.unusable += 1
        column = f"{problem.column}: " if problem.column else ""
        insort(self.problems, f"{file}:{problem.line}: {column}{problem.message}", key=_line)
        del self.problems[MOST_PROBLEMS:]

    def add(self, other: "Report") -> None:
        """Add the report of another part."""
        self.tally.add(other.tally)
        self.unusable += other.unusable
        self.events += other.events
        self.strangers += other.strangers
        self.problems = sorted([*self.problems, *other.problems], key=_line)[:MOST_PROBLEMS]


def _line(problem: str) -> tuple[str, int, str]:
    file, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdigit() else 0, rest
