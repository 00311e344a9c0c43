"""`puntual campaigns preview` and `simulate`: what definitions would say and do, before anybody is contacted."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from campaigns.catalog import find_segments, read_text
from schemas.enums import Channel
from services.cli.campaign_tables import print_tables
from services.cli.connection import CommandProblem, refusing
from services.clock import clock_from
from services.imports.columns import PortfolioProblem
from services.imports.rows import PortfolioRow, RowProblem
from services.preview import Preview, PreviewProblem, Wanted, preview
from services.settings import Settings
from services.simulation.debtor_file import DebtorFileProblem, read_debtor_json, with_installments
from services.simulation.debtors import Debtor, debtor_from
from services.simulation.engine import Span
from services.simulation.event_file import EventFileProblem
from services.simulation.html_report import html_of
from services.simulation.portfolio_file import portfolio_of
from services.simulation.processes import SimulationProblem
from services.simulation.result import Terms, result_of
from services.simulation.rig import Rig, RigProblem, build_rig
from services.simulation.run import Order, Progress, Sample, simulate
from services.simulation.simulator import events_of
from services.version_content import content_of

_PROBLEMS = (RigProblem, PreviewProblem, DebtorFileProblem, PortfolioProblem, EventFileProblem, SimulationProblem)
_LONGEST = 366

PathArgument = Annotated[Path, typer.Argument(metavar="PATH", help="A definition, or a folder of them.")]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help="YAML of `ours: theirs`: the file's names for our columns.")
]
EventsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What becomes known in those days, for steps with `on:` and for stops: JSON lines of native events"
        " (payments, promises, consents …) with their `time`, as `puntual events decode` prints them.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def preview_command(
    path: PathArgument,
    step: Annotated[str, typer.Option(help="The step to show.")],
    debtor: Annotated[Path, typer.Option(metavar="FILE", help="JSON of a snapshot or events, or a portfolio file.")],
    channel: Annotated[Channel | None, typer.Option(help="One channel only.")] = None,
    language: Annotated[str | None, typer.Option(help="Another language than the debtor's, like pt-BR.")] = None,
    at: Annotated[datetime | None, typer.Option(help="UTC instant of sending; default: when the step is due.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the email's HTML here.")] = None,
    mapping: MappingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the message of a step for one debtor, by each of its channels; exit 1 where one can't be written."""
    with refusing(), _telling():
        settings = Settings.load()
        now = clock_from(settings).now()
        rig = build_rig(settings, path, now)
        found, made_up = _debtor(debtor, mapping, rig, now)
        if language is not None:
            found.person.language = language
        instant = at.replace(tzinfo=UTC) if at is not None else None
        shown = preview(rig, found, Wanted(step, channel, instant), now)
    if made_up:
        typer.echo("note: the file names no installment; its number, amount and due date are made up", err=True)
    _write_html(html, shown)
    _show(shown, as_json=as_json)
    if any(each.problem for each in shown):
        raise typer.Exit(1)


def simulate_command(
    path: PathArgument,
    portfolio: Annotated[Path, typer.Option(metavar="FILE", help="CSV, XLSX or Parquet, a row an installment.")],
    start: Annotated[datetime, typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="The first day.")],
    days: Annotated[int, typer.Option(min=1, max=_LONGEST, help="How many days, in each debtor's own calendar.")],
    mapping: MappingOption = None,
    events: EventsOption = None,
    part_price: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="What one SMS part costs, 0.35; default: the providers file.")
    ] = None,
    sample: Annotated[
        float,
        typer.Option(min=0.01, max=100, metavar="PERCENT", help="Run a share of the debtors and estimate the rest."),
    ] = 100.0,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a report with charts here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run definitions over a portfolio on a fake clock, sending nothing; exit 1 where rows or templates failed."""
    price = _price(part_price)
    with refusing(), _telling():
        settings = Settings.load()
        now = clock_from(settings).now()
        rig = build_rig(settings, path, now)
        order = Order(settings, path, Span(start.date(), days), now, Sample(sample), events)
        with _interruptible(), _progress() as bar:
            report = simulate(order, portfolio_of(portfolio, mapping), bar)
        price, currency = _priced(price, rig)
        terms = Terms(_versions(rig, settings, path), str(portfolio), order.span, price, currency, rig.paces, sample)
        result = result_of(report, terms)
        if html is not None:
            _write(html, html_of(result))
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))
    else:
        print_tables(result)
    if result["unusable_rows"] or result["template_failures"]:
        raise typer.Exit(1)


def _debtor(file: Path, mapping: Path | None, rig: Rig, now: datetime) -> tuple[Debtor, bool]:
    """The debtor of a file, and whether an installment had to be made up."""
    today = _today(rig, now)
    if file.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        events, made_up = with_installments(read_debtor_json(file), today=today, currency=rig.currency)
        return debtor_from(events, now, home_country=rig.home_country, number_zones=rig.number_zones), made_up
    rows = _first_debtor(file, mapping)
    told, problems = events_of(rows, at=now, currency=rig.currency)
    if problems:
        raise PortfolioProblem(_placed(file, problems[0]))
    events, made_up = with_installments(told, today=today, currency=rig.currency)
    return debtor_from(events, now, home_country=rig.home_country, number_zones=rig.number_zones), made_up


def _first_debtor(file: Path, mapping: Path | None) -> list[PortfolioRow]:
    """The rows of the first debtor named, wherever they stand."""
    rows: list[PortfolioRow] = []
    for row in portfolio_of(file, mapping).rows():
        if isinstance(row, RowProblem):
            if not rows:
                raise PortfolioProblem(_placed(file, row))
        elif not rows or row.debtor_ref == rows[0].debtor_ref:
            rows.append(row)
    if not rows:
        raise PortfolioProblem(f"{file}:2: there is no row: add one for the debtor")
    return rows


def _placed(file: Path, problem: RowProblem) -> str:
    column = f"{problem.column}: " if problem.column else ""
    return f"{file}:{problem.line}: {column}{problem.message}"


def _today(rig: Rig, now: datetime) -> date:
    packs = rig.engine.policy.jurisdictions(rig.home_country or "", None, None)
    return now.astimezone(ZoneInfo(rig.engine.policy.home_zone(packs, None))).date()


def _versions(rig: Rig, settings: Settings, path: Path) -> list[dict[str, Any]]:
    """The definitions that were run, by name, version and the fingerprint over everything they are made of."""
    segments_path = find_segments(path if path.is_dir() else path.parent)
    segments = read_text(segments_path) if segments_path else None
    return [
        {
            "campaign": version.definition.campaign,
            "version": version.definition.version,
            "fingerprint": content_of(version.definition, segments, version.templates).fingerprint.hex(),
        }
        for version in rig.versions
    ]


def _priced(price: Decimal | None, rig: Rig) -> tuple[Decimal | None, str]:
    """What an SMS part costs, and in which currency: as given, else by the providers file."""
    if price is None and rig.prices is not None:
        return rig.prices.sms, rig.prices.currency
    return price, rig.currency


def _price(text: str | None) -> Decimal | None:
    try:
        price = None if text is None else Decimal(text)
    except InvalidOperation:
        price = Decimal("nan")
    if price is not None and (not price.is_finite() or price < 0):
        raise typer.BadParameter("an amount like 0.35", param_hint="--part-price")
    return price


@contextmanager
def _telling() -> Iterator[None]:
    """Turn what is wrong with files into the one line that `refusing` prints."""
    try:
        yield
    except _PROBLEMS as problem:
        raise CommandProblem(str(problem)) from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C, or an end asked for from outside, in one line; no process and no file of the portfolio stays behind."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise CommandProblem(
            "interrupted before the end; nothing was sent, and nothing of the portfolio kept"
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on the error stream; tells what is under way, and rows done of rows known by all processes."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda doing, done, known: bar.update(task, description=f"{doing} rows", completed=done, total=known)


def _show(shown: list[Preview], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([each.document() for each in shown], ensure_ascii=False, indent=2))
        return
    for each in shown:
        document = each.document()
        text = document.pop("text", None)
        document.pop("html", None)
        for name, value in document.items():
            if value is not None:
                typer.echo(f"{name:<11} {value}")
        if text is not None:
            typer.echo("\n" + text)
        typer.echo("-" * 60)


def _write_html(path: Path | None, shown: list[Preview]) -> None:
    if path is None:
        return
    found = next((each.content.html for each in shown if each.content and each.content.html), None)
    if found is None:
        typer.echo("no message of this step has HTML; nothing was written", err=True)
        return
    with refusing():
        _write(path, found)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise CommandProblem(f"{path}: cannot be written: {error.strerror}") from None
