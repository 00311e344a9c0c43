"""`puntual closure`: days on which nobody is contacted somewhere, ordered at a moment's notice."""

import json
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import typer

from campaigns.facts import EmergencyClosure
from campaigns.packs import load_packs
from services import closures
from services.cli.connection import CommandProblem, Opened, who, with_database
from services.store import closures as store

app = typer.Typer(help="Emergency closures: nobody is contacted on these days.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.callback()
def group() -> None:
    """Emergency closures: nobody is contacted on these days."""


@app.command()
def add(
    jurisdiction: Annotated[str, typer.Option(help="A pack, as MX or US-FL; closes what inherits from it too.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The first closed day, local date (2026-11-24).")],
    reason: Annotated[str, typer.Option(help="Why, as decisions will cite it.")],
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last closed day; the first by default.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="One region alone, as MX-GRO.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Close days, before the next claim of every process."""
    if not reason.strip():
        raise typer.BadParameter("say why, for those who read the decisions", param_hint="--reason")
    first = _day(on, "--on")
    last = _day(until, "--until") if until is not None else first
    wanted = EmergencyClosure(jurisdiction.upper(), region.upper() if region else None, first, last, reason.strip())

    async def work(opened: Opened) -> UUID:
        closure = _checked(wanted, opened)
        async with opened.database.transaction() as connection:
            return await closures.order(connection, closure, made_by=who(), now=opened.clock.now())

    closure_id = with_database(work)
    if as_json:
        typer.echo(json.dumps({"id": str(closure_id)}))
        return
    typer.echo(f"closed: {_told(wanted)} ({closure_id}); `puntual closure lift {closure_id}` opens again")


@app.command("list")
def list_closures(
    past: Annotated[bool, typer.Option("--past", help="Those that were lifted too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the closures that were not lifted."""

    async def work(opened: Opened) -> list[dict[str, Any]]:
        async with opened.database.reading() as connection:
            return await store.every(connection, past_too=past)

    rows = with_database(work)
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False, indent=2))
        return
    for row in rows:
        lifted = f"  lifted {row['lifted_at']:%Y-%m-%d %H:%M}Z by {row['lifted_by']}" if row["lifted_at"] else ""
        told = _told(
            EmergencyClosure(row["jurisdiction"], row["region"], row["first_day"], row["last_day"], row["reason"])
        )
        typer.echo(f"{row['id']}  {told}{lifted}")


@app.command()
def lift(closure_id: Annotated[UUID, typer.Argument(metavar="ID")]) -> None:
    """Open again; messages that waited for the end are judged anew at once."""

    async def work(opened: Opened) -> None:
        async with opened.database.transaction() as connection:
            now = opened.clock.now()
            if not await closures.lift(connection, closure_id, lifted_by=who(), now=now):
                raise CommandProblem(f"no closure {closure_id} is in force; `puntual closure list` shows them")

    with_database(work)
    typer.echo(f"open again: {closure_id}")


def _checked(closure: EmergencyClosure, opened: Opened) -> EmergencyClosure:
    try:
        return closures.checked(closure, load_packs(opened.settings.packs_dir))
    except closures.ClosureProblem as problem:
        raise CommandProblem(str(problem)) from None


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-11-24", param_hint=option) from None


def _told(closure: EmergencyClosure) -> str:
    place = closure.region or closure.jurisdiction
    days = f"{closure.first}" if closure.first == closure.last else f"{closure.first} to {closure.last}"
    return f"{place}, {days}: {closure.reason}"
