"""`python -m tests.benchmarks`: every figure three times, the median of each beside the raw floor of the same run."""

import argparse
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop

from tests.benchmarks import end_to_end, floor, receipts, report, small, stages
from tests.benchmarks.grounds import Grounds, grounds
from tests.benchmarks.machine import Measured, free_port

NAMES = ("decision", "client", "ingest", "dispatch", "relay", "end_to_end", "receipts", "latency")
DEBTORS, QUICK = 20_000, 3_000


class Run:
    """One run over the figures asked for."""

    def __init__(self, on: Grounds, times: int) -> None:
        self._on = on
        self._times = times
        note = None if on.real_kafka else "embedded broker: Java and Maven were not found"
        self._note = note
        self.rows: list[report.Row] = []

    async def figure(self, name: str) -> None:
        """Measure one figure and what belongs to it."""
        started = time.monotonic()
        match name:
            case "decision":
                self._add("decision", statistics.median([small.decision(5_000) for _ in range(self._times)]), "us")
            case "client":
                await self._client()
            case "ingest":
                await self._step(name, stages.ingest, floor.ingest)
            case "dispatch":
                await self._step(name, stages.dispatch, floor.dispatch)
            case "relay":
                await self._step(name, stages.relay, floor.relay)
            case "end_to_end":
                await self._end_to_end()
            case "receipts":
                await self._step(name, receipts.receipts, None)
            case "latency":
                await self._latency()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)

    async def _step(
        self,
        name: str,
        measure: Callable[[Grounds], Awaitable[Measured]],
        raw: Callable[[Grounds, int], Awaitable[float]] | None,
    ) -> None:
        """A step and its floor by turns, so that both meet the same machine."""
        found, floors = [], []
        for _ in range(self._times):
            found.append(await measure(self._on))
            if raw is not None:
                floors.append(await raw(self._on, self._on.count))
        rate = statistics.median(each.per_second for each in found)
        self._add(name, rate, "1/s", statistics.median(floors) if floors else None)
        self._cpu(name, found)

    async def _client(self) -> None:
        port, count = self._on.provider_port, self._on.count
        pairs = [(await small.client(port, count), await small.client_floor(port, count)) for _ in range(self._times)]
        rate, raw = (statistics.median(column) for column in zip(*pairs, strict=True))
        self._add("twilio_client", rate, "1/s", raw)

    async def _end_to_end(self) -> None:
        found, floors, memory = [], [], 0
        for _ in range(self._times):
            measured, memory = await end_to_end.flow(self._on)
            found.append(measured)
            floors.append(await floor.together(self._on, self._on.count))
        rate = statistics.median(each.per_second for each in found)
        self._add("end_to_end", rate, "1/s", statistics.median(floors))
        self._cpu("message", found)
        self._add("memory_python", memory / 2**20, "MiB")

    async def _latency(self) -> None:
        samples = 100 if self._times > 1 else 20
        sorted_ms = await end_to_end.latency(self._on, free_port(), samples)
        self._add("event_to_call_p50", sorted_ms[len(sorted_ms) // 2], "ms")
        self._add("event_to_call_p99", sorted_ms[int(len(sorted_ms) * 0.99)], "ms")

    def _cpu(self, name: str, found: Sequence[Measured]) -> None:
        """CPU for one by process, and over all."""
        parts = {part: statistics.median(each.cpu[part] for each in found) for part in found[0].cpu}
        for part, used in parts.items():
            self._add(f"cpu_{name}_{part}", used, "us")
        self._add(f"cpu_{name}", sum(parts.values()), "us")

    def _add(self, name: str, value: float, unit: str, raw: float | None = None) -> None:
        self.rows.append(report.row(name, value, unit, floor=raw, note=self._note))


async def _main(out: Path, names: Sequence[str], *, quick: bool) -> None:
    async with grounds(QUICK if quick else DEBTORS) as on:
        run = Run(on, 1 if quick else 3)
        for name in names:
            await run.figure(name)
            report.write(out, run.rows)
    report.show(run.rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where the figures go, as JSON")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="one run of few messages, to see that it works")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    wanted = [name for name in NAMES if name in given.only]
    uvloop.run(_main(given.out, wanted, quick=given.quick))
