"""`puntual mail receive`: the pipe of a mail server, with the exit codes that it reads (sysexits.h)."""

import asyncio
import sys
from typing import Annotated

import typer

from campaigns.packs import PackProblem
from channels.errors import ProvidersFileError
from channels.smtp_bounces import NoMail
from services import telemetry, wiring
from services.clock import clock_from
from services.database import UNAVAILABLE, Database
from services.embedded import EmbeddedProblem
from services.embedded.postgres import EmbeddedPostgres
from services.mailroom import Filed
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.yaml_document import DocumentProblem

app = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})

# One process a mail: nothing heavy that a mail does not need is imported here.
PROBLEMS = (SettingsProblem, EmbeddedProblem, DocumentProblem, ProvidersFileError, PackProblem)
LARGEST = 25 * 1024 * 1024
DATA_ERROR = 65
COME_AGAIN = 75
_PATIENCE = 30.0


@app.callback()
def mail() -> None:
    """Mail that comes back."""


@app.command()
def receive(
    recipient: Annotated[str, typer.Argument(help="The address it was sent to, as the mail server knows it.")] = "",
    *,
    json: Annotated[bool, typer.Option("--json", help="Say what it was as a JSON object.")] = False,
) -> None:
    """Take one mail from standard input: a bounce, a complaint, or somebody's answer.

    Exit codes: 0 taken for good, 65 no mail, 75 come again later.
    """
    raw = sys.stdin.buffer.read(LARGEST + 1)
    if not raw.strip() or len(raw) > LARGEST:
        _end("there is no mail on standard input, or one of more than 25 MiB", DATA_ERROR)
    try:
        settings = Settings.load()
        telemetry.configure_logging("ERROR")
        filed = asyncio.run(_take(settings, raw, recipient))
    except PROBLEMS as problem:
        _end(str(problem), COME_AGAIN)
    except NoMail:
        _end("what came on standard input is no mail", DATA_ERROR)
    except UNAVAILABLE as error:
        _end(f"the database can't be reached ({type(error).__name__})", COME_AGAIN)
    except Exception as error:
        _end(f"an internal fault ({type(error).__name__})", COME_AGAIN)
    typer.echo(f'{{"filed": "{filed}"}}' if json else filed)


async def _take(settings: Settings, raw: bytes, recipient: str) -> Filed:
    async with asyncio.timeout(_PATIENCE):
        embedded = EmbeddedPostgres(settings.data_dir) if settings.database_url is None else None
        dsn = await asyncio.to_thread(embedded.start) if embedded else settings.database_url
        assert dsn is not None
        try:
            database = await Database.connect(dsn, size=2)
            parts = wiring.assemble(settings, clock=clock_from(settings), database=database, bootstrap="")
            try:
                return await _filed(parts, raw, recipient)
            finally:
                await parts.close()
        finally:
            if embedded:
                await asyncio.to_thread(embedded.stop)


async def _filed(parts: wiring.Parts, raw: bytes, recipient: str) -> Filed:
    stopping = asyncio.Event()
    committing = asyncio.create_task(parts.receipts.run(stopping))
    try:
        return await wiring.make_mailroom(parts).take(raw, recipient)
    finally:
        stopping.set()
        await committing


def _end(text: str, code: int) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(code)
