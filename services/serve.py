"""`puntual serve`: starts the roles of this process, tells when they are ready, and drains them when told to stop."""

import asyncio
import importlib
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from services import migrations, wiring
from services.api.app import make_app
from services.api.health import health_router
from services.api.routers import public_routers
from services.burial import APP_VERSION
from services.clock import Clock, clock_from
from services.database import UNAVAILABLE, Database
from services.embedded.kafka import EmbeddedBroker, announced
from services.embedded.postgres import EmbeddedPostgres
from services.failpoints import armed
from services.fineract_client import FineractClient
from services.fineract_details import FineractDetails
from services.garbage import collect_rarely
from services.http_server import bind, make_server
from services.kafka_clients import make_consumer, make_producer
from services.kafka_options import librdkafka_options
from services.reload import activate_current, reloading
from services.settings import Settings
from services.starting import insist, started
from services.topics import prepare_topics, topics_of_others, wanted_topics
from services.wiring import Parts

log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 25


class Role(StrEnum):
    """What a process may do; all in one by default."""

    API = "api"
    INGEST = "ingest"
    DISPATCH = "dispatch"
    RELAY = "relay"
    UPKEEP = "upkeep"
    CONSOLE = "console"


class ServeProblem(Exception):
    """Why this process can't start; says what to do."""


async def serve(settings: Settings, roles: Sequence[Role], shared: socket.socket | None = None) -> None:
    """Run roles until SIGTERM or SIGINT, then drain; raises ServeProblem where it can't start.

    `shared` is a listening socket that several processes answer at, each at its own port too where that is another.
    """
    stopping, reload = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    clock = clock_from(settings)
    async with running(settings, roles, stopping, clock=clock, reload=reload, shared=shared) as process:
        await process.work


@dataclass(frozen=True, slots=True)
class Running:
    """A started process: awaiting `work` runs it until it is told to stop and has drained."""

    work: Coroutine[Any, Any, None]
    ready: asyncio.Event
    bootstrap: str
    parts: Parts


@asynccontextmanager
async def running(
    settings: Settings,
    roles: Sequence[Role],
    stopping: asyncio.Event,
    *,
    clock: Clock,
    reload: asyncio.Event | None = None,
    shared: socket.socket | None = None,
) -> AsyncIterator[Running]:
    """Schema, topics and parts made ready; the roles start when `work` is awaited. `reload` asks for the folder."""
    if settings.production and armed():
        raise ServeProblem("PUNTUAL_FAILPOINT is for tests; unset it in production")
    async with AsyncExitStack() as stack:
        dsn, bootstrap = await _grounds(settings, stack)
        await prepare(settings, dsn, bootstrap)
        database = await insist(lambda: Database.connect(dsn, size=settings.database_pool))
        parts = wiring.assemble(settings, clock=clock, database=database, bootstrap=bootstrap)
        stack.push_async_callback(parts.close)
        await activate_current(parts)
        await stack.enter_async_context(reloading(parts, reload or asyncio.Event()))
        collect_rarely()
        process = _Process(parts, roles, stopping, shared)
        yield Running(process.run(stack), process.ready, bootstrap, parts)


class _Process:
    """The roles of this process and what they wait for."""

    def __init__(
        self, parts: Parts, roles: Sequence[Role], stopping: asyncio.Event, shared: socket.socket | None
    ) -> None:
        self._parts = parts
        self._shared = shared
        self._roles = set(roles)
        self._stopping = stopping
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._missing: dict[str, str] = {role.value: "starting" for role in self._roles}
        self.ready = asyncio.Event()

    async def run(self, stack: AsyncExitStack) -> None:
        """Start HTTP first, so that health can be asked, then the rest; stop in reverse."""
        commits_done = asyncio.Event()
        server = self._start_http(commits_done)
        try:
            if await self._started(stack):
                self._missing.clear()
                self.ready.set()
                log.info("ready", roles=sorted(self._roles), public_url=self._parts.settings.public_url)
                await self._watch()
        finally:
            self._stopping.set()
            await self._drain(server, commits_done)

    async def _started(self, stack: AsyncExitStack) -> bool:
        """Start the loops, unless told to stop before they are up."""
        starting = asyncio.ensure_future(self._start_loops(stack))
        stop = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not starting.done():
            starting.cancel()
            return False
        await starting
        return True

    def _start_http(self, commits_done: asyncio.Event) -> uvicorn.Server | None:
        """Health and metrics in every process, the API and callbacks where that role is ours."""
        sockets = self._sockets()
        if not sockets:
            return None
        if Role.API in self._roles:
            self._tasks["receipts"] = asyncio.create_task(self._parts.receipts.run(commits_done))
        server = make_server(self.app())
        self._tasks["http"] = asyncio.create_task(server.serve(sockets=sockets))
        return server

    def _sockets(self) -> list[socket.socket]:
        """What listens for this process: what it was given, and the address of its settings where that is another.

        Several processes of one machine share a port by default: those without the API then do without HTTP.
        """
        given = [] if self._shared is None else [self._shared]
        if any(each.getsockname()[1] == self._parts.settings.http_port for each in given):
            return given
        try:
            return [*given, listen(self._parts.settings)]
        except ServeProblem as problem:
            if not given and self._roles & {Role.API, Role.CONSOLE}:
                raise
            log.warning("no_health_address", reason=str(problem))
            return given

    def app(self) -> FastAPI:
        """The HTTP application of this process; the console's part is imported where it is served."""
        routers = public_routers(self._parts) if Role.API in self._roles else []
        https = self._parts.settings.public_url.startswith("https:")
        app = make_app([health_router(self._readiness), *routers], APP_VERSION, https=https)
        if Role.CONSOLE in self._roles:
            importlib.import_module("services.console.app").serve_under(app, self._parts)
        return app

    async def _start_loops(self, stack: AsyncExitStack) -> None:
        parts, stopping = self._parts, self._stopping
        if self._roles & {Role.INGEST, Role.RELAY}:
            producer = await started(lambda: make_producer(parts.settings, parts.bootstrap))
            stack.push_async_callback(producer.stop)
        if Role.INGEST in self._roles:
            topics = wiring.readers(parts)
            consumer = await started(lambda: make_consumer(parts.settings, parts.bootstrap, topics))
            stack.push_async_callback(consumer.stop)
            details = await self._details(stack)
            self._loop(Role.INGEST, wiring.make_ingest(parts, consumer, producer, details).run(stopping))
        if Role.RELAY in self._roles:
            self._loop(Role.RELAY, wiring.make_relay(parts, producer).run(stopping))
        if self._roles & {Role.API, Role.DISPATCH}:
            fleet = wiring.make_fleet(parts, sends=Role.DISPATCH in self._roles)
            await fleet.turn()
            self._tasks["fleet"] = asyncio.create_task(fleet.run(stopping), name="fleet")
        if Role.DISPATCH in self._roles:
            self._loop(Role.DISPATCH, wiring.make_dispatch(parts).run(stopping))
        if Role.UPKEEP in self._roles:
            self._loop(Role.UPKEEP, wiring.make_upkeep(parts).run(stopping))

    async def _details(self, stack: AsyncExitStack) -> FineractDetails | None:
        """What asks Fineract, where it may be asked; a part of ingest."""
        if not self._parts.settings.fineract_url:
            return None
        client = await stack.enter_async_context(FineractClient(self._parts.settings, self._parts.clock))
        details = wiring.make_details(self._parts, client)
        self._tasks["details"] = asyncio.create_task(details.run(self._stopping), name="details")
        return details

    def _loop(self, role: Role, work: Any) -> None:
        self._tasks[role.value] = asyncio.create_task(work, name=role.value)

    async def _watch(self) -> None:
        """Wait for the word to stop; a role that ends by itself takes the process down with its error."""
        stop = asyncio.create_task(self._stopping.wait())
        done, _ = await asyncio.wait({stop, *self._tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        for task in done - {stop}:
            if task.exception() is not None:
                log.error("role_failed", role=task.get_name())
                await task

    async def _drain(self, server: uvicorn.Server | None, commits_done: asyncio.Event) -> None:
        """Finish what is under way: loops first, then HTTP, then the last group of receipts."""
        loops = [task for name, task in self._tasks.items() if name not in ("http", "receipts")]
        if loops:
            await asyncio.wait(loops, timeout=_DRAIN_SECONDS)
        if server is not None:
            server.should_exit = True
            await asyncio.wait([self._tasks["http"]], timeout=_DRAIN_SECONDS)
        commits_done.set()
        for task in self._tasks.values():
            if not task.done():
                task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        log.info("stopped")

    async def _readiness(self) -> dict[str, str]:
        if self._missing:
            return dict(self._missing)
        failed = {name: "ended" for name, task in self._tasks.items() if task.done()}
        try:
            async with self._parts.database.reading() as connection:
                await connection.fetchval("select 1", timeout=2)
        except UNAVAILABLE as error:
            failed["database"] = type(error).__name__
        return failed


async def _grounds(settings: Settings, stack: AsyncExitStack) -> tuple[str, str]:
    """Addresses of PostgreSQL and Kafka, embedded ones started where none are configured."""
    dsn, bootstrap = settings.database_url, settings.kafka_bootstrap_servers
    if dsn is None:
        postgres = EmbeddedPostgres(settings.data_dir)
        dsn = await asyncio.to_thread(postgres.start)
        stack.callback(postgres.stop)
    if bootstrap is None:
        broker = EmbeddedBroker()
        bootstrap = await asyncio.to_thread(broker.start)
        stack.callback(broker.stop)
        broker.ensure_topics([*(topic.name for topic in wanted_topics(settings)), *topics_of_others(settings)])
        stack.enter_context(announced(settings.data_dir, bootstrap))
    return dsn, bootstrap


def listen(settings: Settings) -> socket.socket:
    """A socket that listens at the address of the settings; raises ServeProblem where that can't be."""
    try:
        return bind(settings.http_host, settings.http_port)
    except OSError as error:
        where = f"{settings.http_host}:{settings.http_port}"
        raise ServeProblem(f"can't listen on {where} ({error.strerror}): set PUNTUAL_HTTP_PORT") from None


async def prepare(settings: Settings, dsn: str, bootstrap: str) -> None:
    """Secrets, schema and topics as the roles need them: made in development, demanded in production."""
    settings.signing_secret()
    settings.deployment_keys()
    await _prepare_schema(settings, dsn)
    await asyncio.to_thread(prepare_topics, settings, librdkafka_options(settings, bootstrap))


async def _prepare_schema(settings: Settings, dsn: str) -> None:
    if not settings.production:
        await insist(lambda: migrations.upgrade(dsn))
        return
    found = await insist(lambda: migrations.current(dsn))
    if found != migrations.head():
        raise ServeProblem(
            f"the database schema is at {found or 'nothing'}, this version needs {migrations.head()}: "
            "run `puntual migrate`"
        )
