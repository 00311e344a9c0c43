"""Every page in a real browser: in both languages, light and dark, on a phone, by keyboard, and to a screen reader."""

from urllib.parse import quote

import pytest

from services.console.menu import PAGES
from services.store import users
from tests.services.console.accessibility import axe_or_skip, violations
from tests.services.console.browser import PHONE, Browser, browsing
from tests.services.console.morning import Morning
from tests.services.console.site import PASSWORD, Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.chromium]

PATHS = {
    "today": "/",
    "providers": "/providers",
    "messages": "/messages",
    "message": "/messages/{message}",
    "debtor": f"/debtors/{quote('D/4 ñ', safe='')}",
    "unknowns": "/unknowns",
    "tasks": "/tasks",
    "stops": "/stops",
    "letters": "/letters",
    "figures": "/figures",
    "campaigns": "/campaigns",
    "campaign": "/campaigns/vence",
    "report": "/reports/vence",
    "packs": "/packs",
    "pack": "/packs/MX",
    "audit": "/audit",
    "users": "/users",
    "keys": "/keys",
    "account": "/account",
}
_OVERFLOW = """[...document.querySelectorAll('.p-page *')].filter((element) =>
    element.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !element.closest('.p-chart, .p-pre, thead')).map((element) => element.outerHTML.slice(0, 120)).slice(0, 5)"""


async def choose(site: Site, name: str, *, language: str | None = None, theme: str | None = None) -> None:
    """Let a user see the console so."""
    async with site.parts.database.transaction() as connection:
        user = await users.named(connection, name)
        assert user is not None
        await users.choose(connection, user.id, language=language, theme=theme)
    site.console.sessions.forget()


def nothing_is_wrong(browser: Browser) -> None:
    """Nothing was asked of anybody else, and nothing was objected to."""
    foreign = [each for each in browser.page.requests if not each.startswith((browser.url, "data:", "about:"))]
    assert foreign == []
    assert [each for each in browser.page.complaints if "Password field" not in each] == []


@pytest.mark.parametrize(("language", "title"), [("es", "Hoy de un vistazo"), ("en", "Today at a glance")])
async def test_every_page_is_drawn_in_each_language(site: Site, people: Morning, language: str, title: str) -> None:
    async with browsing(site, language) as browser:
        await browser.login("admin")
        assert title in await browser.text()
        assert await browser.page.value("document.documentElement.lang.slice(0, 2)") == language
        for name, path in PATHS.items():
            await browser.go(path.format(message=people.messages["D-1"]))
            text = await browser.text()
            assert "Algo falló" not in text, name
            assert "Something failed" not in text, name
            await browser.shot(f"{name}-{language}")
        nothing_is_wrong(browser)


async def test_every_page_of_the_menu_is_looked_at() -> None:
    named = {path.partition("/{")[0].partition("/debtors/")[0] or "/" for path in PATHS.values()}
    assert {page.path for page in PAGES if page.icon} <= named | set(PATHS.values())


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_is_accessible(site: Site, people: Morning, theme: str) -> None:
    axe_or_skip()
    await choose(site, "admin", theme=theme)
    async with browsing(site) as browser:
        await browser.page.open(f"{site.url}/console/login")
        found = {"login": await violations(browser.page)}
        await browser.login("admin")
        for name, path in PATHS.items():
            await browser.go(path.format(message=people.messages["D-1"]))
            found[name] = await violations(browser.page)
            if theme == "dark":
                await browser.shot(f"{name}-dark")
    await choose(site, "admin")
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.slow
async def test_on_a_phone_nothing_is_wider_than_the_screen(site: Site, people: Morning) -> None:
    async with browsing(site, size=PHONE) as browser:
        await browser.login("operator")
        wide = {}
        for name, path in PATHS.items():
            await browser.go(path.format(message=people.messages["D-1"]))
            wide[name] = await browser.page.value(_OVERFLOW)
            assert await browser.page.value("document.documentElement.scrollWidth <= 390"), name
            await browser.shot(f"{name}-phone")
    assert {name: elements for name, elements in wide.items() if elements} == {}


async def test_the_keyboard_alone_is_enough_to_log_in(site: Site) -> None:
    async with browsing(site) as browser:
        await browser.page.open(f"{site.url}/console/login")
        await browser.page.until("document.activeElement.id === 'name'")
        await browser.press("viewer", "Tab", PASSWORD, "Enter")
        await browser.page.until("location.pathname === '/console/'")
        await browser.ready()
        await browser.press("Tab", "Enter")
        await browser.page.until("document.activeElement.tagName === 'MAIN'")
