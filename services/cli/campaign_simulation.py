"""`puntual campaigns simulation`: what was looked at before a version was submitted, for whoever is to approve it."""

import json
from typing import Annotated, Any

import typer

from services.cli.campaign_tables import print_tables
from services.cli.connection import CommandProblem, Opened, with_database
from services.store import campaign_reviews as store
from services.store.campaign_reviews import VersionEntry


def simulation_command(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name.")],
    version: Annotated[
        int | None, typer.Option(min=1, help="Which version; default: the one that waits, else the one that runs.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as it was submitted.")] = False,
) -> None:
    """Show the simulation that a version was submitted with; approving the version is bound to it."""

    async def work(opened: Opened) -> tuple[VersionEntry, str]:
        async with opened.database.reading() as connection:
            entry = _chosen(campaign, await store.entries(connection, campaign), version)
            return entry, await _kept(connection, entry)

    entry, body = with_database(work)
    if as_json:
        typer.echo(body)
        return
    typer.echo(f"{entry.campaign} v{entry.version}, {entry.state}, submitted by {entry.submitted_by}")
    print_tables(json.loads(body))


def _chosen(campaign: str, known: list[VersionEntry], version: int | None) -> VersionEntry:
    if not known:
        raise CommandProblem(f"there is no campaign '{campaign}'; see `puntual campaigns list`")
    if version is not None:
        fitting = [each for each in known if each.version == version]
    else:
        fitting = [each for each in known if each.waits] or [each for each in known if each.runs]
    if not fitting:
        told = f"has no version {version}" if version is not None else "has no version that waits or runs"
        raise CommandProblem(f"the campaign '{campaign}' {told}; see `puntual campaigns list`")
    return fitting[0]


async def _kept(connection: Any, entry: VersionEntry) -> str:
    digest = await store.submitted_with(connection, entry.id)
    body = await store.kept_simulation(connection, digest) if digest is not None else None
    if body is None:
        told = "without a simulation" if digest is None else "with a simulation that is not kept"
        raise CommandProblem(f"{entry.campaign} v{entry.version} was submitted {told}")
    return body
