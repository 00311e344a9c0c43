"""How a command gets at the database: settings, the embedded server where none is configured, the right schema."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import typer
from alembic.util import CommandError

from campaigns.packs import PackProblem
from channels.errors import ProvidersFileError
from services import migrations
from services.clock import Clock, clock_from
from services.database import UNAVAILABLE, Database
from services.embedded import EmbeddedProblem
from services.embedded.postgres import EmbeddedPostgres
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.yaml_document import DocumentProblem

_CONNECTIONS = 2
T = TypeVar("T")


class CommandProblem(Exception):
    """Why a command can't do what was asked; says what to do."""


PROBLEMS = (CommandProblem, SettingsProblem, EmbeddedProblem, DocumentProblem, ProvidersFileError, PackProblem)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with."""

    settings: Settings
    clock: Clock
    database: Database


def with_database(work: Callable[[Opened], Awaitable[T]]) -> T:
    """Run `work` over the configured or embedded database; what can't be is one line and exit 1."""
    with refusing():
        settings = Settings.load()
        with server_of(settings) as dsn:
            return asyncio.run(_opened(settings, dsn, work))


@contextmanager
def refusing() -> Iterator[None]:
    """Turn known problems into one line on standard error and exit 1."""
    try:
        yield
    except PROBLEMS as problem:
        refuse(problem)
    except UNAVAILABLE as error:
        refuse(f"PostgreSQL can't be reached ({type(error).__name__}): check PUNTUAL_DATABASE_URL")


@contextmanager
def server_of(settings: Settings) -> Iterator[str]:
    """The address of the database; an embedded server runs for as long as anybody uses it."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    embedded = EmbeddedPostgres(settings.data_dir)
    dsn = embedded.start()
    try:
        yield dsn
    finally:
        embedded.stop()


def who() -> str:
    """Who runs the command, as the audit log names them."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


def refuse(problem: object) -> None:
    """Say why on standard error, and exit 1."""
    typer.echo(str(problem), err=True)
    raise typer.Exit(1)


async def _opened(settings: Settings, dsn: str, work: Callable[[Opened], Awaitable[T]]) -> T:
    await _fit_schema(settings, dsn)
    database = await Database.connect(dsn, size=_CONNECTIONS)
    try:
        return await work(Opened(settings, clock_from(settings), database))
    finally:
        await database.close()


async def _fit_schema(settings: Settings, dsn: str) -> None:
    """In development the schema is brought up to date; in production one that does not fit refuses."""
    found, wanted = await migrations.current(dsn), migrations.head()
    if found == wanted:
        return
    if settings.production:
        told = found or "nothing"
        raise CommandProblem(f"the database schema is at {told}, this version needs {wanted}: run `puntual migrate`")
    try:
        await migrations.upgrade(dsn)
    except CommandError:
        raise CommandProblem(
            f"the database schema is at {found}, which this version does not know: use a newer puntual"
        ) from None
