"""What every figure stands on: PostgreSQL with its durable defaults, Kafka, and databases at known stages."""

import asyncio
import itertools
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from services import migrations
from services.embedded.kafka import EmbeddedBroker
from services.embedded.postgres import EmbeddedPostgres
from services.kafka_options import librdkafka_options
from services.serve import Role
from services.settings import PROJECT_ROOT, Settings
from services.topics import create_topics, wanted_topics
from services.workers import workers_of
from tests.benchmarks import portfolio
from tests.benchmarks.machine import (
    COMMAND,
    Measured,
    Usage,
    answers,
    must_live,
    process,
    rate,
    ready,
    resident,
)
from tests.ports import free_port
from tests.real_kafka import missing_tools
from tests.statements import execute

KAFKA_SCRIPT = PROJECT_ROOT / "deploy" / "kafka" / "kafka.sh"
_JVM = "-Xms512m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""With its second compiler a young broker spends thrice as much on itself as on records, and again after each rest."""

BATCH = 500
"""What the floor takes at once, by each of its two hands; a claim is half of what may be in flight."""
_SHARING = 3.0
_PORTS = 4
_WHOLE_READS = "select relname, seq_tup_read from pg_stat_user_tables where seq_tup_read > 100000"

Count = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One database and one set of topics, with the settings of a process on them."""

    dsn: str
    prefix: str
    environment: dict[str, str]
    port: int


class Grounds:
    """PostgreSQL, Kafka, the lean provider, and databases cloned from the stage that a figure starts at.

    `workers` is how many processes share what is measured. While `aged` holds, stages are those with history, and
    `read_whole` gathers how many rows of old tables were read from end to end.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count
        self.provider_port = free_port()
        self.real_kafka = not missing_tools()
        self.bootstrap = ""
        self.dsn = ""
        self.pids: dict[str, int] = {}
        self.workers = 1
        self.aged = False
        self.read_whole: Counter[str] = Counter()
        self._names = itertools.count(1)
        self._stages: dict[str, str] = {}

    async def measure(
        self,
        on: Deployment,
        roles: Sequence[str],
        count: Count,
        wanted: int,
        *,
        load: Callable[[], Awaitable[None]] | None = None,
    ) -> Measured:
        """Run roles in processes of their own until `count` reaches `wanted`."""
        if load is not None and self.workers == 1:
            await load()
        with self.serve(on, roles) as (started, check):
            if load is not None and self.workers > 1:
                await self.ready(on, roles, check)
                await load()
            usage = Usage({**self.pids, "python": started.pid})
            measured = replace(await rate(count, wanted, usage, check), memory=resident(started.pid))
        if self.aged:
            await self._note_whole_reads(on)
        return measured

    async def ready(self, on: Deployment, roles: Sequence[str], check: Callable[[], None]) -> None:
        """Wait until every worker can work and they have shared the partitions: what comes earlier is the first's."""
        for worker in workers_of([Role(role) for role in roles], self.workers, on.port):
            await ready(worker.port, check)
        if self.workers > 1:
            await asyncio.sleep(_SHARING)

    async def _note_whole_reads(self, on: Deployment) -> None:
        connection = await asyncpg.connect(on.dsn)
        for row in await connection.fetch(_WHOLE_READS):
            self.read_whole[row["relname"]] += row["seq_tup_read"]
        await connection.close()

    @contextmanager
    def serve(
        self, on: Deployment, roles: Sequence[str]
    ) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], None]]]:
        """`puntual serve` with these roles."""
        log = self.folder / f"serve-{next(self._names)}.log"
        arguments = [str(COMMAND), "serve", *(word for role in roles for word in ("--role", role))]
        if self.workers > 1:
            arguments += ["--workers", str(self.workers)]
        with process(arguments, on.environment, log) as started:
            yield started, must_live(started, log)

    @asynccontextmanager
    async def deployment(self, stage: str) -> AsyncIterator[Deployment]:
        """A database at a stage (empty, debtors, planned, sent), with fresh topics; both are gone afterwards."""
        template = self._stages[self._aged(stage)]
        number = next(self._names)
        name, prefix = f"run_{number}", f"r{number}."
        await execute(self.dsn, f"create database {name} template {template} strategy file_copy", "checkpoint")
        dsn, port = self._named(name), free_port(in_a_row=_PORTS)
        environment = {
            "PUNTUAL_DATABASE_URL": dsn,
            "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "PUNTUAL_DATA_DIR": str(self.folder / "data"),
            "PUNTUAL_PROVIDERS_FILE": str(self.folder / "providers.yaml"),
            "PUNTUAL_CAMPAIGNS_DIR": str(self.folder / "campaigns"),
            "PUNTUAL_TOPIC_PREFIX": prefix,
            "PUNTUAL_NOW": portfolio.NOW,
            "PUNTUAL_HTTP_PORT": str(port),
            "PUNTUAL_LOG_LEVEL": "WARNING",
            "PUNTUAL_DISPATCH_LIMIT": str(2 * BATCH),
            "PYTHONTZPATH": "",
        }
        settings = Settings.load(topic_prefix=prefix, data_dir=self.folder / "data")
        topics = await asyncio.to_thread(self._make_topics, settings)
        try:
            yield Deployment(dsn, prefix, environment, port)
        finally:
            await asyncio.to_thread(self._drop_topics, topics)
            if name not in self._stages.values():
                await execute(self.dsn, f"drop database {name} with (force)")

    async def keep(self, stage: str, on: Deployment) -> None:
        """Make a deployment's database the template of a stage; nothing may be connected to it."""
        name = on.dsn.partition("?")[0].rpartition("/")[2]
        connection = await asyncpg.connect(on.dsn)
        await connection.execute("vacuum analyze")
        await connection.close()
        self._stages[self._aged(stage)] = name

    def has(self, stage: str) -> bool:
        """Whether a stage was reached before."""
        return self._aged(stage) in self._stages

    def _aged(self, stage: str) -> str:
        return f"{stage}, aged" if self.aged else stage

    async def make_empty_stage(self) -> None:
        """The present schema without rows."""
        await execute(self.dsn, "create database stage_empty")
        await migrations.upgrade(self._named("stage_empty"))
        self._stages["empty"] = "stage_empty"

    async def plain_database(self, name: str) -> str:
        """A database of that name without a schema, made anew."""
        await execute(self.dsn, f"drop database if exists {name} with (force)", f"create database {name}", "checkpoint")
        return self._named(name)

    def written(self, topic: str) -> Count:
        """How many records a topic holds."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 2})
        partitions = admin.list_topics(topic, timeout=10).topics[topic].partitions
        wanted = {TopicPartition(topic, number): OffsetSpec.latest() for number in partitions}

        def high() -> int:
            try:
                return sum(future.result().offset for future in admin.list_offsets(wanted).values())
            except KafkaException:
                return 0  # a topic made a moment ago has no leader yet

        return lambda: asyncio.to_thread(high)

    def make_topic(self, name: str) -> None:
        """A topic of the floor."""
        if not self.real_kafka:
            self._broker.ensure_topics([name])
            return
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 2})
        for future in admin.create_topics([NewTopic(name, 6, 1)]).values():
            future.result()

    def _make_topics(self, settings: Settings) -> list[str]:
        topics = wanted_topics(settings)
        if self.real_kafka:
            create_topics(librdkafka_options(settings, self.bootstrap), topics)
        else:
            self._broker.ensure_topics(topic.name for topic in topics)
        return [topic.name for topic in topics]

    def _drop_topics(self, names: Sequence[str]) -> None:
        if self.real_kafka:
            admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 2})
            for future in admin.delete_topics(list(names)).values():
                future.result()

    def _named(self, name: str) -> str:
        return self.dsn.replace("/puntual?", f"/{name}?")

    def start(self, stack: ExitStack) -> None:
        """Start PostgreSQL, Kafka and the provider for as long as the stack lives."""
        postgres = EmbeddedPostgres(self.folder / "data")
        self.dsn = postgres.start()
        stack.callback(postgres.stop)
        pid_file = self.folder / "data" / "postgres" / "postmaster.pid"
        self.pids["postgres"] = int(pid_file.read_text().partition("\n")[0])
        self._start_kafka(stack)
        command = [COMMAND.with_name("python").as_posix(), "-m", "tests.benchmarks.provider", str(self.provider_port)]
        provider = stack.enter_context(process(command, {}, self.folder / "provider.log"))
        self.pids["provider"] = provider.pid
        portfolio.write_files(self.folder, self.provider_port)

    def _start_kafka(self, stack: ExitStack) -> None:
        if not self.real_kafka:
            self._broker = EmbeddedBroker()
            self.bootstrap = self._broker.start()
            stack.callback(self._broker.stop)
            return
        port, controller_port = free_port(), free_port()
        run = self.folder / "kafka"
        environment = {
            **os.environ,
            "KAFKA_PORT": str(port),
            "KAFKA_CONTROLLER_PORT": str(controller_port),
            "KAFKA_RUN": str(run),
            "KAFKA_JVM": _JVM,
        }

        def script(command: str) -> None:
            subprocess.run([KAFKA_SCRIPT, command], env=environment, check=True, stdout=subprocess.DEVNULL)

        script("start")
        stack.callback(script, "stop")
        self.bootstrap = f"127.0.0.1:{port}"
        self.pids["kafka"] = int((run / "pid").read_text())


@asynccontextmanager
async def grounds(count: int) -> AsyncIterator[Grounds]:
    """Everything started, with the empty stage made."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="puntual-bench-")))
        made = Grounds(folder, count)
        await asyncio.to_thread(made.start, stack)
        await answers(made.provider_port)
        await made.make_empty_stage()
        yield made


async def counter(dsn: str, sql: str) -> tuple[Any, Count]:
    """A connection, and a count that it reads by an index, however empty the table was at first."""
    connection = await asyncpg.connect(dsn, server_settings={"enable_seqscan": "off"})

    async def count() -> int:
        return int(await connection.fetchval(sql) or 0)

    return connection, count
