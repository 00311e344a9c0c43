"""`puntual evidence export|verify|key`: the signed evidence pack of one person, and its check."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas import rfc3339
from services import evidence
from services.cli.connection import CommandProblem, Opened, refuse, refusing, with_database
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
        start, end = _moment(since, "--from"), _moment(until, "--to")

    async def work(opened: Opened) -> dict[str, object]:
        async with opened.database.reading() as connection:
            if not await timeline.known(connection, debtor):
                raise CommandProblem("no debtor has this reference")
            happened = await _everything(connection, debtor)
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
    file: Annotated[Path, typer.Argument(help="A pack written by export.")],
    public_key: Annotated[
        str | None, typer.Option("--public-key", help="The key it must be signed with; default: this deployment's.")
    ] = None,
) -> None:
    """Check a pack: exit 0 where nothing was altered, 1 with each fault on a line of its own."""
    pack = _read(file)
    with refusing():
        trusted = public_key or evidence.Signer(Settings.load().signing_secret()).public_key
    checked = evidence.check(pack, trusted_key=trusted)
    for fault in checked.faults:
        typer.echo(f"{file}: {fault}", err=True)
    if checked.faults:
        raise typer.Exit(1)
    typer.echo(f"{file}: sound, {checked.entries} entries, key {checked.public_key}")


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


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return rfc3339.instant(text if len(text) > 10 else f"{text}T00:00:00Z")
    except ValueError as error:
        raise CommandProblem(f"{option}: {error}; write 2026-11-01 or 2026-11-01T06:00:00Z") from None
