"""`python -m tests.benchmarks`: every figure three times, the median of each beside the raw floor of the same run."""

import argparse
import signal
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import uvloop

from tests.benchmarks import end_to_end, floor, history, receipts, report, small, stages
from tests.benchmarks.grounds import Grounds, grounds
from tests.benchmarks.machine import Measured
from tests.ports import free_port

NAMES = ("decision", "client", "ingest", "dispatch", "relay", "end_to_end", "receipts", "latency")
AGED = {"ingest": stages.ingest, "dispatch": stages.dispatch, "relay": stages.relay}
DEBTORS, QUICK = 20_000, 3_000
WORKERS = 2


class Run:
    """One run over the figures asked for."""

    def __init__(self, on: Grounds, times: int) -> None:
        self._on = on
        self._times = times
        note = None if on.real_kafka else "embedded broker: Java and Maven were not found"
        self._note = note
        # The embedded broker knows one consumer a group, so several processes can't share it.
        self._crews = (1, WORKERS) if on.real_kafka else (1,)
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
                await self._step(name, end_to_end.flow, floor.together)
            case "receipts":
                await self._step(name, receipts.receipts, None)
            case "latency":
                await self._latency()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)

    async def aged(self) -> None:
        """Each step after years beside the same step on a new database, by turns: its rate, and its CPU."""
        for name, measure in AGED.items():
            found: dict[bool, list[Measured]] = {False: [], True: []}
            for _ in range(self._times):
                for self._on.aged, measures in found.items():
                    measures.append(await measure(self._on))
                    told = "aged" if self._on.aged else "new"
                    print(f"{name}, {told}: {measures[-1].per_second:,.0f} a second", flush=True)
            new, old = (statistics.median(each.per_second for each in measures) for measures in found.values())
            self._add(f"{name}_aged", old, "1/s", new, note=history.told(self._on))
            new, old = (statistics.median(sum(each.cpu.values()) for each in measures) for measures in found.values())
            self._add(f"cpu_{name}_aged", old, "us", new)
            self._on.read_whole.clear()

    async def _step(
        self,
        name: str,
        measure: Callable[[Grounds], Awaitable[Measured]],
        raw: Callable[[Grounds, int], Awaitable[float]] | None,
    ) -> None:
        """A step and its floor by turns, so that both meet the same machine; by one process and by several."""
        found: dict[int, list[Measured]] = {workers: [] for workers in self._crews}
        floors = []
        for _ in range(self._times):
            for self._on.workers, measures in found.items():
                measures.append(await measure(self._on))
            if raw is not None:
                floors.append(await raw(self._on, self._on.count))
        self._crewed(name, found, statistics.median(floors) if floors else None)

    def _crewed(self, name: str, found: Mapping[int, Sequence[Measured]], raw: float | None) -> None:
        """The figure of the crew that did best under its name, that of the other beside it."""
        self._on.workers = 1
        rates = {
            workers: statistics.median(each.per_second for each in measures) for workers, measures in found.items()
        }
        best = max(rates, key=rates.__getitem__)
        for workers in sorted(rates, key=lambda each: each != best):
            beside = "" if workers == best else "_one_process" if workers == 1 else f"_{workers}_processes"
            note = f"--workers {workers}" if workers > 1 else None
            self._add(name + beside, rates[workers], "1/s", raw, note=note)
        self._cpu("message" if name == "end_to_end" else name, found[1])
        if name == "end_to_end":
            self._add("memory_python", statistics.median(each.memory for each in found[1]) / 2**20, "MiB")

    async def _client(self) -> None:
        port, count = self._on.provider_port, self._on.count
        pairs = [(await small.client(port, count), await small.client_floor(port, count)) for _ in range(self._times)]
        rate, raw = (statistics.median(column) for column in zip(*pairs, strict=True))
        self._add("twilio_client", rate, "1/s", raw)

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

    def _add(self, name: str, value: float, unit: str, raw: float | None = None, *, note: str | None = None) -> None:
        self.rows.append(report.row(name, value, unit, floor=raw, note=self._note or note))


async def _main(out: Path, names: Sequence[str], *, quick: bool, times: int, past: int) -> None:
    async with grounds(QUICK if quick else DEBTORS) as on:
        run = Run(on, 1 if quick else times)
        if past:
            await history.age(on, past)
            await run.aged()
        for name in names:
            await run.figure(name)
            report.write(out, run.rows)
        report.write(out, run.rows)
    report.show(run.rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where the figures go, as JSON")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="one run of few messages, to see that it works")
    parser.add_argument("--times", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument(
        "--history",
        nargs="?",
        type=int,
        const=history.ROWS,
        default=0,
        metavar="ROWS",
        help=f"instead of the figures: the steps over a database with rows of history ({history.ROWS:,})",
    )
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wanted = [] if given.history else [name for name in NAMES if name in given.only]
    uvloop.run(_main(given.out, wanted, quick=given.quick, times=given.times, past=given.history))
