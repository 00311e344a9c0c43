"""The HTTP server of a process: a socket bound first, so that a taken port is a clear refusal, and no signals."""

import socket

import uvicorn
from fastapi import FastAPI

_BACKLOG = 2048


class QuietServer(uvicorn.Server):
    """Leaves signals to the process, which drains in its own order."""

    def install_signal_handlers(self) -> None:
        """Do nothing: one place decides when to stop."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises OSError where the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(_BACKLOG)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def inherited(number: int) -> socket.socket:
    """The listening socket that whoever started this process left it under a number."""
    listening = socket.socket(fileno=number)
    listening.setblocking(False)
    return listening


def make_server(app: FastAPI) -> QuietServer:
    """A server for an application, to be run on a bound socket."""
    return QuietServer(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=10, server_header=False)
    )
