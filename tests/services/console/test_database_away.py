"""The console while PostgreSQL is away: it says so, keeps what is open, and comes back by itself."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.proxy import Proxy
from tests.end_to_end.fixtures import a_database
from tests.services.api.application import assembled
from tests.services.console.browser import Browser, browsing
from tests.services.console.hands import there
from tests.services.console.site import Site, served

AWAY = "La base de datos no responde"
_LONG = timedelta(minutes=1)
"""Longer than anything is kept without asking the database again."""


async def test_without_a_database_pages_say_so_and_ask_again(
    postgres_dsn: str, template_database: str, tmp_path: Path
) -> None:
    async with a_database(postgres_dsn, template_database) as dsn, Proxy(dsn) as proxy:
        parts = await assembled(proxy.dsn, tmp_path)
        async with served(parts) as site, site.visitor("viewer", "en") as client:
            await proxy.refuse()
            site.clock.advance(_LONG)
            page = await client.get("/console/messages")
            assert (page.status_code, page.headers["retry-after"]) == (503, "5")
            assert "The database does not answer" in page.text
            assert '<meta http-equiv="refresh" content="5">' in page.text
            other = await client.get("/console/messages", headers={"accept": "*/*"})
            assert (other.status_code, other.headers["content-type"]) == (503, "text/plain; charset=utf-8")
            await proxy.answer()
            assert (await client.get("/console/messages")).status_code == 200
        await parts.close()


@pytest.mark.chromium
@pytest.mark.slow
async def test_open_pages_tell_that_they_are_old_and_all_come_back_by_themselves(
    postgres_dsn: str, template_database: str, tmp_path: Path
) -> None:
    async with a_database(postgres_dsn, template_database) as dsn, Proxy(dsn) as proxy:
        parts = await assembled(proxy.dsn, tmp_path)
        async with served(parts) as site, browsing(site) as browser:
            await browser.login("admin")
            await proxy.refuse()
            site.clock.advance(_LONG)
            await there(browser, f"{AWAY}: lo que se ve puede ser viejo")
            await browser.shot("away-es")
            await proxy.answer()
            site.clock.advance(_LONG)
            await _gone(browser)
            await _opened_while_away(site, browser, proxy)
        await parts.close()


async def _gone(browser: Browser) -> None:
    await browser.page.until(f"!document.body.innerText.includes({AWAY!r})")
    await browser.ready()


async def _opened_while_away(site: Site, browser: Browser, proxy: Proxy) -> None:
    """A page asked for in vain is there once the database is."""
    await proxy.refuse()
    site.clock.advance(_LONG)
    await browser.page.command("Page.navigate", url=f"{browser.url}/console/messages")
    await there(browser, AWAY)
    await proxy.answer()
    await _gone(browser)
    assert await browser.page.value("location.pathname") == "/console/messages"
    assert await browser.page.value("document.querySelector('h1').innerText") == "Mensajes"
