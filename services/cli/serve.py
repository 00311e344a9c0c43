"""`puntual serve` and `puntual migrate`."""

import asyncio
from typing import Annotated

import structlog
import typer
import uvloop
from aiokafka.errors import KafkaError

from campaigns.packs import PackProblem
from channels.errors import ProvidersFileError
from services import migrations, telemetry
from services.cli.connection import refuse, refusing, server_of
from services.clock import clock_from
from services.database import UNAVAILABLE, Database
from services.embedded import EmbeddedProblem
from services.evidence import Signer
from services.http_server import inherited
from services.sealing import carry_on
from services.serve import Role, ServeProblem, serve
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.topics import TopicsProblem
from services.workers import serve_workers
from services.yaml_document import DocumentProblem

PROBLEMS = (
    SettingsProblem,
    ServeProblem,
    EmbeddedProblem,
    TopicsProblem,
    DocumentProblem,
    ProvidersFileError,
    PackProblem,
)


def serve_command(
    role: Annotated[list[Role] | None, typer.Option(help="A role of this process; default: all.")] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes; all share ingest, dispatch and relay, and api without console."),
    ] = 1,
    shared_socket: Annotated[int | None, typer.Option(hidden=True, help="A listening socket inherited.")] = None,
) -> None:
    """Run Puntual: take events in, send what is due, publish what happened."""
    try:
        settings = Settings.load()
        telemetry.configure_logging(settings.log_level)
        roles = role or list(Role)
        shared = None if shared_socket is None else inherited(shared_socket)
        uvloop.run(serve(settings, roles, shared) if workers == 1 else serve_workers(settings, roles, workers))
    except PROBLEMS as problem:
        refuse(problem)
    except UNAVAILABLE as error:
        refuse(f"PostgreSQL or Kafka can't be reached ({type(error).__name__}): check their addresses")
    except KafkaError as error:
        refuse(f"Kafka can't be reached ({type(error).__name__}): check PUNTUAL_KAFKA_BOOTSTRAP_SERVERS")
    except Exception as error:
        structlog.get_logger(__name__).exception("internal_fault")
        refuse(f"stopped by an internal fault ({type(error).__name__}); the last log line has its place")


def migrate_command() -> None:
    """Bring the database schema up to date."""
    with refusing():
        settings = Settings.load()
        with server_of(settings) as dsn:
            asyncio.run(migrations.upgrade(dsn))
            rebased = asyncio.run(_carry_on(settings, dsn))
    typer.echo(f"schema is at {migrations.head()}")
    if rebased:
        typer.echo("this server counts transactions anew (a restored dump): the audit chain goes on from here")


async def _carry_on(settings: Settings, dsn: str) -> bool:
    database = await Database.connect(dsn, size=1)
    try:
        async with database.transaction() as connection:
            signer = Signer(settings.signing_secret())
            return await carry_on(connection, clock_from(settings).now(), signer)
    finally:
        await database.close()
