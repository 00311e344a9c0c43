"""A real single-node Apache Kafka on free ports, started by the script that `make kafka` uses."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from services.embedded.locks import Presence, mutex
from tests.ports import free_port

_ROOT = Path(__file__).resolve().parent.parent
_SCRIPT = _ROOT / "deploy" / "kafka" / "kafka.sh"
_TEST_JVM = "-Xms256m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"


def missing_tools() -> list[str]:
    """The programs a real Kafka needs and this machine lacks."""
    return [program for program in ("java", "mvn") if shutil.which(program) is None]


class RealKafka:
    """One node for all workers of a test run: the first starts it, the last stops it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = folder / "lock"
        self._presence = Presence(folder / "users")
        self.bootstrap = ""

    def start(self) -> None:
        """Start or find the node; raises CalledProcessError with what the script said."""
        with mutex(self._lock):
            self._presence.enter()
            ports = self._ports()
            self.bootstrap = f"127.0.0.1:{ports[0]}"
            self.run("start")

    def stop(self) -> None:
        """Leave the node, and delete it where no other worker uses it."""
        with mutex(self._lock):
            if self._presence.leave():
                self.run("stop")
                self.run("reset")

    def kill(self) -> None:
        """Stop the node as a power cut would; `run("start")` starts it with what it had kept."""
        os.kill(int((self._folder / "node" / "pid").read_text()), signal.SIGKILL)

    def run(self, command: str) -> str:
        """Run the script with a command for this node."""
        port, controller_port = self._ports()
        environment = {
            **os.environ,
            "KAFKA_PORT": str(port),
            "KAFKA_CONTROLLER_PORT": str(controller_port),
            "KAFKA_RUN": str(self._folder / "node"),
            "KAFKA_JVM": _TEST_JVM,
        }
        script = [str(_SCRIPT), command]
        return subprocess.run(
            script, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=150
        ).stdout

    def _ports(self) -> tuple[int, int]:
        """The ports that the first worker chose."""
        file = self._folder / "ports"
        if not file.exists():
            first = free_port(in_a_row=2)
            file.write_text(f"{first} {first + 1}")
        port, controller_port = file.read_text().split()
        return int(port), int(controller_port)
