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
from services.database import UNAVAILABLE
from services.embedded import EmbeddedProblem
from services.serve import Role, ServeProblem, serve
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.topics import TopicsProblem
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
) -> None:
    """Run Puntual: take events in, send what is due, publish what happened."""
    try:
        settings = Settings.load()
        telemetry.configure_logging(settings.log_level)
        uvloop.run(serve(settings, role or list(Role)))
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
    with refusing(), server_of(Settings.load()) as dsn:
        asyncio.run(migrations.upgrade(dsn))
    typer.echo(f"schema is at {migrations.head()}")
