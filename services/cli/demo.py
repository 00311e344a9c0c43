"""`puntual demo`: the story of a morning, on the real pipeline."""

import asyncio
import signal
from collections import Counter
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from services import telemetry
from services.cli.serve import PROBLEMS
from services.demo.articles import Articles
from services.demo.screen import showing, summary
from services.demo.stage import stage
from services.demo.story import Story, follow, send_events
from services.settings import Settings


def demo(
    once: Annotated[bool, typer.Option("--once", help="Run to the end, print a summary, and exit.")] = False,
) -> None:
    """Run a small portfolio through the real pipeline with simulated providers; 0 where all went as it must."""
    console = Console(width=None if Console().is_terminal else 140)
    try:
        settings = Settings.load()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with (settings.data_dir / "demo.log").open("w") as log:
            telemetry.configure_logging(settings.log_level, log)
            console.print(f"Starting PostgreSQL, Kafka and a simulated Twilio… (log: {log.name})")
            story, twice = uvloop.run(_play(settings, console, once=once))
    except PROBLEMS as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    console.print(summary(story, Articles(settings), twice=twice))
    if once and (story.failures or twice):
        raise typer.Exit(1)


async def _play(settings: Settings, console: Console, *, once: bool) -> tuple[Story, int]:
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    story = Story()
    async with stage(settings, stopping) as scene:
        with showing(story, console, scene.address, scene.password):
            await send_events(scene)
            await follow(scene, story, stopping, once=once)
        handed = Counter((message.to, message.body) for message in scene.twilio.messages)
    return story, sum(count > 1 for count in handed.values())
