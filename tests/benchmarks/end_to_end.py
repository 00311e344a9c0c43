"""From a due event on Kafka to message.accepted on Kafka, all roles in one process; and what each process uses."""

import asyncio
import time
from functools import partial

from tests.benchmarks import portfolio, stages
from tests.benchmarks.grounds import Grounds
from tests.benchmarks.machine import Measured, ready
from tests.benchmarks.provider import LeanProvider

ROLES = ("ingest", "dispatch", "relay")
_TOLD = 2
"""Events about each message: planned and accepted."""


async def flow(on: Grounds) -> Measured:
    """Messages a second, with CPU for each."""
    await stages.debtors(on)
    async with on.deployment("debtors") as deployment:
        written = on.written(deployment.prefix + portfolio.OUTCOMES)
        dues = partial(asyncio.to_thread, portfolio.produce_dues, on.bootstrap, deployment.prefix, range(on.count))
        told = await on.measure(deployment, ROLES, written, _TOLD * on.count, load=dues)
    return Measured(told.per_second / _TOLD, {name: used * _TOLD for name, used in told.cpu.items()}, told.memory)


class Arrivals:
    """A provider in this process that notes when each request came."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[float] = asyncio.Queue()
        self._server: asyncio.Server | None = None

    async def start(self, port: int) -> None:
        """Listen on 127.0.0.1."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Noting(self.came), "127.0.0.1", port)

    def stop(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()


class _Noting(LeanProvider):
    def __init__(self, came: asyncio.Queue[float]) -> None:
        self._came = came

    def on_message_complete(self) -> None:
        self._came.put_nowait(time.perf_counter())
        super().on_message_complete()


async def latency(on: Grounds, port: int, samples: int) -> list[float]:
    """Milliseconds from producing an event to the provider's call on an idle system, in order of size."""
    await stages.debtors(on)
    arrivals = Arrivals()
    await arrivals.start(port)
    portfolio.write_files(on.folder, port)
    found: list[float] = []
    try:
        async with on.deployment("debtors") as deployment:
            with on.serve(deployment, [*ROLES, "api"]) as (_, check):
                await ready(deployment.port, check)
                feed = portfolio.Feed(on.bootstrap, deployment.prefix)
                for number in range(samples + 3):
                    produced = time.perf_counter()
                    await asyncio.to_thread(feed.due, number)
                    found.append((await asyncio.wait_for(arrivals.came.get(), 30) - produced) * 1000)
    finally:
        portfolio.write_files(on.folder, on.provider_port)
        arrivals.stop()
    return sorted(found[3:])
