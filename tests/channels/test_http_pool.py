"""The pool's places: who waits, who is turned away, and what never left."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
import uvloop

from channels.errors import ConnectFailed
from channels.http import HttpPool, Timeouts
from channels.http_connection import Connection
from tests.channels.hostile import HostileServer, Line, answering, ok, server_context

POST = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"
QUICK = Timeouts(connect=0.3, call=0.3)


async def test_a_full_pool_makes_the_next_call_wait_its_turn() -> None:
    async with HostileServer(answering(ok())) as server:
        pool = HttpPool(server.url, size=2)
        replies = await asyncio.gather(*(pool.exchange(POST) for _ in range(20)))
        assert pool.available() == 2
        await pool.close()
    assert len(replies) == 20
    assert server.lines == 2


async def test_no_free_connection_in_time_is_not_sent() -> None:
    async with HostileServer(Line.hung_up) as server:
        pool = HttpPool(server.url, size=1, timeouts=Timeouts(connect=0.05, call=5))
        first = asyncio.create_task(pool.exchange(POST))
        await asyncio.sleep(0)
        assert pool.available() == 0
        with pytest.raises(ConnectFailed, match="no_free_connection"):
            await pool.exchange(POST)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert pool.available() == 1
        await pool.close()


async def test_a_cancelled_wait_hands_its_turn_on() -> None:
    async with HostileServer(answering(ok())) as server:
        pool = HttpPool(server.url, size=1)
        calls = [asyncio.create_task(pool.exchange(POST)) for _ in range(3)]
        await asyncio.sleep(0)
        calls[1].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert pool.available() == 1
        await pool.close()
    assert isinstance(results[1], asyncio.CancelledError)
    assert len(server.requests) == 2


async def test_a_refused_connection_is_not_sent() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        pool = HttpPool(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeouts=QUICK)
        with pytest.raises(ConnectFailed, match="refused"):
            await pool.exchange(POST)
    assert pool.available() == 100


async def test_a_connection_that_is_closing_is_never_written_to() -> None:
    async with HostileServer(Line.hung_up) as server:
        loop = asyncio.get_running_loop()
        port = int(server.url.rpartition(":")[2])
        _, connection = await loop.create_connection(lambda: Connection(loop), "127.0.0.1", port)
        connection.abort()
        for _ in range(2):
            with pytest.raises(ConnectFailed, match="connect_reset"):
                await connection.exchange(POST, deadline=loop.time() + 5)
            await asyncio.sleep(0)
    assert server.requests == []


async def test_a_name_that_does_not_resolve_is_not_sent() -> None:
    pool = HttpPool("http://no-such-host.invalid", timeouts=Timeouts(connect=2, call=2))
    with pytest.raises(ConnectFailed) as failed:
        await pool.exchange(POST)
    assert failed.value.reason in ("dns", "connect_timeout")


async def test_a_handshake_that_never_ends_is_not_sent() -> None:
    async with HostileServer(Line.hung_up) as server:
        pool = HttpPool(server.url.replace("http", "https"), timeouts=QUICK)
        with pytest.raises(ConnectFailed, match="connect_timeout"):
            await pool.exchange(POST)
        await pool.close()
    assert server.requests == []


async def test_a_server_without_tls_or_trust_is_not_sent(tmp_path: Path) -> None:
    context, trusted = server_context(tmp_path)
    async with (
        HostileServer(lambda line: line.say(b"220 plain text\r\n")) as plain,
        HostileServer(answering(ok(b"safe")), tls=context) as secure,
    ):
        with pytest.raises(ConnectFailed, match="tls"):
            await HttpPool(plain.url.replace("http", "https"), timeouts=QUICK).exchange(POST)
        with pytest.raises(ConnectFailed, match="tls"):
            await HttpPool(secure.url).exchange(POST)
        assert secure.requests == []
        pool = HttpPool(secure.url, tls=ssl.create_default_context(cafile=trusted))
        assert (await pool.exchange(POST)).body == b"safe"
        assert (await pool.exchange(POST)).body == b"safe"
        await pool.close()


async def test_a_closed_pool_sends_nothing() -> None:
    pool = HttpPool("http://127.0.0.1:9")
    await pool.close()
    assert pool.available() == 0
    with pytest.raises(ConnectFailed, match="closed"):
        await pool.exchange(POST)


@pytest.mark.parametrize("url", ["ftp://host", "http://", "host:80"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http or https"):
        HttpPool(url)


SCENARIOS = [
    test_a_full_pool_makes_the_next_call_wait_its_turn,
    test_no_free_connection_in_time_is_not_sent,
    test_a_cancelled_wait_hands_its_turn_on,
    test_a_refused_connection_is_not_sent,
    test_a_connection_that_is_closing_is_never_written_to,
    test_a_handshake_that_never_ends_is_not_sent,
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_holds_on_uvloop(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    uvloop.run(scenario())


def test_tls_is_the_same_on_uvloop(tmp_path: Path) -> None:
    uvloop.run(test_a_server_without_tls_or_trust_is_not_sent(tmp_path))
