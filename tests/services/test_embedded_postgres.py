"""The embedded PostgreSQL: durable, shared by processes, found again after a kill, recovered after a crash."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from services.embedded import EmbeddedProblem
from services.embedded.postgres import EmbeddedPostgres

_USER = """
import sys
from pathlib import Path
from services.embedded.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.readline()
server.stop()
print("left", flush=True)
"""


class UserProcess:
    """Another process that uses the server of a folder until told to leave."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def dsn(self) -> str:
        """Waits for the server; logs stand on the same output, before the address."""
        assert self.process.stdout is not None
        return next(line.strip() for line in self.process.stdout if line.startswith("postgresql://"))

    def leave(self) -> None:
        self.process.communicate("\n", timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder(data_dir: Path) -> Iterator[Path]:
    """A data folder; whatever server a test left in it is stopped."""
    yield data_dir
    server = postmaster(data_dir)
    if server is not None:
        server.send_signal(signal.SIGQUIT)
        psutil.wait_procs([server], timeout=30)


def postmaster(folder: Path) -> psutil.Process | None:
    with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
        return psutil.Process(int((folder / "postgres/postmaster.pid").read_text().splitlines()[0]))
    return None


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_it_is_a_durable_postgresql_18_for_both_drivers(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    dsn = server.start()
    assert str(await ask(dsn, "show server_version")).startswith("18")
    assert [await ask(dsn, f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
        "on"
    ] * 3
    assert await ask(dsn, "select current_database()") == "puntual"
    engine = create_async_engine(dsn.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        assert (await connection.execute(text("select 'ñ'"))).scalar() == "ñ"
    await engine.dispose()
    server.stop()
    assert postmaster(folder) is None


async def test_data_outlives_a_stop(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await ask(server.start(), "create table kept as select 7 as n")
    server.stop()
    again = EmbeddedPostgres(folder)
    assert await ask(again.start(), "select n from kept") == 7
    again.stop()


async def test_a_server_that_outlived_its_killed_process_is_found_again_and_stopped_by_the_next(folder: Path) -> None:
    first = UserProcess(folder)
    await ask(first.dsn(), "create table kept as select 7 as n")
    survivor = postmaster(folder)
    first.kill()
    server = EmbeddedPostgres(folder)
    assert await ask(server.start(), "select n from kept") == 7
    assert postmaster(folder) == survivor
    server.stop()
    assert postmaster(folder) is None


async def test_a_server_that_died_is_recovered(folder: Path) -> None:
    first = UserProcess(folder)
    await ask(first.dsn(), "create table kept as select 7 as n")
    dead = postmaster(folder)
    assert dead is not None
    family = [dead, *dead.children(recursive=True)]
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    first.kill()
    psutil.wait_procs(family, timeout=30)
    assert (folder / "postgres/postmaster.pid").exists()
    server = EmbeddedPostgres(folder)
    assert await ask(server.start(), "select n from kept") == 7
    server.stop()


async def test_what_an_interrupted_first_start_left_is_made_anew(folder: Path) -> None:
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new/PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(folder)
    assert await ask(server.start(), "select 1") == 1
    assert not (folder / "postgres.new").exists()
    server.stop()


async def test_a_pid_file_that_names_some_other_process_does_not_mislead(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await ask(server.start(), "create table kept as select 7 as n")
    pid_file = folder / "postgres/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert await ask(EmbeddedPostgres(folder).start(), "select n from kept") == 7


def test_two_processes_that_start_at_once_share_one_server_and_the_last_stops_it(folder: Path) -> None:
    first, second = UserProcess(folder), UserProcess(folder)
    assert first.dsn() == second.dsn()
    first.leave()
    assert postmaster(folder) is not None
    second.leave()
    assert postmaster(folder) is None


async def test_a_missing_locale_of_the_shell_does_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    server = EmbeddedPostgres(folder)
    assert await ask(server.start(), "select 1") == 1
    assert os.environ["LC_ALL"] == "xx_XX.UTF-8"
    server.stop()


async def test_a_long_folder_name_is_no_obstacle_to_the_socket(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / ("long" * 30))
    assert await ask(server.start(), "select 1") == 1
    server.stop()


def test_a_folder_that_cannot_be_used_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(EmbeddedProblem, match="PUNTUAL_DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_a_cluster_of_another_version_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "data/postgres").mkdir(parents=True)
    (tmp_path / "data/postgres/PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedProblem, match="PUNTUAL_DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_stopping_what_was_never_started_is_nothing(tmp_path: Path) -> None:
    EmbeddedPostgres(tmp_path / "data").stop()
    assert not (tmp_path / "data").exists()
