"""What must be true when a soak is over: the invariants, everybody contacted once, memory where it was."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median

from tests.benchmarks.soak.company import Company
from tests.benchmarks.soak.load import Load
from tests.benchmarks.soak.samples import Sample
from tests.crash.crew import disorder
from tests.crash.scene import CONTACTED
from tests.end_to_end.waiting import eventually
from tests.end_to_end.world import AT_REST, World
from tests.invariants import gather, judged

RESTS_WITHIN = 900.0
MOST_GROWTH = 60.0
"""MiB by which a process that lives to the end may grow between the second quarter and the last."""
_LONGEST_WAIT = timedelta(hours=1)
_LATE_CLOCKS = timedelta(seconds=20)
"""By which the rehearsed clock of a process may be behind: the time that it took to start."""
_SECRETS = 50_000
"""How many are looked for, drawn evenly, in everything that got out."""
_FEWEST_SAMPLES = 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """Violations by what must hold, and what there is to count."""

    checks: dict[str, list[str]]
    counts: dict[str, int]

    @property
    def passed(self) -> bool:
        """Whether everything holds."""
        return not any(self.checks.values())


async def rest(world: World, load: Load, samples: Sequence[Sample]) -> None:
    """Wait until nothing is left to do: everything taken in, sent, settled and published, everybody heard.

    What a provider put off is waited for too.
    """
    await asyncio.wait_for(world.provider.settled(), RESTS_WITHIN)

    async def resting() -> bool:
        (row,) = await world.rows(AT_REST, world.clock.now() + _LONGEST_WAIT)
        await asyncio.sleep(1)
        return bool(row[0]) and samples[-1].lag == 0 and load.unheard == 0

    def told() -> str:
        return f"rest; the last sample is {samples[-1]}, {load.unheard} were not heard"

    await eventually(resting, told, within=RESTS_WITHIN)
    await asyncio.to_thread(world.topics.catch_up, RESTS_WITHIN)


async def judge(world: World, company: Company, load: Load, samples: Sequence[Sample]) -> Verdict:
    """Read everything that was written, published and handed over, and judge it."""
    world.secrets = world.secrets[:: 1 + len(world.secrets) // _SECRETS]
    # Look-ups of unknowns would go on while the evidence is read, and events tell what the ledger did not say yet.
    stopped = await company.retire("upkeep")
    await rest(world, load, samples)
    evidence = await gather(world)
    stops = [{**stop, "at": stop["at"] + _LATE_CLOCKS} for stop in evidence.stops]
    checks = judged(replace(evidence, seen=evidence.seen + company.log(), stops=stops))
    outcomes = {row["debtor_ref"]: row["outcome"] for row in evidence.messages.values()}
    checks["everyone once"] = _everyone_once(world, load, outcomes)
    checks["order kept"] = disorder(world)
    checks["stops kept"] = await _stops_kept(world, load)
    checks["memory flat"] = _grown(samples)
    checks["stopped well"] = [*stopped, *await company.leave()]
    states = Counter(f"message: {outcome}" for outcome in outcomes.values())
    states.update(f"attempt: {attempt['state']}" for attempt in evidence.attempts.values())
    return Verdict(checks, {**dict(sorted(states.items())), "events published": len(evidence.events)})


def _everyone_once(world: World, load: Load, outcomes: Mapping[str, str]) -> list[str]:
    taken = Counter(message.to for message in world.handed)
    wrong = [
        f"{debtor.ref} was contacted {taken[debtor.phone]} times" for debtor in load.told if taken[debtor.phone] > 1
    ]
    for debtor in load.told:
        outcome = outcomes.get(debtor.ref)
        if outcome not in CONTACTED and not (outcome in (None, "cancelled") and debtor.ref in load.paid):
            wrong.append(f"{debtor.ref} is {outcome}")
    return wrong


async def _stops_kept(world: World, load: Load) -> list[str]:
    rows = await world.rows("select debtor_ref from suppression where kind = 'suppress'")
    return [f"the stop of {ref} was answered and is not kept" for ref in load.left - {row[0] for row in rows}]


def _grown(samples: Sequence[Sample]) -> list[str]:
    """Where a run is long enough to tell: processes that are never killed stay as large as they were."""
    quarter = len(samples) // 4
    if len(samples) < _FEWEST_SAMPLES:
        return []
    wrong = []
    for name in samples[-1].memory:
        early, late = (_typical(name, part) for part in (samples[quarter : 2 * quarter], samples[-quarter:]))
        lasting = "killed" not in name and name not in ("postgres", "kafka", "api")
        if lasting and early is not None and late is not None and late - early > MOST_GROWTH:
            wrong.append(f"{name} grew from {early:.0f} to {late:.0f} MiB")
    return wrong


def _typical(name: str, samples: Sequence[Sample]) -> float | None:
    found = [each for sample in samples if (each := sample.memory.get(name)) is not None]
    return median(found) if found else None
