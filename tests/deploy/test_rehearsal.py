"""The compose file without a container engine: its jobs and roles as processes in production, as the guide says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.deploy.documents import DEPLOY, ROOT, yaml
from tests.end_to_end.waiting import eventually
from tests.ports import free_port

SERVICES = yaml("compose.yaml")["services"]
ROLES = [name for name, service in SERVICES.items() if "serve" in service.get("command", ())]
PUBLIC_URL = "https://avisos.example.com"
PROVIDERS = """
providers:
  - id: twilio-main
    type: twilio
    channels: [sms]
    account_sid: AC00000000000000000000000000000000
    auth_token: {env: TWILIO_AUTH_TOKEN}
    senders: [{channel: sms, address: "+525550000000", per_second: 1}]
"""

pytestmark = [pytest.mark.kafka, pytest.mark.long]


class Machine:
    """Where the services of the compose file run: secrets and settings in files, engines elsewhere."""

    def __init__(self, folder: Path, dsn: str, bootstrap: str) -> None:
        self._folder = folder
        self._prefix = f"{uuid4().hex[:8]}."
        self._bootstrap = bootstrap
        for name in ("secrets", "config", "data"):
            (folder / name).mkdir()
        (folder / "config" / "providers.yaml").write_text(PROVIDERS)
        shutil.copy(DEPLOY / "creditors.yaml", folder / "config")
        self._keep("PUNTUAL_DATABASE_URL", f"{dsn}\n")
        self._keep("PUNTUAL_SECRET_KEY", made("openssl rand -base64 48 | tr -d '\\n'"))
        self._keep("PUNTUAL_PII_KEYS", made('echo "k1:$(openssl rand -base64 32)"'))
        self._keep("TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef\n")

    def run(self, service: str, **more: str) -> "subprocess.Popen[bytes]":
        """Start what a service starts."""
        with (self._folder / f"{service}.log").open("wb") as log:
            command = [str(DEPLOY / "with-secrets.sh"), *SERVICES[service]["command"]]
            return subprocess.Popen(
                command, env=self._environment(service) | more, cwd=self._folder, stdout=log, stderr=log
            )

    def log(self, service: str) -> str:
        """What it said."""
        return (self._folder / f"{service}.log").read_text()

    def _keep(self, name: str, secret: str) -> None:
        (self._folder / "secrets" / name).write_text(secret)

    def _environment(self, service: str) -> dict[str, str]:
        given = {name: str(value) for name, value in SERVICES[service]["environment"].items()}
        assert given["PUNTUAL_PUBLIC_URL"].startswith("${PUNTUAL_PUBLIC_URL:?")
        return {
            name: re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value).replace("/etc/puntual", str(self._folder / "config"))
            for name, value in given.items()
        } | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONTZPATH": "",
            "SECRETS_DIR": str(self._folder / "secrets"),
            "PUNTUAL_PUBLIC_URL": PUBLIC_URL,
            "PUNTUAL_KAFKA_BOOTSTRAP_SERVERS": self._bootstrap,
            "PUNTUAL_TOPIC_PREFIX": self._prefix,
            "PUNTUAL_DATA_DIR": str(self._folder / "data"),
        }


def made(command: str) -> str:
    """What a shell command prints."""
    return subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout


async def test_jobs_run_once_and_every_role_gets_ready_and_stops(
    tmp_path: Path, empty_database_url: str, kafka_bootstrap: str
) -> None:
    machine = Machine(tmp_path, empty_database_url, kafka_bootstrap)
    with running(machine, "ingest", PUNTUAL_HTTP_PORT=str(free_port())) as early:
        assert early.wait(60) == 1
        assert "run `puntual migrate`" in machine.log("ingest")
    for job in ("migrate", "topics"):
        with running(machine, job) as process:
            assert process.wait(60) == 0, machine.log(job)
    ports = {role: str(free_port()) for role in ROLES}
    with ExitStack() as stack:
        processes = {r: stack.enter_context(running(machine, r, PUNTUAL_HTTP_PORT=ports[r])) for r in ROLES}
        for role, process in processes.items():

            def healthy(role: str = role, process: "subprocess.Popen[bytes]" = process) -> bool:
                assert process.poll() is None, machine.log(role)
                return is_healthy(ports[role])

            await eventually(healthy, lambda role=role: f"{role}: {machine.log(role)}", within=60)
        for process in processes.values():
            process.terminate()
        assert [process.wait(30) for process in processes.values()] == [0] * len(ROLES)


@contextmanager
def running(machine: Machine, service: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A service that is gone at the end, whatever happened."""
    process = machine.run(service, **more)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_healthy(port: str) -> bool:
    """Whether the image's health check would pass."""
    command = [sys.executable, str(DEPLOY / "healthy.py")]
    return subprocess.run(command, env={"PUNTUAL_HTTP_PORT": port}, capture_output=True).returncode == 0
