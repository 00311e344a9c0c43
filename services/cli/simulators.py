"""`puntual simulators`: stand-ins for the providers, for rehearsals; and a scripted day of conversations with them."""

import asyncio
import os
import signal
from enum import StrEnum
from typing import Annotated

import typer
import uvloop

from channels.simulators.behaviour import MAGIC_PREFIX
from channels.simulators.smtp import Mailbox, SmtpSimulator
from channels.simulators.twilio import TwilioSimulator
from services import telemetry
from services.cli.serve import PROBLEMS
from services.demo.day import play_day
from services.settings import Settings

app = typer.Typer(add_completion=False)
DEVELOPMENT_TOKEN = "simulated-token"


class Play(StrEnum):
    """What is played instead of waiting for somebody to rehearse."""

    DAY = "day"


@app.command("simulators")
def simulators(
    play: Annotated[
        Play | None,
        typer.Argument(help="day: play a scripted day of conversations to its end; 0 where all went as it must."),
    ] = None,
    twilio_port: Annotated[int, typer.Option(help="Port of the simulated Twilio; 0 takes a free one.")] = 9001,
    smtp_port: Annotated[int, typer.Option(help="Port of the simulated mail relay; 0 takes a free one.")] = 1025,
    inbound_url: Annotated[
        str, typer.Option(help="Where injected replies are posted when they name no address of their own.")
    ] = "http://127.0.0.1:8080/callbacks/twilio/inbound",
) -> None:
    """Run the simulated providers until Ctrl-C, or play a day with them."""
    if play is Play.DAY:
        _day()
        return
    try:
        uvloop.run(_run(twilio_port, smtp_port, inbound_url))
    except OSError as error:
        typer.echo(f"{error.strerror}; choose other ports with --twilio-port and --smtp-port", err=True)
        raise typer.Exit(1) from None


def _day() -> None:
    try:
        settings = Settings.load()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with (settings.data_dir / "day.log").open("w") as log:
            telemetry.configure_logging(settings.log_level, log)
            failures = uvloop.run(_play(settings))
    except PROBLEMS as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    typer.echo("\n".join(failures) if failures else "every expectation held")
    if failures:
        raise typer.Exit(1)


async def _play(settings: Settings) -> list[str]:
    playing = asyncio.ensure_future(play_day(settings, typer.echo))
    stopped = asyncio.ensure_future(_stopping().wait())
    await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not playing.done():
        playing.cancel()
        await asyncio.wait({playing})
        return ["stopped before its end"]
    return await playing


def _stopping() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM."""
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    return ended


async def _run(twilio_port: int, smtp_port: int, inbound_url: str) -> None:
    ended = _stopping()
    token = os.environ.get("TWILIO_AUTH_TOKEN", DEVELOPMENT_TOKEN)
    async with (
        TwilioSimulator(auth_token=token, port=twilio_port, inbound_url=inbound_url) as twilio,
        SmtpSimulator(port=smtp_port) as smtp,
    ):
        typer.echo(f"twilio  {twilio.url}  (numbers {MAGIC_PREFIX}ccccc act as their last five digits say)")
        typer.echo(f"smtp    {smtp.host}:{smtp.port}  (mailboxes {', '.join(Mailbox)}@… act as they are named)")
        await ended.wait()
