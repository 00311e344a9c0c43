"""What tests share: one PostgreSQL for the run, a database for each test, brokers."""

import asyncio
import os
import shutil
import tempfile
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from services import migrations
from services.embedded.kafka import EmbeddedBroker
from services.embedded.locks import Presence, mutex
from services.embedded.postgres import EmbeddedPostgres
from tests.real_kafka import RealKafka, missing_tools
from tests.statements import execute

_TEMPLATE = "puntual_template"


def pytest_configure(config: pytest.Config) -> None:
    """Whatever the shell is set up for, tests start from the defaults and from the zones of the tzdata package."""
    zoneinfo.reset_tzpath(to=())
    for name in [name for name in os.environ if name.startswith("PUNTUAL_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def run_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder that all workers of this run share; the last to leave deletes it.

    Not among pytest's own: every other run of the same user closes those to all but their owner, and as root the
    embedded PostgreSQL is another user.
    """
    folder = Path(tempfile.gettempdir()) / f"puntual-tests-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    presence = Presence(folder / "workers")
    presence.enter()
    yield folder
    if presence.leave():
        shutil.rmtree(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder of this test alone that an embedded PostgreSQL can use; see `run_folder`."""
    with tempfile.TemporaryDirectory(prefix="puntual-test-") as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="session")
def postgres_dsn(run_folder: Path) -> Iterator[str]:
    """The server of this run, for administration; it need not survive a power cut."""
    server = EmbeddedPostgres(run_folder / "server")
    dsn = server.start()
    asyncio.run(execute(dsn, "alter system set fsync = off", "select pg_reload_conf()"))
    yield dsn
    server.stop()


@pytest.fixture(scope="session")
def template_database(run_folder: Path, postgres_dsn: str) -> str:
    """The name of a database with the present schema and no rows."""
    with mutex(run_folder / "template.lock"):
        asyncio.run(_make_template(postgres_dsn))
    return _TEMPLATE


@pytest.fixture
def database_url(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A database of this test alone, with the present schema and no rows."""
    name = f"test_{uuid4().hex}"
    asyncio.run(execute(postgres_dsn, f"create database {name} template {template_database}"))
    yield _named(postgres_dsn, name)
    asyncio.run(execute(postgres_dsn, f"drop database {name} with (force)"))


@pytest.fixture
def empty_database_url(postgres_dsn: str) -> Iterator[str]:
    """A database of this test alone, without any schema."""
    name = f"empty_{uuid4().hex}"
    asyncio.run(execute(postgres_dsn, f"create database {name}"))
    yield _named(postgres_dsn, name)
    asyncio.run(execute(postgres_dsn, f"drop database {name} with (force)"))


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    """A running embedded broker of this test alone; `broker.address` is its host:port."""
    running = EmbeddedBroker()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def real_kafka(run_folder: Path) -> Iterator[RealKafka]:
    """A real Apache Kafka that all workers share; its tests are skipped where Java or Maven is missing."""
    missing = missing_tools()
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"a real Kafka needs {' and '.join(missing)}, not found on this machine")
    kafka = RealKafka(run_folder / "kafka")
    kafka.start()
    yield kafka
    kafka.stop()


@pytest.fixture(scope="session")
def kafka_bootstrap(real_kafka: RealKafka) -> str:
    """host:port of the real Kafka."""
    return real_kafka.bootstrap


async def _make_template(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("select 1 from pg_database where datname = $1", _TEMPLATE):
            return
        await connection.execute(f"create database {_TEMPLATE}")
    finally:
        await connection.close()
    await migrations.upgrade(_named(dsn, _TEMPLATE))


def _named(dsn: str, name: str) -> str:
    """The same server, another database."""
    return dsn.replace("/puntual?", f"/{name}?")
