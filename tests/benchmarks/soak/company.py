"""The processes of a soak: of each role one that lives to the end and one that is killed and replaced."""

from collections import Counter

import psutil

from tests.crash.crew import Crew
from tests.end_to_end.process import ServeProcess
from tests.end_to_end.world import World

SHARED = ("ingest", "dispatch", "relay")
_MORTAL = " (killed at times)"


class Company:
    """Processes by what they are called in the report; the API, which providers call back, is the world's own."""

    def __init__(self, world: World, crew: Crew, *, real_kafka: bool) -> None:
        self._world = world
        self._crew = crew
        self._lasting = SHARED if real_kafka else SHARED[1:]
        self._present: dict[str, str] = {}
        self._births: Counter[str] = Counter()
        self._every: list[ServeProcess] = []
        self.mortal = (*SHARED, "upkeep")

    async def gather(self) -> None:
        """Start every process."""
        self._world.serve = self._world.serve.narrowed("--role", "api")
        await self._world.start()
        for role in self._lasting:
            await self._join(role, "")
        for role in self.mortal:
            await self._join(role, _MORTAL)

    async def replace(self, role: str) -> None:
        """Kill the mortal process of a role, and start another."""
        self._crew.die(self._present[role + _MORTAL])
        await self._join(role, _MORTAL)

    def pids(self) -> dict[str, int]:
        """Living processes by their place in the report."""
        found = {"api": self._world.serve.pid} if self._world.serve.alive else {}
        for label, name in self._present.items():
            process = self._crew.processes.get(name)
            if process is not None and process.alive:
                found[label] = process.pid
        return found

    def must_live(self) -> None:
        """Fail with the end of the log where a process that nobody killed has ended."""
        for process in self._crew.processes.values():
            process.must_live()

    async def retire(self, role: str = "") -> list[str]:
        """Stop the processes of a role gracefully, by default all but the API; gives what went wrong with that."""
        wrong = []
        for name in [each for each in self._crew.processes if each.startswith(role)]:
            code = await self._crew.processes.pop(name).stop()
            if code:
                wrong.append(f"{name} was told to stop and ended with {code}")
        return wrong

    async def leave(self) -> list[str]:
        """Stop all gracefully; gives what went wrong with that."""
        wrong = await self.retire()
        code = await self._world.serve.stop()
        return [*wrong, f"api was told to stop and ended with {code}"] if code else wrong

    def log(self) -> str:
        """What every process wrote, the dead ones too, but for the API's."""
        return "".join(process.log for process in self._every)

    async def _join(self, role: str, note: str) -> None:
        self._births[role] += 1
        name = f"{role}-{self._births[role]}"
        self._present[role + note] = name
        self._every.append(await self._crew.join(name, role))


def memory(pid: int) -> float | None:
    """MiB of a process that are its own, its children's too; None where it ended."""
    try:
        parent = psutil.Process(pid)
        every = [parent, *parent.children(recursive=True)]
        return round(sum(each.memory_full_info().uss for each in every) / 2**20, 1)
    except psutil.Error:
        return None
