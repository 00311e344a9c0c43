"""`puntual serve` as an operator runs it: a process of its own, stopped by SIGTERM or killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from services.settings import PROJECT_ROOT
from tests.end_to_end.waiting import eventually
from tests.ports import free_port

COMMAND = Path(sys.executable).with_name("puntual")
READY_SECONDS = 120.0
STOP_SECONDS = 30.0
_PORTS = 4
"""Of one command: `--workers` have a port each."""


class ServeProcess:
    """One deployment's processes, one after another; every log is kept."""

    def __init__(self, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self._arguments = arguments
        self._folder = folder
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self.port = free_port(in_a_row=_PORTS)

    def sibling(self, name: str, *arguments: str) -> "ServeProcess":
        """Another process of the deployment, with its own port and logs, reached by others at our address."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        return ServeProcess(folder, {**self._environment, "PUNTUAL_PUBLIC_URL": self.url}, *arguments)

    def narrowed(self, *arguments: str) -> "ServeProcess":
        """The same process with other arguments, not yet started, reached at an address of its own."""
        return ServeProcess(self._folder, self._environment, *arguments)

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """Where its API listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def spawn(self, **settings: str) -> None:
        """Start the process and return at once; `settings` by their names without the prefix."""
        assert not self.alive, "the process runs already"
        self._starts += 1
        environment = self._full_environment(settings)
        with self._log(self._starts).open("wb") as log:
            self._process = subprocess.Popen(
                [str(COMMAND), "serve", *self._arguments], env=environment, cwd=self._folder, stdout=log, stderr=log
            )

    async def command(self, *arguments: str) -> str:
        """Run another command of the same deployment to its good end; gives what it printed."""
        done = await asyncio.to_thread(
            subprocess.run,
            [str(COMMAND), *arguments],
            env=self._full_environment({}),
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=READY_SECONDS,
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}: {done.stderr}"
        return str(done.stdout)

    async def ready(self) -> None:
        """Wait until every role can work."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as client:

            async def answers() -> bool:
                self.must_live()
                try:
                    async with client.get(f"{self.url}/health/ready") as answer:
                        return answer.status == 200
                except (aiohttp.ClientError, TimeoutError):
                    return False

            await eventually(answers, "serve to be ready", within=READY_SECONDS)

    async def died(self) -> int:
        """Wait until the process is gone by itself, and give its return code (negative: the signal)."""
        await eventually(lambda: not self.alive, "the process to die", within=READY_SECONDS)
        assert self._process is not None
        return int(self._process.returncode)

    async def stop(self) -> int:
        """Ask it to stop, wait, and give its exit code; it must be gone within 30 s."""
        assert self._process is not None
        started = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        await eventually(lambda: not self.alive, "the process to stop", within=STOP_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS
        return int(self._process.returncode)

    def kill(self) -> None:
        """Stop it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def must_live(self) -> None:
        """Fail with the last lines of the log if it died."""
        assert self._process is not None
        code = self._process.poll()
        assert code is None, f"serve ended with {code}:\n{self._log(self._starts).read_text()[-4000:]}"

    @property
    def log(self) -> str:
        """Everything all starts wrote."""
        return "".join(self._log(number).read_text() for number in range(1, self._starts + 1))

    def _full_environment(self, settings: dict[str, str]) -> dict[str, str]:
        given = {f"PUNTUAL_{name.upper()}": value for name, value in settings.items()}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "PYTHONPATH": str(PROJECT_ROOT),
            **self._environment,
            "PUNTUAL_HTTP_PORT": str(self.port),
            **given,
        }

    def _log(self, number: int) -> Path:
        return self._folder / f"serve-{number}.log"
