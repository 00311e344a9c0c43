"""The pool against servers that are slow, rude, broken or gone."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from functools import partial

import pytest
import uvloop

from channels.errors import AnswerLost
from channels.http import HttpPool, Timeouts
from tests.channels.hostile import HostileServer, Line, answering, ok

POST = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"
QUICK = Timeouts(connect=0.3, call=0.3)


async def test_a_reply_is_read_and_its_connection_used_again() -> None:
    async with HostileServer(answering(ok(b"one", b"X-Two: 2"), ok(b"two"))) as server:
        pool = HttpPool(server.url)
        first = await pool.exchange(POST)
        second = await pool.exchange(POST)
        await pool.close()
    assert (first.status, first.body, first.headers["x-two"]) == (200, b"one", "2")
    assert second.body == b"two"
    assert server.lines == 1


async def test_chunked_replies_in_many_pieces_are_put_together() -> None:
    async def script(line: Line) -> None:
        await line.request()
        for piece in (b"HTTP/1.1 201 Cre", b"ated\r\nTransfer-Enc", b"oding: chunked\r\n\r\n3\r", b"\nabc\r\n"):
            await line.say(piece)
            await asyncio.sleep(0)
        await line.say(b"2\r\nde\r\n0\r\n\r\n")
        await line.hung_up()

    async with HostileServer(script) as server:
        pool = HttpPool(server.url)
        reply = await pool.exchange(POST)
        await pool.close()
    assert (reply.status, reply.body) == (201, b"abcde")


async def test_an_interim_reply_is_not_the_answer() -> None:
    async with HostileServer(answering(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok(b"real"))) as server:
        pool = HttpPool(server.url)
        reply = await pool.exchange(POST)
        await pool.close()
    assert (reply.status, reply.body) == (200, b"real")


LOST = [
    (b"", "disconnected", None),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "disconnected", None),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "disconnected", None),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "disconnected", None),
    (b"SSH-2.0-OpenSSH\r\n", "no_answer", "unreadable_reply"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "no_answer", "unreadable_reply"),
    (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nab",
        "no_answer",
        "unreadable_reply",
    ),
    (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "no_answer", "reply_without_length"),
    (
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1 + b"".join(b"X-%d: y\r\n" % n for n in range(300)) + b"\r\n",
        "no_answer",
        "oversized_reply",
    ),
    (
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"z" * (5 * 1024 * 1024),
        "no_answer",
        "oversized_reply",
    ),
]


@pytest.mark.parametrize(("raw", "reason", "code"), LOST)
async def test_anything_but_a_whole_reply_is_a_lost_answer(raw: bytes, reason: str, code: str | None) -> None:
    async with HostileServer(answering(raw, then_close=True)) as server:
        pool = HttpPool(server.url, size=1)
        with pytest.raises(AnswerLost) as lost:
            await pool.exchange(POST)
        assert pool.available() == 1
        await pool.close()
    assert (lost.value.reason, lost.value.code) == (reason, code)
    assert len(server.requests) == 1


async def test_a_reply_that_stays_out_is_a_lost_answer_after_the_call_timeout() -> None:
    async with HostileServer(Line.hung_up) as server:
        pool = HttpPool(server.url, size=1, timeouts=QUICK)
        with pytest.raises(AnswerLost, match="no_answer"):
            await pool.exchange(POST)
        assert pool.available() == 1
        await pool.close()


async def test_drops_of_a_reply_do_not_put_the_timeout_off() -> None:
    async def script(line: Line) -> None:
        await line.request()
        await line.say(b"HTTP/1.1 200 O")
        while not line.writer.is_closing():
            await line.say(b"K")
            await asyncio.sleep(0.02)

    async with HostileServer(script) as server:
        pool = HttpPool(server.url, timeouts=QUICK)
        with pytest.raises(AnswerLost, match="no_answer"):
            await pool.exchange(POST)
        await pool.close()


async def test_a_connection_closed_while_idle_is_not_written_to() -> None:
    closed = asyncio.Event()

    async def script(line: Line) -> None:
        await line.request()
        await line.say(ok())
        line.writer.close()
        await line.writer.wait_closed()
        closed.set()

    async with HostileServer(script) as server:
        pool = HttpPool(server.url)
        await pool.exchange(POST)
        await closed.wait()
        assert (await pool.exchange(POST)).status == 200
        await pool.close()
    assert len(server.requests) == 2
    assert server.lines == 2


async def test_a_close_not_yet_seen_by_the_loop_is_noticed_before_reuse() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    pool = HttpPool(f"http://127.0.0.1:{listener.getsockname()[1]}")
    task = asyncio.create_task(pool.exchange(POST))
    peer = await asyncio.to_thread(lambda: listener.accept()[0])
    await asyncio.to_thread(peer.recv, 4096)
    peer.sendall(ok())
    await task
    peer.close()
    task = asyncio.create_task(pool.exchange(POST))
    second = await asyncio.to_thread(lambda: listener.accept()[0])
    request = await asyncio.to_thread(second.recv, 4096)
    second.sendall(ok(b"second"))
    assert (await task).body == b"second"
    assert request == POST
    await pool.close()
    second.close()
    listener.close()


async def test_a_connection_that_dies_under_a_second_request_is_not_tried_again() -> None:
    async def script(line: Line) -> None:
        await line.request()
        await line.say(ok())
        await line.request()

    async with HostileServer(script) as server:
        pool = HttpPool(server.url)
        await pool.exchange(POST)
        with pytest.raises(AnswerLost, match="disconnected"):
            await pool.exchange(POST)
        await pool.close()
    assert len(server.requests) == 2
    assert server.lines == 1


BEHIND = [
    ok(b"fine") + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen",
    ok(b"fine") + b"HTTP/1.1 200 OK\r\nConte",
    ok(b"fine") + b"garbage",
    ok(b"fine", b"Connection: close"),
    b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nfine",
]


@pytest.mark.parametrize("raw", BEHIND)
async def test_a_connection_with_anything_behind_its_reply_is_not_used_again(raw: bytes) -> None:
    async with HostileServer(answering(raw)) as server:
        pool = HttpPool(server.url)
        assert (await pool.exchange(POST)).body == b"fine"
        assert (await pool.exchange(POST)).body == b"fine"
        await pool.close()
    assert server.lines == 2


async def test_a_cancelled_call_frees_its_place_and_leaves_no_reply_behind() -> None:
    asked = asyncio.Event()

    async def script(line: Line) -> None:
        if server.lines > 1:
            await answering(ok(b"second"))(line)
        await line.request()
        asked.set()
        await line.hung_up()

    async with HostileServer(script) as server:
        pool = HttpPool(server.url, size=1)
        call = asyncio.create_task(pool.exchange(POST))
        await asked.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert pool.available() == 1
        assert (await pool.exchange(POST)).body == b"second"
        await pool.close()


SCENARIOS = [
    *(partial(test_anything_but_a_whole_reply_is_a_lost_answer, *case) for case in LOST),
    *(partial(test_a_connection_with_anything_behind_its_reply_is_not_used_again, raw) for raw in BEHIND),
    test_a_reply_is_read_and_its_connection_used_again,
    test_chunked_replies_in_many_pieces_are_put_together,
    test_an_interim_reply_is_not_the_answer,
    test_a_reply_that_stays_out_is_a_lost_answer_after_the_call_timeout,
    test_a_connection_closed_while_idle_is_not_written_to,
    test_a_close_not_yet_seen_by_the_loop_is_noticed_before_reuse,
    test_a_connection_that_dies_under_a_second_request_is_not_tried_again,
    test_a_cancelled_call_frees_its_place_and_leaves_no_reply_behind,
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_holds_on_uvloop(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    uvloop.run(scenario())
