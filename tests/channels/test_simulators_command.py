"""`puntual simulators` on the command line."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from channels.http import HttpPool

RUN = [sys.executable, "-c", "from services.cli.simulators import app; app()"]


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "TWILIO_AUTH_TOKEN": "x", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
async def test_it_prints_where_they_are_and_ends_when_told(end: signal.Signals) -> None:
    with running("--twilio-port", "0", "--smtp-port", "0") as process:
        assert process.stdout is not None
        twilio, smtp = process.stdout.readline().split(), process.stdout.readline().split()
        assert (twilio[0], smtp[0]) == ("twilio", "smtp")
        pool = HttpPool(twilio[1])
        reply = await pool.exchange(b"GET /_sim/messages HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (reply.status, reply.body) == (200, b"[]")
        host, _, port = smtp[1].partition(":")
        with socket.create_connection((host, int(port))) as line:
            assert line.recv(4) == b"220 "
        await pool.close()
        process.send_signal(end)
        assert process.wait(10) == 0


def test_a_port_that_is_taken_is_told_without_a_traceback() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        running("--twilio-port", str(taken.getsockname()[1]), "--smtp-port", "0") as process,
    ):
        _, error = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "--twilio-port" in error
    assert "Traceback" not in error
