"""`puntual serve --workers`: they share the work, stop together, and none is left when one or their parent dies."""

import asyncio
import signal

import psutil
import pytest

from tests.crash.crew import report, sampled, steady
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.waiting import eventually
from tests.end_to_end.world import World
from tests.real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(400)]

WORKERS = 3


def workers(world: World) -> list[psutil.Process]:
    """The processes of the workers, the first first."""
    return sorted(psutil.Process(world.serve.pid).children(), key=lambda each: each.create_time())


def alive(process: psutil.Process) -> bool:
    """Whether it runs; one that nobody has buried yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_workers_share_the_work_and_end_together(make_world: MakeWorld, own_kafka: RealKafka) -> None:
    async with make_world(bootstrap=own_kafka.bootstrap) as world:
        world.serve = world.serve.sibling("crew", "--workers", str(WORKERS))
        await world.start()
        ended, told = asyncio.Event(), list[str]()
        load = asyncio.create_task(steady(world, told, ended, a_second=60, at_once=20))
        await world.until(
            lambda: len(world.handed) > 600, lambda: f"600 hand-overs, {len(world.handed)} now", within=120
        )
        ended.set()
        await load
        await world.rest(within=90)
        busy = [each.cpu_times().user for each in workers(world)]
        report("workers", debtors=len(told), handed=len(world.handed), cpu_seconds=[round(each) for each in busy])
        assert len(busy) == WORKERS
        assert len(world.handed) == len(told)
        sampled(world)
        await prove(world)
        processes = workers(world)
        assert await world.serve.stop() == 0
        assert not any(map(alive, processes))


@pytest.mark.parametrize("dies", ["a worker", "the parent"])
async def test_no_worker_is_left_alone(make_world: MakeWorld, own_kafka: RealKafka, dies: str) -> None:
    async with make_world(bootstrap=own_kafka.bootstrap) as world:
        world.serve = world.serve.sibling("crew", "--workers", "2")
        await world.start()
        processes = workers(world)
        if dies == "a worker":
            processes[1].send_signal(signal.SIGKILL)
            assert await world.serve.died() == 1
            assert "worker 2 ended by itself, so all were stopped" in world.serve.log
        else:
            world.serve.kill()
        await eventually(lambda: not any(map(alive, processes)), "the workers to end", within=60)


async def test_workers_need_a_kafka_that_outlives_them(make_world: MakeWorld) -> None:
    async with make_world(kafka_bootstrap_servers="") as world:
        world.serve = world.serve.sibling("crew", "--workers", "2")
        world.spawn()
        assert await world.serve.died() == 1
        assert "set PUNTUAL_KAFKA_BOOTSTRAP_SERVERS" in world.serve.log
        assert "Traceback" not in world.serve.log
