"""`python -m tests.benchmarks.soak`: many messages through real processes while one thing after another goes wrong.

PostgreSQL is embedded with durable defaults, Kafka real where Java and Maven are there. Writes what was measured as
JSON and as one page with charts, and ends with 1 where an invariant is broken.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any

import uvloop

from services import migrations
from tests.benchmarks.soak import verdict
from tests.benchmarks.soak.company import Company
from tests.benchmarks.soak.engines import Engines
from tests.benchmarks.soak.faults import Faults
from tests.benchmarks.soak.load import Load
from tests.benchmarks.soak.report import Report, write
from tests.benchmarks.soak.samples import Sampler
from tests.crash.crew import crew_of
from tests.end_to_end.fixtures import TUESDAY
from tests.end_to_end.world import World

SEED = 20261124
SETTINGS = {
    "lease_seconds": "20",
    "call_timeout": "5",
    "dispatch_limit": "100",
    "database_pool": "6",
    "log_level": "WARNING",
}


async def soak(folder: Path, engines: Engines, wanted: int, out: Path) -> bool:
    """Run to the end, write the report, and say whether everything held."""
    await migrations.upgrade(engines.dsn)
    world = World(folder / "world", dsn=engines.dsn, bootstrap=engines.bootstrap, now=TUESDAY, **SETTINGS)
    async with world, crew_of(world) as crew:
        company, random = Company(world, crew, real_kafka=engines.real_kafka), Random(SEED)
        await company.gather()
        load, since = Load(world, wanted, random), asyncio.get_running_loop().time()
        faults = Faults(world, company, engines, load, random=random, since=since)
        sampler = Sampler(world, company, engines, load, since=since)
        report = Report(engines.real_kafka, wanted, SEED, sampler.samples, faults.spells)
        try:
            await _play(world, load, faults, sampler)
            report.seconds = round(asyncio.get_running_loop().time() - since)
            report.verdict = await verdict.judge(world, company, load, sampler.samples)
        except Exception as error:
            report.broken = f"{type(error).__name__}: {error}"
            raise
        finally:
            write(out, report)
    report.show()
    return report.verdict.passed


async def _play(world: World, load: Load, faults: Faults, sampler: Sampler) -> None:
    """Load, faults and samples together; the first that fails ends them all."""
    heard, sampled = asyncio.Event(), asyncio.Event()

    async def course() -> None:
        await asyncio.gather(load.run(), faults.run())
        print("everybody was told of; waiting for rest", flush=True)
        await verdict.rest(world, load, sampler.samples)
        heard.set()
        sampled.set()

    work: list[Coroutine[Any, Any, None]] = [course(), load.reply(heard), sampler.run(sampled)]
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)


def main() -> None:
    """Read the arguments, soak, and exit."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000, help="people who fall due")
    parser.add_argument("--out", type=Path, default=Path("build/soak"), help="folder of soak.json and soak.html")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="puntual-soak-") as folder:
        engines = Engines(Path(folder))
        try:
            engines.start()
            passed = uvloop.run(soak(Path(folder), engines, given.messages, given.out))
        finally:
            engines.stop()
    print(f"{given.out / 'soak.html'}, after {time.monotonic() - started:.0f} s")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
