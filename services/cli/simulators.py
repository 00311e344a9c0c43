"""`puntual simulators`: stand-ins for the providers, for the demo and for rehearsals."""

import asyncio
import os
import signal
from typing import Annotated

import typer
import uvloop

from channels.simulators.behaviour import MAGIC_PREFIX
from channels.simulators.smtp import Mailbox, SmtpSimulator
from channels.simulators.twilio import TwilioSimulator

app = typer.Typer(add_completion=False)
DEVELOPMENT_TOKEN = "simulated-token"


@app.command("simulators")
def simulators(
    twilio_port: Annotated[int, typer.Option(help="Port of the simulated Twilio; 0 takes a free one.")] = 9001,
    smtp_port: Annotated[int, typer.Option(help="Port of the simulated mail relay; 0 takes a free one.")] = 1025,
    inbound_url: Annotated[
        str, typer.Option(help="Where injected replies are posted when they name no address of their own.")
    ] = "http://127.0.0.1:8080/callbacks/twilio/inbound",
) -> None:
    """Run the simulated providers until Ctrl-C."""
    try:
        uvloop.run(_run(twilio_port, smtp_port, inbound_url))
    except OSError as error:
        typer.echo(f"{error.strerror}; choose other ports with --twilio-port and --smtp-port", err=True)
        raise typer.Exit(1) from None


async def _run(twilio_port: int, smtp_port: int, inbound_url: str) -> None:
    ended = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    token = os.environ.get("TWILIO_AUTH_TOKEN", DEVELOPMENT_TOKEN)
    async with (
        TwilioSimulator(auth_token=token, port=twilio_port, inbound_url=inbound_url) as twilio,
        SmtpSimulator(port=smtp_port) as smtp,
    ):
        typer.echo(f"twilio  {twilio.url}  (numbers {MAGIC_PREFIX}ccccc act as their last five digits say)")
        typer.echo(f"smtp    {smtp.host}:{smtp.port}  (mailboxes {', '.join(Mailbox)}@… act as they are named)")
        await ended.wait()
