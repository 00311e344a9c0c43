"""What is done from pages, by hand, in a real browser: and what is not done for those who may not."""

import pytest

from services.store import audit
from services.store.audit import Wanted
from tests.end_to_end.waiting import eventually
from tests.services.console.browser import Browser, browsing
from tests.services.console.morning import MAILBOX, NAME, PHONE, UNKNOWN, Morning
from tests.services.console.site import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.chromium, pytest.mark.slow]


async def click(browser: Browser, text: str, *, within: str = "body") -> None:
    """Press the first button of this text."""
    buttons = f"[...document.querySelectorAll({within!r} + ' button')]"
    found = f"{buttons}.find((each) => each.innerText.trim().endsWith({text!r}))"
    await browser.page.until(f"{found} !== undefined")
    await browser.page.value(f"{found}.click()")


async def give_reason(browser: Browser, reason: str) -> None:
    """Write a reason into the dialog and confirm it."""
    await browser.page.until("document.querySelector('.p-dialog input') !== null")
    await browser.page.value("document.querySelector('.p-dialog input').focus()")
    await browser.press(reason)
    await click(browser, "Confirmar", within=".p-dialog")


async def recorded(site: Site, action: str) -> list[audit.AuditRow]:
    """What is on record of this kind."""
    async with site.parts.database.reading() as connection:
        return await audit.page(connection, Wanted(action=action), before=audit.END, limit=20)


async def test_a_person_is_shown_whole_for_a_reason_that_is_put_on_record(site: Site, people: Morning) -> None:
    async with browsing(site) as browser:
        await browser.login("operator")
        await browser.go("/debtors/D-1")
        assert NAME not in await browser.text()
        await click(browser, "Ver nombre y datos de contacto")
        await give_reason(browser, "llamada de la persona")
        await browser.page.until(f"document.body.innerText.includes({NAME!r})")
        text = await browser.text()
        assert PHONE in text
        assert MAILBOX in text
    (row,) = await recorded(site, "personal_data.unmasked")
    assert (row.actor, row.subject) == ("console:operator", "debtor/D-1")
    assert row.details == {"reason": "llamada de la persona"}


@pytest.mark.parametrize("role", ["viewer", "author", "approver"])
async def test_others_have_no_button_for_it(site: Site, people: Morning, role: str) -> None:
    async with browsing(site) as browser:
        await browser.login(role)
        await browser.go("/debtors/D-1")
        await browser.page.until("document.body.innerText.includes('Z•••')")
        assert "Ver nombre" not in await browser.text()


async def test_an_unknown_is_decided_by_a_person(site: Site, people: Morning) -> None:
    async with browsing(site) as browser:
        await browser.login("operator")
        await browser.go("/unknowns")
        await click(browser, "Sí llegó")
        await give_reason(browser, "lo confirmó por teléfono")
        await browser.page.until("document.body.innerText.includes('De todos los mensajes se sabe')")
    (row,) = await recorded(site, "attempt.decided")
    assert row.details["verdict"] == "arrived"
    async with site.parts.database.reading() as connection:
        outcome = await connection.fetchval("select outcome from message where id = $1", people.messages[UNKNOWN])
    assert outcome == "delivered"


async def test_a_task_is_closed(site: Site, people: Morning) -> None:
    async with browsing(site) as browser:
        await browser.login("operator")
        await browser.go("/tasks")
        await click(browser, "Cerrar")
        await click(browser, "Confirmar", within=".p-dialog")
        await eventually(lambda: recorded(site, "task.closed"), "the task to be closed")
    async with site.parts.database.reading() as connection:
        closed = await connection.fetch("select outcome, agent_ref from task where closed_at is not null")
    assert [tuple(row) for row in closed] == [("resolved", "operator")]


async def test_a_number_finds_its_person(site: Site, people: Morning) -> None:
    async with browsing(site) as browser:
        await browser.login("operator")
        await browser.go("/messages")
        await browser.page.value("document.querySelector('.p-search input').focus()")
        await browser.press("55 2000 0001", "Enter")
        await browser.page.until("location.pathname === '/console/debtors/D-1'")
        assert not [address for address in browser.page.requests if "20000001" in address or "2000%20" in address]


async def test_a_session_that_ends_closes_what_is_open(site: Site) -> None:
    async with browsing(site) as browser:
        await browser.login("viewer")
        async with site.parts.database.transaction() as connection:
            await connection.execute("update console_session set ended_at = now() where ended_at is null")
        site.console.sessions.forget()
        await browser.page.until("location.pathname === '/console/login' || !window.socket.connected")


async def test_an_open_page_acts_for_its_own_session_alone(site: Site) -> None:
    async with browsing(site) as mine, site.visitor("viewer") as other:
        await mine.login("admin")
        client_id = await mine.page.value("window.clientId")
        cookie = "; ".join(f"{name}={value}" for name, value in other.cookies.items())
        opened = await handshake(site, client_id, cookie=cookie, origin=site.url)
        foreign = await handshake(site, client_id, cookie=cookie, origin="https://evil.test")
        nobody = await handshake(site, client_id, cookie="", origin=site.url)
    assert (opened, foreign, nobody) == (403, 403, 403)


async def handshake(site: Site, client_id: str, *, cookie: str, origin: str) -> int:
    """Try to open a websocket for a page; gives how that was answered."""
    headers = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "cookie": cookie,
        "origin": origin,
    }
    async with site.client() as client:
        path = f"/console/_nicegui_ws/socket.io/?EIO=4&transport=websocket&client_id={client_id}"
        return (await client.get(path, headers=headers)).status_code
