"""`puntual serve --workers N`: several processes of one machine, started, told to stop and ended together."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import structlog

from services.embedded.postgres import EmbeddedPostgres
from services.serve import Role, ServeProblem, listen, prepare
from services.settings import PREFIX, Settings

log = structlog.get_logger(__name__)

_SHARED = frozenset({Role.INGEST, Role.DISPATCH, Role.RELAY})
_STOP_SECONDS = 28.0
_DIE_WITH_PARENT = 1
_START = "from services.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Worker:
    """One process: its number from 1, its roles and where it tells its health."""

    number: int
    roles: Sequence[Role]
    port: int


def shared_of(roles: Sequence[Role]) -> list[Role]:
    """Of a command's roles those that any number of its workers take a part of; the others stay with the first.

    The API is shared where the console is not beside it at the same port: a page lives in the process that opened it.
    """
    return [role for role in roles if role in _SHARED or (role is Role.API and Role.CONSOLE not in roles)]


def workers_of(roles: Sequence[Role], count: int, port: int) -> list[Worker]:
    """Who does what: the first worker every role, the others those that can be shared; a port for each.

    The first has the port itself, unless all answer there: then its own comes after that of the last.
    """
    shared = shared_of(roles)
    if count > 1 and not shared:
        names = ", ".join(sorted({Role.API, *_SHARED}))
        raise ServeProblem(
            f"--workers: none of the roles can be shared; name one of {names} (api without console), or run one worker"
        )
    first = port + count if count > 1 and Role.API in shared else port
    if max(first, port + count - 1) > 65535:
        raise ServeProblem(f"--workers: {count} workers need the ports from {port} on; set a lower PUNTUAL_HTTP_PORT")
    return [Worker(1, list(roles), first), *(Worker(n, shared, port + n - 1) for n in range(2, count + 1))]


async def serve_workers(settings: Settings, roles: Sequence[Role], count: int) -> None:
    """Run the workers until SIGTERM or SIGINT; raises ServeProblem where one ends by itself, after all have ended."""
    workers = workers_of(roles, count, settings.http_port)
    if settings.kafka_bootstrap_servers is None:
        raise ServeProblem("--workers: the embedded broker serves one process; set PUNTUAL_KAFKA_BOOTSTRAP_SERVERS")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    with ExitStack() as stack:
        dsn = settings.database_url
        if dsn is None:
            postgres = EmbeddedPostgres(settings.data_dir)
            dsn = await asyncio.to_thread(postgres.start)
            stack.callback(postgres.stop)
        await prepare(settings, dsn, settings.kafka_bootstrap_servers)
        with ExitStack() as starting:
            shared = starting.enter_context(listen(settings)) if Role.API in shared_of(roles) else None
            processes = [(worker, await _start(worker, settings, dsn, shared)) for worker in workers]
        loop.add_signal_handler(signal.SIGHUP, partial(_tell, processes, signal.SIGHUP))
        await _watch(processes, stopping)


async def _start(worker: Worker, settings: Settings, dsn: str, shared: socket.socket | None) -> Process:
    """Start a worker; where the API is shared it inherits the socket, which outlives whoever of them stops first."""
    arguments = [word for role in worker.roles for word in ("--role", role.value)]
    inherited = () if shared is None else (shared.fileno(),)
    for number in inherited:
        arguments += ["--shared-socket", str(number)]
    environment = {
        **os.environ,
        f"{PREFIX}DATABASE_URL": dsn,
        f"{PREFIX}HTTP_PORT": str(worker.port),
        f"{PREFIX}PUBLIC_URL": settings.public_url,
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _START, "serve", *arguments),
        env=environment,
        pass_fds=inherited,
        preexec_fn=_end_with_parent,
    )


async def _watch(processes: Sequence[tuple[Worker, Process]], stopping: asyncio.Event) -> None:
    """Wait for the word to stop or for the first to end, then end them all."""
    stop = asyncio.create_task(stopping.wait())
    ends = {asyncio.create_task(process.wait()): worker for worker, process in processes}
    await asyncio.wait({stop, *ends}, return_when=asyncio.FIRST_COMPLETED)
    told = stopping.is_set()
    stop.cancel()
    first = [worker.number for task, worker in ends.items() if task.done()]
    log.info("workers_stop", told=told, ended=first)
    _tell(processes, signal.SIGTERM)
    _, late = await asyncio.wait(ends, timeout=_STOP_SECONDS)
    if late:
        _tell(processes, signal.SIGKILL)
        await asyncio.wait(late)
    if late:
        raise ServeProblem(f"{len(late)} workers did not stop within {_STOP_SECONDS:g} s and were killed")
    if not told:
        raise ServeProblem(f"worker {first[0]} ended by itself, so all were stopped; its own last log line says why")
    failed = [worker.number for worker, process in processes if process.returncode != 0]
    if failed:
        raise ServeProblem(f"worker {failed[0]} did not end well; its own last log line says why")


def _tell(processes: Sequence[tuple[Worker, Process]], what: signal.Signals) -> None:
    for _, process in processes:
        if process.returncode is None:
            process.send_signal(what)


def _end_with_parent() -> None:
    """On Linux a worker is told to stop when the process that started it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
