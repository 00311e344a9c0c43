"""What a visitor does with a page: presses its buttons, fills its fields, chooses files, gives reasons."""

from pathlib import Path
from typing import Any

from services.store import users
from services.wiring import Parts
from tests.services.console.browser import Browser
from tests.services.console.site import Site

_BUTTONS = "[...document.querySelectorAll('button')].filter(b => b.innerText.split('\\n').pop().trim() === {text!r})"
_FIELD = (
    "[...document.querySelectorAll('input, textarea')].find("
    "f => (f.ariaLabel || f.closest('label')?.innerText || '').startsWith({label!r}))"
)


async def click(browser: Browser, text: str) -> None:
    """Press the last button of this text, which is the one on top, once it is there."""
    found = _BUTTONS.format(text=text)
    await browser.page.until(f"{found}.some(b => !b.disabled)")
    await browser.page.value(f"{found}.pop().click()")


async def there(browser: Browser, text: str) -> None:
    """Wait until the page says this."""
    await browser.page.until(f"document.body.innerText.includes({text!r})")


async def buttons(browser: Browser) -> list[str]:
    """The buttons of the page's own part."""
    found = "[...document.querySelectorAll('main button')].map(b => b.innerText.split('\\n').pop().trim())"
    return [text for text in await browser.page.value(found) if text]


async def fill(browser: Browser, label: str, text: str) -> None:
    """Type into the field of this label."""
    field = _FIELD.format(label=label)
    await browser.page.until(f"{field} !== undefined")
    await browser.page.value(f"{field}.focus()")
    await browser.page.command("Input.insertText", text=text)


async def give_reason(browser: Browser, reason: str, confirm: str = "Confirmar", label: str = "Motivo") -> None:
    """Answer the dialog that asks why."""
    await browser.page.until("document.querySelector('.p-dialog input') !== null")
    await fill(browser, label, reason)
    await click(browser, confirm)
    await browser.page.until("document.querySelector('.p-dialog') === null")


async def choose_file(browser: Browser, number: int, path: Path) -> None:
    """Choose a file in the page's field for files of this number, counted from 0."""
    found = f"document.querySelectorAll('input[type=file]')[{number}]"
    await browser.page.until(f"{found} !== undefined")
    answer = await browser.page.command("Runtime.evaluate", expression=found)
    await browser.page.command("DOM.setFileInputFiles", files=[str(path)], objectId=answer["result"]["objectId"])


async def choose_theme(site: Site, name: str, theme: str | None) -> None:
    """Let a user see the console light or dark."""
    async with site.parts.database.transaction() as connection:
        user = await users.named(connection, name)
        assert user is not None
        await users.choose(connection, user.id, language=None, theme=theme)
    site.console.sessions.forget()


async def overflows(browser: Browser) -> bool:
    """Whether the page is wider than its window."""
    return bool(await browser.page.value("document.documentElement.scrollWidth > window.innerWidth + 1"))


async def rows(parts: Parts, sql: str, *values: Any) -> list[dict[str, Any]]:
    """What the database has."""
    async with parts.database.reading() as connection:
        return [dict(row) for row in await connection.fetch(sql, *values)]
