"""A Kafka-protocol broker in this process: librdkafka's mock cluster, one consumer a group, nothing kept.

Of each partition it holds the last 5 MiB: a reader that falls further behind goes on from what is left.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import KafkaException, Producer

from services.embedded import EmbeddedProblem

ADDRESS_FILE = "kafka.address"
_log = logging.getLogger(__name__)
_PATIENCE = 10.0
_CLUSTER = {
    "bootstrap.servers": "127.0.0.1:1",
    "test.mock.num.brokers": 1,
    "log_level": 2,
}


@contextmanager
def announced(data_dir: Path, address: str) -> Iterator[None]:
    """Leave the broker's address in the data folder for commands run beside this process, as long as it lives."""
    file = data_dir / ADDRESS_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{address}\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def announced_address(data_dir: Path) -> str | None:
    """The address that a process using this data folder left; it may have died since."""
    try:
        return (data_dir / ADDRESS_FILE).read_text().strip() or None
    except FileNotFoundError:
        return None


class EmbeddedBroker:
    """Lives as long as this object; everything on it is gone with it."""

    def __init__(self) -> None:
        self._cluster: Producer | None = None

    def start(self) -> str:
        """Start and return `127.0.0.1:port`; raises EmbeddedProblem."""
        if self._cluster is None:
            self._cluster = Producer(_CLUSTER)
            told = "embedded broker on %s: it holds the last 5 MiB of a partition, and nothing beyond this process"
            _log.info(told, self.address)
        return self.address

    @property
    def address(self) -> str:
        """`127.0.0.1:port` of the running broker; raises EmbeddedProblem."""
        cluster = self._running()
        try:
            brokers = list(cluster.list_topics(timeout=_PATIENCE).brokers.values())
        except KafkaException as error:
            raise EmbeddedProblem(f"the embedded broker did not answer: {error}; start again") from error
        return f"{brokers[0].host}:{brokers[0].port}"

    def ensure_topics(self, names: Iterable[str]) -> None:
        """Make the topics that do not exist yet; raises EmbeddedProblem."""
        cluster = self._running()
        for name in names:
            try:
                cluster.list_topics(name, timeout=_PATIENCE)
            except KafkaException as error:
                raise EmbeddedProblem(f"the embedded broker would not make topic {name}: {error}") from error

    def stop(self) -> None:
        """Let go of the cluster and everything on it."""
        self._cluster = None

    def _running(self) -> Producer:
        if self._cluster is None:
            raise EmbeddedProblem("the embedded broker is not running; start it first")
        return self._cluster
