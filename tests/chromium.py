"""A real Chromium, driven over its own debugging protocol: open a page, ask it, press its buttons."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest

from tests.end_to_end.waiting import eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_or_skip() -> str:
    """The browser of this machine; skips the test where there is none, but never in CI."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI") == "true":
        raise AssertionError("no Chromium found; install the package chromium")
    if found is None:
        pytest.skip(f"a real browser needs one of {', '.join(NAMES)}, not found on this machine")
    return found


class Page:
    """One tab; `complaints` has everything the browser objected to, `requests` every address it asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listening = asyncio.create_task(self._listen())
        self.complaints: list[str] = []
        self.requests: list[str] = []

    async def start(self, language: str) -> Self:
        """Listen to what the page does, and ask for pages in this language."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.command(f"{domain}.enable")
        await self.command("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        return self

    async def open(self, address: str) -> None:
        """Go there and wait until it is there."""
        await self.command("Page.navigate", url=address)
        await self.until(f"location.href === {address!r} && document.readyState === 'complete'")

    async def until(self, expression: str) -> None:
        """Wait for something to be true of the page."""
        await eventually(lambda: self.value(expression), expression)

    async def value(self, expression: str) -> Any:
        """What an expression comes to on the page."""
        answer = await self.command("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the protocol, and give its result."""
        number = next(self._numbers)
        waiting = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        answer = await asyncio.wait_for(waiting, 20)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    async def close(self) -> None:
        """Stop listening."""
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            if (waiting := self._answers.pop(said.get("id", 0), None)) is not None:
                waiting.set_result(said)
            elif said.get("method") == "Log.entryAdded":
                self.complaints.append(said["params"]["entry"]["text"])
            elif said.get("method") == "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])


@asynccontextmanager
async def chromium_page(language: str = "es-MX") -> AsyncIterator[Page]:
    """A tab in a browser of its own."""
    browser = chromium_or_skip()
    with tempfile.TemporaryDirectory(prefix="puntual-chromium-", ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            browser,
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
            f"--user-data-dir={folder}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with aiohttp.ClientSession() as client:
                address = await eventually(lambda: _debugger(client, Path(folder)), "Chromium to start", within=60)
                async with client.ws_connect(address, max_msg_size=0) as socket:
                    page = await Page(socket).start(language)
                    yield page
                    await page.close()
        finally:
            process.terminate()
            await process.wait()


async def _debugger(client: aiohttp.ClientSession, folder: Path) -> str | None:
    """The address of the first tab, once there is one."""
    told = folder / "DevToolsActivePort"
    lines = told.read_text().split() if told.exists() else []
    if not lines:
        return None
    async with client.get(f"http://127.0.0.1:{lines[0]}/json/list") as answer:
        targets = await answer.json()
    return next((target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"), None)
