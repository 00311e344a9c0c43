"""`puntual campaigns`: definitions checked and described before anything is sent."""

import json
from pathlib import Path
from typing import Annotated

import typer

from campaigns.definition import Problem
from campaigns.schema import definition_schema
from services.cli import campaign_life
from services.cli.campaign_report import report_command
from services.cli.campaign_simulation import simulation_command
from services.cli.campaign_tools import preview_command, simulate_command
from services.clock import clock_from
from services.explanation_words import Language
from services.lint import lint_paths
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.settings_rules import SettingsProblem

CLEAN, PROBLEMS, UNREADABLE = 0, 1, 2

app = typer.Typer(help="Campaign definitions.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Campaign definitions."""


@app.command()
def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Files or folders; by default PUNTUAL_CAMPAIGNS_DIR."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    language: Annotated[Language, typer.Option(help="es or en; what --json says stays in English.")] = Language.EN,
) -> None:
    """Check definitions; exit 0 clean, 1 with problems, 2 where a file is missing or not UTF-8."""
    try:
        settings = Settings.load()
    except SettingsProblem as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(PROBLEMS) from None
    surroundings, around = load_surroundings(settings, clock_from(settings).now())
    report = lint_paths(paths or [settings.campaigns_dir], surroundings)
    problems = [*report.problems, *around]
    _print(problems, language, as_json=as_json)
    if report.unreadable:
        raise typer.Exit(UNREADABLE)
    if problems:
        raise typer.Exit(PROBLEMS)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a definition, for editors."""
    typer.echo(json.dumps(definition_schema(), ensure_ascii=False, indent=2))


def _print(problems: list[Problem], language: Language, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"file": each.file, "line": each.line, "column": each.column, "message": each.message} for each in problems
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for problem in problems:
        typer.echo(problem.told.spanish if language is Language.ES else str(problem))


app.command("preview")(preview_command)
app.command("simulate")(simulate_command)
app.command("simulation")(simulation_command)
app.command("report")(report_command)
for _name in ("submit", "approve", "reject", "pause", "resume", "retire", "diff"):
    app.command(_name)(getattr(campaign_life, _name))
app.command("list")(campaign_life.list_command)
