"""Several processes that work on the parts of one simulation, each taking the next part when it is done with one.

They end with their parent, whatever ends it: a process that can tell nobody of its progress stops.
"""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from services.simulation.report import Report

_LOOK_SECONDS = 0.25
_PATIENCE_SECONDS = 5.0
_COLLECT_AFTER = (200_000, 50, 100)
"""Allocations between collections: nearly everything lives as long as its kind does."""


class SimulationProblem(Exception):
    """Why a simulation came to no end; says what to do."""


Part = tuple[Path, Path | None]
"""The file of a part's rows, and that of its events."""


class Worker(Protocol):
    """What every process does: pickled, and made ready in it."""

    def start(self) -> "Working":
        """Get ready."""


class Working(Protocol):
    """A process's own work."""

    def take(self, part: Part) -> int:
        """Work on a part; gives how many rows it had."""

    def report(self) -> Report:
        """What all parts came to."""


def worked(worker: Worker, parts: Sequence[Part], count: int, progress: Callable[[int], None]) -> Report:
    """The report on all parts by `count` processes; `progress` is told rows done. Raises SimulationProblem."""
    report, done = Report(), 0
    with _started(worker, count) as processes:
        waiting = list(reversed(parts))
        while processes:
            for pipe in wait(list(processes), timeout=_LOOK_SECONDS):
                assert isinstance(pipe, Connection)
                told = _told(pipe, processes[pipe])
                if isinstance(told, Report):
                    report.add(told)
                    del processes[pipe]
                    continue
                done += told
                _send(pipe, processes[pipe], waiting.pop() if waiting else None)
            progress(done)
    return report


@contextmanager
def _started(worker: Worker, count: int) -> Iterator[dict[Connection, BaseProcess]]:
    """Processes by the pipes to them; none of them outlives this."""
    context = multiprocessing.get_context("spawn")
    all_of_them: list[BaseProcess] = []
    running: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(count):
            ours, theirs = context.Pipe()
            process: BaseProcess = context.Process(target=_work, args=(worker, theirs), daemon=True)
            process.start()
            theirs.close()
            all_of_them.append(process)
            running[ours] = process
        yield running
    finally:
        for process in all_of_them:
            if running:
                process.terminate()
            process.join(_PATIENCE_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()


def _told(pipe: Connection, process: BaseProcess) -> int | Report:
    """Rows done, or the report at the end."""
    try:
        told = pipe.recv()
    except (EOFError, OSError):
        raise _ended(process) from None
    if isinstance(told, BaseException):
        raise told
    assert isinstance(told, int | Report)
    return told


def _send(pipe: Connection, process: BaseProcess, part: Part | None) -> None:
    try:
        pipe.send(part)
    except OSError:
        raise _ended(process) from None


def _ended(process: BaseProcess) -> SimulationProblem:
    process.join(_PATIENCE_SECONDS)
    code = process.exitcode
    how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with {code}"
    hint = "; it may lack memory: simulate a share with --sample" if code == -signal.SIGKILL else ""
    return SimulationProblem(f"a process of the simulation {how}{hint}; nothing was sent or stored")


def _work(worker: Worker, pipe: Connection) -> None:
    """One process, until no part is left; an interrupt of the terminal is its parent's to heed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        working = worker.start()
        gc.freeze()
        pipe.send(0)
        while (part := pipe.recv()) is not None:
            pipe.send(working.take(part))
        pipe.send(working.report())
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:
        pipe.send(SimulationProblem(f"a process of the simulation failed: {_kind(error)}; nothing was sent or stored"))


def _kind(error: Exception) -> str:
    """What went wrong and where, without the values that an exception's text may hold."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{where}"
