"""A neighbour between `puntual serve` and its PostgreSQL: passes everything on, or slowly, or refuses, or cuts."""

import asyncio
from urllib.parse import parse_qs, urlsplit

_CHUNK = 65536


class Proxy:
    """Listens on 127.0.0.1 for the server behind `dsn`; `delay` holds each answer back, in seconds."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0
        self.delay = 0.0

    async def __aenter__(self) -> "Proxy":
        await self.answer()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.refuse()

    @property
    def dsn(self) -> str:
        """The address to use instead."""
        parts = urlsplit(self._dsn)
        return f"postgresql://{parts.username or 'postgres'}@127.0.0.1:{self._port}{parts.path}"

    async def answer(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Take none, and cut those there are."""
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Cut every connection in the middle of whatever it carries."""
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        folder = parse_qs(urlsplit(self._dsn).query)["host"][0]
        there_reader, there = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        self._open |= {writer, there}
        try:
            await asyncio.gather(self._pass(reader, there, 0.0), self._pass(there_reader, writer, None))
        finally:
            for each in (writer, there):
                self._open.discard(each)
                each.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float | None) -> None:
        try:
            while chunk := await reader.read(_CHUNK):
                await asyncio.sleep(self.delay if delay is None else delay)
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort()
