"""The console as a role of `puntual serve`: alone in its process, and gone in time with pages open."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import aiohttp
import pytest

from services.settings import PROJECT_ROOT
from tests.chromium import chromium_page
from tests.end_to_end.process import COMMAND, READY_SECONDS, STOP_SECONDS
from tests.end_to_end.waiting import eventually
from tests.ports import free_port
from tests.services.console.browser import Browser

pytestmark = [pytest.mark.chromium, pytest.mark.slow]

NAME, PASSWORD = "rosa", "caballo-bateria-grapa"


async def test_the_role_alone_serves_pages_and_stops_in_time_while_they_are_open(
    database_url: str, data_dir: Path, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PUNTUAL_DATABASE_URL": database_url,
        "PUNTUAL_DATA_DIR": str(data_dir),
        "PUNTUAL_HTTP_PORT": str(port),
    }
    make = [str(COMMAND), "users", "create", "--name", NAME, "--role", "admin"]
    await asyncio.to_thread(subprocess.run, make, input=f"{PASSWORD}\n", text=True, env=environment, check=True)
    with (tmp_path / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            str(COMMAND), "serve", "--role", "console", env=environment, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        await eventually(lambda: ready(url), "the console to be ready", within=READY_SECONDS)
        async with chromium_page() as page:
            browser = Browser(page, url)
            await browser.login(NAME, PASSWORD)
            assert "Hoy de un vistazo" in await browser.text()
            assert await status(f"{url}/v1/stops") == 404, "the API is not of this role"
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
            assert time.monotonic() - started < STOP_SECONDS
        assert process.returncode == 0, (tmp_path / "serve.log").read_text()[-2000:]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ready(url: str) -> bool:
    """Whether every role of the process can work."""
    try:
        return await status(f"{url}/health/ready") == 200
    except aiohttp.ClientError:
        return False


async def status(address: str) -> int:
    """How a request is answered."""
    async with aiohttp.ClientSession() as client, client.get(address) as answer:
        return answer.status
