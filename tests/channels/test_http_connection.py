"""A reply means the same however the network cuts it, and however it is cut short it is never a whole one."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import AnswerLost
from channels.http_connection import Connection, Reply

REPLIES = [
    b"HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\nX: a\r\nContent-Length: 5\r\n\r\nhello",
]


class Wire(asyncio.Transport):
    """A transport without a network: remembers what was written, and that it was cut."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.cut = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.cut

    def abort(self) -> None:
        self.cut = True


async def exchanged(*pieces: bytes) -> Reply:
    """What a request comes to when these pieces arrive, and then the end."""
    loop = asyncio.get_running_loop()
    connection, wire = Connection(loop), Wire()
    connection.connection_made(wire)
    call = asyncio.create_task(connection.exchange(b"POST", deadline=loop.time() + 60))
    await asyncio.sleep(0)
    for piece in pieces:
        connection.data_received(piece)
    quiet = connection.is_quiet()
    connection.connection_lost(None)
    reply = await call
    assert wire.written == [b"POST"]
    assert quiet
    return reply


@given(st.sampled_from(REPLIES), st.sets(st.integers(1, 200)))
def test_a_reply_is_the_same_in_any_pieces(raw: bytes, cuts: set[int]) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(raw)), len(raw)]
    pieces = [raw[start:end] for start, end in itertools.pairwise(edges)]
    reply = asyncio.run(exchanged(*pieces))
    assert reply.body == b"hello"


@pytest.mark.parametrize("raw", REPLIES)
def test_a_reply_cut_short_anywhere_is_a_lost_answer(raw: bytes) -> None:
    for end in range(len(raw)):
        with pytest.raises(AnswerLost):
            asyncio.run(exchanged(raw[:end]))


@given(st.binary(max_size=200))
def test_noise_is_a_lost_answer(noise: bytes) -> None:
    with pytest.raises(AnswerLost):
        asyncio.run(exchanged(b"\x00" + noise))
