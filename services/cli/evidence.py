"""`puntual evidence export|verify|key`: the signed evidence pack of one person, and its check."""

import json
from pathlib import Path
from typing import Annotated

import typer

from services import evidence
from services.auditing import Action, record
from services.cli.connection import CommandProblem, Opened, refuse, refusing, who, with_database
from services.cli.moments import moment
from services.evidence_chain import Anchor, ChainChecked, check_chain
from services.evidence_pdf import write_pdf
from services.settings import Settings
from services.store import timeline
from services.store.timeline import Happened

app = typer.Typer(help="Signed evidence for a regulator or an auditor.", no_args_is_help=True, add_completion=False)

_PAGE = 1000
_MOST_BYTES = 512 * 1024 * 1024


@app.callback()
def group() -> None:
    """Signed evidence for a regulator or an auditor."""


@app.command()
def export(
    debtor: Annotated[str, typer.Option(help="The debtor's reference.")],
    out: Annotated[Path, typer.Option(help="The file to write (JSON).")],
    pdf: Annotated[Path | None, typer.Option(help="Also write it for reading, as PDF in Spanish.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="From this instant or day on.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Until this instant or day, exclusive.")] = None,
) -> None:
    """Write everything that was done and decided about one person, chained and signed."""
    with refusing():
        start, end = moment(since, "--from"), moment(until, "--to")

    async def work(opened: Opened) -> dict[str, object]:
        async with opened.database.transaction() as connection:
            if not await timeline.known(connection, debtor):
                raise CommandProblem("no debtor has this reference")
            happened = await _everything(connection, debtor)
            period = {"from": since, "to": until}
            subject, now = f"debtor/{debtor}", opened.clock.now()
            action = Action.EVIDENCE_EXPORTED
            await record(connection, actor=who(), action=action, subject=subject, details=period, now=now)
        signer = evidence.Signer(opened.settings.signing_secret())
        return evidence.build(debtor, happened, since=start, until=end, made_at=opened.clock.now(), signer=signer)

    pack = with_database(work)
    try:
        out.write_text(json.dumps(pack, ensure_ascii=False, indent=1), "utf-8")
        if pdf is not None:
            write_pdf(pack, pdf)
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}; choose another place with --out or --pdf")
    typer.echo(f"{out}: {len(pack['entries'])} entries, signed")  # type: ignore[arg-type]


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="A pack written by export; without one, --chain.")] = None,
    chain: Annotated[
        bool, typer.Option("--chain", help="Check the database's own seals: audit log, decisions, receipts, consents.")
    ] = False,
    public_key: Annotated[
        list[str] | None,
        typer.Option("--public-key", help="A key it may be signed with; default: this deployment's."),
    ] = None,
    anchor: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER:HASH", help="A seal noted elsewhere that must still be in the chain."),
    ] = None,
) -> None:
    """Check a pack, or the chain of seals: exit 0 where nothing was altered, 1 with each fault on a line of its own."""
    if (file is not None and chain) or (file is not None and anchor):
        raise typer.BadParameter("name a FILE, or --chain (with --anchor), not both")
    with refusing():
        trusted = public_key or [evidence.Signer(Settings.load().signing_secret()).public_key]
    if file is None:
        _verify_chain(trusted, [_anchor(text) for text in anchor or []])
        return
    checked = evidence.check(_read(file), trusted_keys=trusted)
    for fault in checked.faults:
        typer.echo(f"{file}: {fault}", err=True)
    if checked.faults:
        raise typer.Exit(1)
    typer.echo(f"{file}: sound, {checked.entries} entries, key {checked.public_key}")


def _verify_chain(trusted: list[str], anchors: list[Anchor]) -> None:
    async def work(opened: Opened) -> ChainChecked:
        async with opened.database.reading() as connection:
            return await check_chain(connection, trusted_keys=trusted, anchors=anchors)

    checked = with_database(work)
    for fault in checked.faults:
        typer.echo(fault, err=True)
    if not checked.sound:
        raise typer.Exit(1)
    pruned = f" ({checked.pruned} with months that retention removed)" if checked.pruned else ""
    typer.echo(f"sound: {checked.links} seals{pruned} over {checked.rows} rows; the last is {checked.last}")


@app.command()
def key() -> None:
    """Print the public key that packs of this deployment are signed with."""
    with refusing():
        typer.echo(evidence.Signer(Settings.load().signing_secret()).public_key)


async def _everything(connection: object, debtor: str) -> list[Happened]:
    found: list[Happened] = []
    place = timeline.BEGINNING
    while True:
        page = await timeline.page(connection, debtor, after=place, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found
        place = (page[-1].at, page[-1].kind, page[-1].ref)


def _anchor(text: str) -> Anchor:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise typer.BadParameter("write NUMBER:HASH, as the log line `audit_sealed` has them", param_hint="--anchor")
    return Anchor(int(number), digest.lower())


def _read(file: Path) -> object:
    try:
        if file.stat().st_size > _MOST_BYTES:
            refuse(f"{file}: larger than 512 MiB; this is no evidence pack")
        return json.loads(file.read_text("utf-8"))
    except OSError as error:
        refuse(f"{file}: {error.strerror}")
    except ValueError:
        refuse(f"{file}: not JSON in UTF-8; this is no evidence pack")
    return None
