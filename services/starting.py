"""Patience at the start: the neighbours of a process may be starting too."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from services.database import UNAVAILABLE

_START_SECONDS = 60
T = TypeVar("T")


class Client(Protocol):
    """A Kafka client."""

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Let go of what is connected."""


C = TypeVar("C", bound=Client)


async def insist(start: Callable[[], Awaitable[T]]) -> T:
    """Try for a minute, while PostgreSQL or Kafka can't be reached."""
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type((*UNAVAILABLE, KafkaError)),
        wait=wait_exponential_jitter(multiplier=0.2, max=3),
        stop=stop_after_delay(_START_SECONDS),
        reraise=True,
    ):
        with attempt:
            return await start()
    raise AssertionError("tenacity gave up without being told to")


async def started(make: Callable[[], C]) -> C:
    """A client that is connected, made anew for each try: one that failed to start can't be started again."""

    async def start() -> C:
        client = make()
        try:
            await client.start()
        except BaseException:
            await client.stop()
            raise
        return client

    return await insist(start)
