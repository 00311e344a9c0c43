"""The database: one pool, one place that commits, and patience with a server that is away."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import asyncpg
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from services import telemetry

log = structlog.get_logger(__name__)

Connection = asyncpg.Connection
T = TypeVar("T")

UNAVAILABLE: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a session whose server was killed in the middle of a statement
    OSError,
    TimeoutError,
)
CONFLICTED: tuple[type[BaseException], ...] = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)


# Statements are prepared once a session. Planned while a table was still empty they would read it whole ever after,
# until the server analyses it: minutes in which a first portfolio is loaded five times slower. Every statement of the
# hot path has its index. Nothing is worth compiling; but before PostgreSQL 18 a statement that can't but read a table
# whole looks so dear that it would be compiled each time, the driver's own look-ups of types among them.
_SESSION = {"timezone": "UTC", "enable_seqscan": "off", "jit": "off"}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Database:
    """A pool of connections to one PostgreSQL."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, dsn: str, *, size: int = 10) -> "Database":
        """Open the pool; raises what the driver raises where the server can't be reached."""
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            command_timeout=60,
            server_settings=_SESSION,
            init=_prepare,
            reset=_as_it_is,
        )
        return cls(pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """The only commit of the product: everything inside happens, or nothing does."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        """A connection for statements that only read."""
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def owning(self) -> AsyncIterator[Any]:
        """A session of its own, for locks that last as long as it does; raises UNAVAILABLE where it is lost."""
        async with self._pool.acquire() as connection:
            try:
                yield connection
            finally:
                await connection.close()

    async def insist(self, work: Callable[[Any], Awaitable[T]], *, what: str) -> T:
        """Run `work` in a transaction, again and again while the server is away or a lock is lost.

        For work that may be repeated whole; anything else that goes wrong surfaces at once.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(UNAVAILABLE + CONFLICTED),
            wait=wait_exponential_jitter(multiplier=0.05, max=5.0, jitter=0.2),
            before_sleep=_say(what),
        ):
            with attempt, telemetry.TRANSACTION_SECONDS.labels(what).time():
                async with self.transaction() as connection:
                    return await work(connection)
        raise AssertionError("tenacity gave up without being told to")

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def _prepare(connection: Any) -> None:
    """Read and write instants by our own hand: many rows share theirs, and the driver's way takes thrice the time."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=_microseconds, decoder=_instant, format="tuple"
    )


@lru_cache(maxsize=4096)
def _microseconds(instant: datetime) -> tuple[int]:
    return ((instant - _EPOCH) // _MICROSECOND,)


@lru_cache(maxsize=4096)
def _instant(microseconds: tuple[int]) -> datetime:
    return _EPOCH + timedelta(0, 0, microseconds[0])


async def _as_it_is(_connection: Any) -> None:
    """A session goes back to the pool as it is: nothing that outlives a transaction is set but by `owning`."""


def _say(what: str) -> Callable[[RetryCallState], None]:
    def say(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.warning("database_unavailable", what=what, attempt=state.attempt_number, error=type(error).__name__)

    return say
