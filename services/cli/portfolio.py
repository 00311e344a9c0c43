"""`puntual portfolio`: debtors and loans from files."""

import asyncio
import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from schemas import rfc3339
from services import telemetry, wiring
from services.activation import activate_folder
from services.applying import Applying
from services.auditing import Action, Detail, record
from services.cli.connection import Opened, refuse, who, with_database
from services.garbage import collect_rarely
from services.imports.columns import PortfolioProblem, check_mapping
from services.imports.reader import PortfolioFile, open_portfolio
from services.imports.rows import RowProblem
from services.imports.run import Imported, Importer
from services.lint_surroundings import load_surroundings

app = typer.Typer(help="Portfolios from files.", no_args_is_help=True, add_completion=False)


@app.callback()
def group() -> None:
    """Portfolios from files."""


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or Parquet, one installment a row.")],
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Their names for our columns: lines `our_column: theirs`.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="When the file was true; default: when it was last written."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Take debtors, loans and installments in; rows that can't be used are told in FILE.errors.csv."""
    telemetry.configure_logging("WARNING")
    try:
        names, mapped = _mapping(mapping)
        portfolio = open_portfolio(file, names)
        given = None if as_of is None else _instant(as_of)
    except PortfolioProblem as problem:
        refuse(problem)
    faults = ErrorFile(file.with_name(f"{file.name}.errors.csv"))

    async def work(opened: Opened) -> Imported:
        await _activate(opened)
        collect_rarely()
        intake = wiring.make_intake(opened.settings)
        applying = Applying(opened.database, intake, opened.clock, "import")
        at = min(given or datetime.fromtimestamp(file.stat().st_mtime, UTC), opened.clock.now())
        importer = Importer(applying, at, intake.home_country, mapped)
        file_hash = await asyncio.to_thread(portfolio.digest)
        await _record(opened, file_hash, {"state": "begun", "rows": portfolio.total, "asOf": at.isoformat()})
        with faults, _progress(portfolio.total) as progress:
            done = await importer.run(portfolio, problem=faults.write, progress=progress)
        await _record(opened, file_hash, {"state": "done", **asdict(done)})
        return done

    _report(portfolio, with_database(work), faults, as_json=as_json)
    if faults.count:
        raise typer.Exit(1)


async def _record(opened: Opened, file_hash: str, details: Mapping[str, Detail]) -> None:
    """Write down who took which file in; its name stays out, since people write names into those."""
    subject, now = f"portfolio/{file_hash}", opened.clock.now()
    async with opened.database.transaction() as connection:
        action = Action.PORTFOLIO_IMPORTED
        await record(connection, actor=who(), action=action, subject=subject, details=details, now=now)


@dataclass(slots=True)
class ErrorFile:
    """The faults of a file, row by row; there is no such file where there are none."""

    path: Path
    count: int = 0
    _file: Any = None
    _writer: Any = None

    def __enter__(self) -> "ErrorFile":
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, fault: RowProblem) -> None:
        """Add a line."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "column", "message"])
        self._writer.writerow([fault.line, fault.column, fault.message])
        self.count += 1


def _report(portfolio: PortfolioFile, done: Imported, faults: ErrorFile, *, as_json: bool) -> None:
    errors = str(faults.path) if faults.count else None
    if as_json:
        typer.echo(json.dumps({"read_as": list(portfolio.notes), **asdict(done), "errors_file": errors}))
        return
    typer.echo(f"read as {'; '.join(portfolio.notes)}")
    known = f", {done.repeated} facts known from an earlier import" if done.repeated else ""
    typer.echo(f"{done.rows - done.refused} of {done.rows} rows taken in, {done.planned} messages planned{known}")
    if errors:
        typer.echo(f"{done.refused} rows were not used: see {errors}", err=True)


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """A bar on standard error where somebody sees it."""
    bar = Progress(
        TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )
    bar.disable = not bar.console.is_terminal
    with bar:
        task = bar.add_task("rows", total=total)
        yield lambda rows: bar.update(task, completed=rows)


def _mapping(path: Path | None) -> tuple[dict[str, str], str | None]:
    """The mapping, and its digest: the same file read otherwise is another import."""
    if path is None:
        return {}, None
    try:
        raw = path.read_bytes()
        parsed = YAML(typ="safe", pure=True).load(raw.decode("utf-8-sig"))
    except OSError as error:
        raise PortfolioProblem(f"{path}: cannot be read: {error.strerror}") from None
    except (YAMLError, UnicodeDecodeError):
        raise PortfolioProblem(f"{path}: not YAML in UTF-8; write lines `our_column: their column`") from None
    try:
        return check_mapping(parsed), sha256(raw).hexdigest()
    except PortfolioProblem as problem:
        raise PortfolioProblem(f"{path}: {problem}") from None


def _instant(text: str) -> datetime:
    try:
        return rfc3339.instant(text)
    except ValueError:
        raise PortfolioProblem("--as-of: write an instant like 2026-11-24T06:00:00Z") from None


async def _activate(opened: Opened) -> None:
    """In development what lies clean in the folder runs, so that the rows are planned at once."""
    if opened.settings.production:
        return
    now = opened.clock.now()
    surroundings, _ = load_surroundings(opened.settings, now)
    async with opened.database.transaction() as connection:
        await activate_folder(connection, opened.settings, replace(surroundings, channels=None), now)
