"""`puntual campaigns report`: what a campaign achieves, against the people held out from it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from channels.config import ProvidersFile
from services.cli.connection import CommandProblem, Opened, with_database
from services.experiments import USUAL, WITHIN, NoSuchCampaign, Period, report
from services.running import RunningCampaigns
from services.yaml_document import read_document

_LONGEST = 366
_DAY = ["%Y-%m-%d"]


def report_command(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name.")],
    since: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DATE", formats=_DAY, help="First UTC day; default 90 days ago."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", metavar="DATE", formats=_DAY, help="UTC day after the last; default now.")
    ] = None,
    within: Annotated[int, typer.Option(min=1, max=_LONGEST, help="Days for which each person is followed.")] = WITHIN,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare versions and variants with the people held out: assigned, reached, replied, promised, paid, and cost."""

    async def work(opened: Opened) -> dict[str, Any]:
        now = opened.clock.now()
        end = until.replace(tzinfo=UTC) if until is not None else now
        start = since.replace(tzinfo=UTC) if since is not None else end - USUAL
        if start >= end:
            raise CommandProblem("the period is empty: --from must lie before --to")
        prices = read_document(opened.settings.providers_file, ProvidersFile).prices
        period = Period(start, end, timedelta(days=within))
        try:
            async with opened.database.transaction() as connection:
                return await report(connection, RunningCampaigns(), campaign, period, now=now, prices=prices)
        except NoSuchCampaign:
            raise CommandProblem(f"there is no campaign '{campaign}'; see `puntual campaigns list`") from None

    found = with_database(work)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    console = Console(width=None if Console().is_terminal else 160)
    first, last = found["from"][:10], found["to"][:10]
    typer.echo(f"{found['campaign']}, first messages from {first} to {last}, {found['within_days']} days each")
    typer.echo(f"{found['people']} people; {found['too_recent']} more are too recent to count")
    console.print(_arms(found))
    if found["comparisons"]:
        console.print(_comparisons(found))
    typer.echo(found["method"])


def _arms(found: dict[str, Any]) -> Table:
    stages = ("assigned", "sent", "delivered", "read", "clicked", "replied", "promised", "paid", "messages")
    table = Table(title="By assignment", title_justify="left")
    for name in ("version", "step", "arm", *stages, "recovered", "cost", "cost/recovered"):
        table.add_column(name, justify="left" if name in ("version", "step", "arm") else "right")
    for row in found["arms"]:
        recovered = ", ".join(f"{amount} {currency}" for currency, amount in row["recovered"].items())
        cost = f"{row['cost']} {row['currency']}" if row["cost"] is not None else "-"
        each = row["cost_per_recovered"]
        table.add_row(
            f"v{row['version']}",
            row["step"] or "",
            row["arm"],
            *[f"{row[stage]:,}" for stage in stages],
            recovered or "-",
            cost,
            f"{each:.4f}" if each is not None else "-",
        )
    return table


def _comparisons(found: dict[str, Any]) -> Table:
    table = Table(title="Differences, in points of a hundred", title_justify="left")
    for name in ("version", "step", "arm", "against", "outcome", "uplift", "one look", "always", "verdict"):
        table.add_column(name)
    for row in found["comparisons"]:
        table.add_row(
            f"v{row['version']}",
            row["step"] or "",
            row["arm"],
            row["against"],
            row["outcome"],
            f"{row['uplift'] * 100:+.1f}",
            _points(row),
            _points(row["always"]),
            row["verdict"],
        )
    return table


def _points(interval: dict[str, Any]) -> str:
    return f"{interval['low'] * 100:+.1f} to {interval['high'] * 100:+.1f}"
