"""Ports for processes of tests and benchmarks."""

import random
import socket
from contextlib import ExitStack

_FROM, _BELOW = 12_000, 32_000
"""Below the ports that systems give to outgoing connections, which may take any of those at any moment."""


def free_port(in_a_row: int = 1) -> int:
    """A port of 127.0.0.1 that nobody uses, or the first of several in a row."""
    while True:
        first = random.randrange(_FROM, _BELOW - in_a_row)
        with ExitStack() as stack:
            try:
                for port in range(first, first + in_a_row):
                    stack.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
