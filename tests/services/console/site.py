"""The console as a browser meets it: served on a port of its own, over real parts, with a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from services import accounts
from services.api.app import make_app
from services.clock import FakeClock
from services.console.app import make_console, mount
from services.console.passwords import Passwords
from services.console.visit import Console
from services.http_server import bind, make_server
from services.keys import KeyRole
from services.wiring import Parts
from tests.end_to_end.waiting import eventually
from tests.ports import free_port

PASSWORD = "caballo-bateria-grapa"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True, slots=True)
class Site:
    """A served console; there is a user of every role, named like it."""

    parts: Parts
    console: Console
    url: str
    passwords: Passwords = field(repr=False)

    @property
    def clock(self) -> FakeClock:
        """The clock of everything behind the console."""
        assert isinstance(self.parts.clock, FakeClock)
        return self.parts.clock

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A browser without a screen, which says where its requests come from."""
        return httpx.AsyncClient(base_url=self.url, headers={"origin": self.url, **headers}, timeout=30)

    async def enter(self, client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
        """Send the form of the login."""
        form = {"name": name, "password": password, "zone": "America/Mexico_City"}
        return await client.post("/console/login", data=form)

    @asynccontextmanager
    async def visitor(self, name: str, language: str = "es") -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who is logged in."""
        async with self.client(**{"accept-language": language, "accept": "text/html"}) as client:
            answer = await self.enter(client, name)
            assert answer.status_code == 303, answer.text
            yield client


@asynccontextmanager
async def served(parts: Parts, roles: Sequence[KeyRole] = accounts.CONSOLE_ROLES) -> AsyncIterator[Site]:
    """The console over these parts, on a free port."""
    passwords = Passwords(QUICK)
    console = make_console(parts, passwords=passwords)
    app: FastAPI = make_app([], "0")
    mount(app, console)
    async with parts.database.transaction() as connection:
        for role in roles:
            await accounts.create(
                connection,
                name=role.value,
                role=role,
                password_hash=passwords.hash(PASSWORD),
                by="tests",
                now=parts.clock.now(),
            )
    port = free_port()
    server = make_server(app)
    serving = asyncio.create_task(server.serve(sockets=[bind("127.0.0.1", port)]))
    await eventually(lambda: server.started or serving.done(), "the console to be served")
    try:
        yield Site(parts, console, f"http://127.0.0.1:{port}", passwords)
    finally:
        server.should_exit = True
        await serving
