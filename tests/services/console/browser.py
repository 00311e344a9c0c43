"""A visitor with a real browser: logs in, opens pages, looks at them, presses keys."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import Page, chromium_page
from tests.repository.tree import ROOT
from tests.services.console.site import PASSWORD, Site

SHOTS = ROOT / "build" / "screenshots"
PHONE = (390, 844)
DESK = (1280, 900)
_READY = "document.querySelector('h1') !== null && window.socket !== undefined && window.socket.connected"


@dataclass(frozen=True, slots=True)
class Browser:
    """One tab of somebody who uses the console."""

    page: Page
    url: str

    async def login(self, name: str, password: str = PASSWORD) -> None:
        """Fill the form and send it."""
        await self.page.open(f"{self.url}/console/login")
        await self.page.value(
            f"document.getElementById('name').value = {name!r};"
            f"document.getElementById('password').value = {password!r};"
            "document.querySelector('button[type=submit]').click()"
        )
        await self.page.until("location.pathname === '/console/'")
        await self.ready()

    async def go(self, path: str) -> None:
        """Open a page of the console and wait until it answers."""
        await self.page.command("Page.navigate", url=f"{self.url}/console{path}")
        await self.page.until(f"location.pathname === '/console{path.partition('?')[0]}'")
        await self.ready()

    async def ready(self) -> None:
        """Wait until the page is drawn and connected."""
        await self.page.until(_READY)

    async def text(self) -> str:
        """What the page says."""
        return str(await self.page.value("document.body.innerText"))

    async def size(self, width: int, height: int) -> None:
        """See the page through a window of this size."""
        await self.page.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    async def shot(self, name: str) -> Path:
        """Keep a picture of the whole page."""
        taken = await self.page.command("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        path.write_bytes(base64.b64decode(taken["data"]))
        return path

    async def press(self, *keys: str) -> None:
        """Press keys; a text of several letters that is no key's name is typed."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        for key in keys:
            if key not in codes:
                await self.page.command("Input.insertText", text=key)
                continue
            more = {"text": "\r"} if key == "Enter" else {}
            named = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
            await self.page.command("Input.dispatchKeyEvent", type="keyDown", **named, **more)
            await self.page.command("Input.dispatchKeyEvent", type="keyUp", **named)


@asynccontextmanager
async def browsing(site: Site, language: str = "es-MX", *, size: tuple[int, int] = DESK) -> AsyncIterator[Browser]:
    """A browser that asks for pages in this language."""
    async with chromium_page(language) as page:
        browser = Browser(page, site.url)
        await browser.size(*size)
        yield browser
