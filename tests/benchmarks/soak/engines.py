"""PostgreSQL and Kafka of a soak, which may be killed, stopped for a while, and started again."""

import os
import shutil
import signal
from contextlib import ExitStack
from pathlib import Path

import asyncpg

from services.embedded.kafka import EmbeddedBroker
from services.embedded.postgres import EmbeddedPostgres
from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.topics import create_topics, wanted_topics
from tests.real_kafka import RealKafka, missing_tools

_CUT = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
"""


class Engines:
    """Both engines on one machine, with durable defaults; Kafka is real where Java and Maven are there."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._kafka_folder = folder / "kafka"
        self._stack = ExitStack()
        self._kafka: RealKafka | None = None
        self.dsn = ""
        self.bootstrap = ""

    @property
    def real_kafka(self) -> bool:
        """Whether Kafka is Apache's, in a process of its own."""
        return self._kafka is not None

    @property
    def pids(self) -> dict[str, int]:
        """The processes of the engines by name, but for one that is just being started again."""
        files = {"postgres": self._postmaster_file}
        if self.real_kafka:
            files["kafka"] = self._broker_file
        return {name: pid for name, file in files.items() if (pid := _pid_in(file)) is not None}

    def start(self) -> None:
        """Start both, with the topics of the product."""
        self.start_postgres()
        if missing_tools():
            broker = EmbeddedBroker()
            self.bootstrap = broker.start()
            self._stack.callback(broker.stop)
            broker.ensure_topics(topic.name for topic in wanted_topics(Settings()))
            return
        self._kafka = RealKafka(self._kafka_folder)
        self._kafka.start()
        self._stack.callback(self._kafka.stop)
        self.bootstrap = self._kafka.bootstrap
        settings = Settings()
        create_topics(librdkafka_options(settings, self.bootstrap), wanted_topics(settings))

    def stop(self) -> None:
        """Stop both; what they kept is in the folder."""
        self._stack.close()

    def start_postgres(self) -> None:
        """Start the server, again after it was killed."""
        server = EmbeddedPostgres(self._data)
        self.dsn = server.start()
        self._stack.callback(server.stop)

    def kill_postgres(self) -> None:
        """Stop the server as a power cut would."""
        os.kill(self._postmaster(), signal.SIGKILL)

    async def cut_connections(self) -> None:
        """End every connection to the database, in the middle of whatever it does."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(_CUT)
        await connection.close()

    def pause_kafka(self) -> None:
        """Let the broker do nothing at all, with its connections open."""
        os.kill(self._broker(), signal.SIGSTOP)

    def resume_kafka(self) -> None:
        """Let the broker go on."""
        os.kill(self._broker(), signal.SIGCONT)

    def kill_kafka(self) -> None:
        """Stop the broker as a power cut would."""
        assert self._kafka is not None
        self._kafka.kill()

    def start_kafka(self) -> None:
        """Start the broker with what it had kept."""
        assert self._kafka is not None
        self._kafka.run("start")

    def room(self) -> float:
        """GiB that are left on the disk of the engines."""
        return shutil.disk_usage(self._data).free / 2**30

    def _postmaster(self) -> int:
        return int(self._postmaster_file.read_text().partition("\n")[0])

    def _broker(self) -> int:
        return int(self._broker_file.read_text())

    @property
    def _postmaster_file(self) -> Path:
        return self._data / "postgres" / "postmaster.pid"

    @property
    def _broker_file(self) -> Path:
        return self._kafka_folder / "node" / "pid"


def _pid_in(file: Path) -> int | None:
    """The first line of a file that servers write as they start; None while it isn't written."""
    try:
        return int(file.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
