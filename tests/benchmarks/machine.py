"""Processes of a benchmark, and what they use: CPU seconds and resident memory by name."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

COMMAND = Path(sys.executable).with_name("puntual")
_POLL = 0.05
_SELDOM = 0.25
_PART = 0.1
"""Counting takes CPU of what is measured: the next look comes after this part of the time that seems left, at most
after `_SELDOM` seconds, since it seems long at first.
"""
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """How many a second, CPU microseconds for one by process, and what our processes held at the end, in bytes."""

    per_second: float
    cpu: Mapping[str, float]
    memory: int = 0


class Usage:
    """The CPU that named processes have used, children included."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}

    def seconds(self) -> dict[str, float]:
        """CPU seconds by name."""
        return {name: _seconds(process) for name, process in self._processes.items()}


def resident(pid: int) -> int:
    """Bytes of a process and its children."""
    parent = psutil.Process(pid)
    return sum(int(each.memory_info().rss) for each in (parent, *parent.children(recursive=True)))


def _seconds(process: psutil.Process) -> float:
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        try:
            used = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
        if each.pid == process.pid:
            total += used.children_user + used.children_system
    return total


async def rate(count: Callable[[], Awaitable[int]], wanted: int, usage: Usage, alive: Callable[[], None]) -> Measured:
    """How fast `count` rises to `wanted`, from its first rise on; `alive` raises where the work has died."""
    first = await _risen(count, 0, alive, _POLL / 5)
    started, before, reached = time.perf_counter(), usage.seconds(), first
    while reached < wanted:
        done, elapsed = reached - first, time.perf_counter() - started
        left = (wanted - reached) * elapsed / done if done else 0.0
        await asyncio.sleep(min(max(_POLL, left * _PART), _SELDOM))
        reached = await _risen(count, reached, alive, _POLL)
    elapsed, after = time.perf_counter() - started, usage.seconds()
    done = max(reached - first, 1)
    cpu = {name: (after[name] - before[name]) / done * 1e6 for name in after}
    return Measured(done / elapsed, cpu)


async def _risen(count: Callable[[], Awaitable[int]], above: int, alive: Callable[[], None], poll: float) -> int:
    """What is counted, once it is more than `above`; raises RuntimeError where it stands still for long."""
    deadline = time.monotonic() + _PATIENCE
    while (reached := await count()) <= above:
        alive()
        if time.monotonic() > deadline:
            raise RuntimeError(f"nothing more than {above} within {_PATIENCE:.0f} s")
        await asyncio.sleep(poll)
    return reached


@contextmanager
def process(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the time of the context; its output goes to `log`."""
    with log.open("ab") as output:
        started = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=output)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def must_live(started: subprocess.Popen[bytes], log: Path) -> Callable[[], None]:
    """A check that fails with the end of the log where the process has ended."""

    def check() -> None:
        if started.poll() is not None:
            raise RuntimeError(f"the process ended with {started.returncode}:\n{log.read_text()[-3000:]}")

    return check


async def ready(port: int, check: Callable[[], None]) -> None:
    """Wait until `puntual serve` says on this port that every role can work."""
    deadline = time.monotonic() + _PATIENCE
    async with aiohttp.ClientSession() as client:
        while True:
            check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"nobody is ready on port {port} within {_PATIENCE:.0f} s")
            try:
                async with client.get(f"http://127.0.0.1:{port}/health/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(_POLL)
            await asyncio.sleep(_POLL)


async def answers(port: int) -> None:
    """Wait until somebody listens on a port of 127.0.0.1."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(_POLL)
        else:
            writer.close()
            return
    raise RuntimeError(f"nobody listens on port {port}")
