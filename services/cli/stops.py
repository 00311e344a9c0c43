"""`puntual stop` and `puntual start`: the kill switch, in force before the next claim."""

import json
from typing import Annotated

import typer

from campaigns.packs import PackProblem, load_packs
from channels.config import ProvidersFile
from schemas.enums import Channel
from services import switches
from services.cli.connection import CommandProblem, Opened, who, with_database
from services.settings import Settings
from services.store import stops as store
from services.switches import Target
from services.yaml_document import DocumentProblem, read_document

CampaignOption = Annotated[str | None, typer.Option(metavar="NAME", help="One campaign.")]
ChannelOption = Annotated[Channel | None, typer.Option(help="One channel.")]
ProviderOption = Annotated[str | None, typer.Option(metavar="NAME", help="One provider.")]
JurisdictionOption = Annotated[str | None, typer.Option(metavar="NAME", help="One jurisdiction, as MX or US-FL.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def stop(
    reason: Annotated[str, typer.Option(help="Why, for those who find it stopped.")],
    campaign: CampaignOption = None,
    channel: ChannelOption = None,
    provider: ProviderOption = None,
    jurisdiction: JurisdictionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stop sending: one campaign, channel, provider or jurisdiction, or everything where none is named."""
    what = _target(campaign, channel, provider, jurisdiction)
    if not reason.strip():
        raise typer.BadParameter("say why, for those who find it stopped", param_hint="--reason")

    async def work(opened: Opened) -> tuple[dict[str, object], str | None]:
        async with opened.database.transaction() as connection:
            now = opened.clock.now()
            row = await switches.throw(connection, what, reason=reason, made_by=who(), now=now)
            providers, jurisdictions = _known(opened.settings)
            warning = await switches.doubt(connection, what, providers=providers, jurisdictions=jurisdictions)
            return row, warning

    row, warning = with_database(work)
    if warning is not None:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        typer.echo(json.dumps({"id": str(row["id"]), "scope": what.scope, "name": what.name, "warning": warning}))
        return
    typer.echo(f"stopped: {what} ({row['id']}); `puntual start` with the same options lifts it")


def start(
    campaign: CampaignOption = None,
    channel: ChannelOption = None,
    provider: ProviderOption = None,
    jurisdiction: JurisdictionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lift the stops made with the same options; others stay in force and are named."""
    what = _target(campaign, channel, provider, jurisdiction)

    async def work(opened: Opened) -> tuple[int, list[str]]:
        async with opened.database.transaction() as connection:
            now = opened.clock.now()
            lifted = await switches.lift(connection, what, lifted_by=who(), now=now)
            left = [str(Target(row["scope"], row["name"])) for row in await store.every(connection)]
            if not lifted:
                there = f"; in force: {', '.join(left)}" if left else "; nothing is stopped"
                raise CommandProblem(f"there is no stop of {what}{there}")
            return lifted, left

    lifted, left = with_database(work)
    if as_json:
        typer.echo(json.dumps({"lifted": lifted, "inForce": left}))
        return
    typer.echo(f"lifted: {what}")
    if left:
        typer.echo(f"still stopped: {', '.join(left)}", err=True)


def _target(campaign: str | None, channel: Channel | None, provider: str | None, jurisdiction: str | None) -> Target:
    values = (campaign, channel.value if channel else None, provider, jurisdiction)
    named = [(scope, name) for scope, name in zip(switches.SCOPES, values, strict=True) if name is not None]
    if len(named) > 1 or any(not name.strip() for _, name in named):
        raise typer.BadParameter("name one of --campaign, --channel, --provider and --jurisdiction, or none")
    return switches.target(*named[0]) if named else Target()


def _known(settings: Settings) -> tuple[set[str], set[str]]:
    """Names of providers and jurisdictions; files that can't be read never keep anybody from stopping."""
    try:
        providers = {provider.id for provider in read_document(settings.providers_file, ProvidersFile).providers}
    except DocumentProblem as problem:
        typer.echo(f"warning: {problem}", err=True)
        providers = set()
    try:
        return providers, {pack.id for pack in load_packs(settings.packs_dir).all()}
    except PackProblem as problem:
        typer.echo(f"warning: {problem}", err=True)
        return providers, set()
