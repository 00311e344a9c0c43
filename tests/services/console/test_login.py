"""Who is let in to the console, how long for, and how often may be tried."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from services import accounts
from services.console.passwords import PasswordProblem, Passwords
from services.console.sessions import IDLE, LONGEST
from services.keys import KeyRole
from services.store import audit
from services.store.audit import Wanted
from tests.services.console.site import PASSWORD, QUICK, Site

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def make_user(site: Site, name: str, role: KeyRole = KeyRole.VIEWER) -> None:
    """A user of the test's own."""
    async with site.parts.database.transaction() as connection:
        password_hash = site.passwords.hash(PASSWORD)
        await accounts.create(
            connection, name=name, role=role, password_hash=password_hash, by="tests", now=site.clock.now()
        )


async def actions(site: Site, actor: str) -> list[str]:
    """What is on record of somebody, the last first."""
    async with site.parts.database.reading() as connection:
        rows = await audit.page(connection, Wanted(actor=f"console:{actor}"), before=audit.END, limit=50)
    return [row.action for row in rows]


async def test_without_a_session_every_page_leads_to_the_login(site: Site) -> None:
    async with site.client(accept="text/html") as client:
        for path in ("/console/", "/console/messages", "/console/nothing", "/console/export/messages.csv"):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")
        assert (await client.get("/console/_nicegui/x", headers={"accept": "*/*"})).status_code == 401


async def test_a_right_password_opens_a_session_that_a_logout_ends(site: Site) -> None:
    await make_user(site, "rosa")
    async with site.client(accept="text/html") as client:
        answer = await site.enter(client, "Rosa ")
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/console"))
        assert (await client.get("/console/")).status_code == 200
        held = dict(client.cookies)
        assert (await client.post("/console/logout")).status_code == 303
        client.cookies.update(held)
        assert (await client.get("/console/")).status_code == 303
    assert (await actions(site, "rosa"))[:2] == ["console.logout", "console.login"]


async def test_every_wrong_login_is_answered_alike(site: Site) -> None:
    async with site.client() as client:
        unknown = await site.enter(client, "nobody")
        wrong = await site.enter(client, "author", "not the password")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nobody", "author") == wrong.text
    assert (await actions(site, "author"))[0] == "console.login_failed"
    assert "console.login_failed" in await actions(site, "unknown")
    assert await actions(site, "nobody") == []


async def test_a_name_nobody_has_is_checked_against_a_hash_too() -> None:
    hasher = _Counting(time_cost=1, memory_cost=8, parallelism=1)
    passwords = Passwords(hasher)
    assert not await passwords.check(None, PASSWORD)
    assert not await passwords.check(passwords.hash(PASSWORD), "wrong")
    assert hasher.verified == 2


async def test_failed_logins_lock_the_name_for_ever_longer(site: Site) -> None:
    await make_user(site, "lola")
    async with site.client() as client:
        for _ in range(5):
            assert (await site.enter(client, "lola", "wrong")).status_code == 401
        assert (await site.enter(client, "lola")).status_code == 429
        site.clock.advance(timedelta(seconds=31))
        assert (await site.enter(client, "lola", "wrong")).status_code == 401
        site.clock.advance(timedelta(seconds=31))
        assert (await site.enter(client, "lola")).status_code == 429, "the second lock is longer"
        site.clock.advance(timedelta(seconds=60))
        assert (await site.enter(client, "lola")).status_code == 303
        assert (await site.enter(client, "lola", "wrong")).status_code == 401, "what was right forgives"


async def test_failed_logins_lock_the_address_under_many_names(site: Site) -> None:
    async with site.client() as client:
        answers = [(await site.enter(client, f"name{number}", "wrong")).status_code for number in range(32)]
        assert answers[-1] == 429
        site.clock.advance(timedelta(hours=25))
        assert (await site.enter(client, "viewer")).status_code == 303


async def test_a_session_that_lies_idle_is_over(site: Site) -> None:
    async with site.visitor("viewer") as client:
        site.clock.advance(IDLE - timedelta(seconds=1))
        assert (await client.get("/console/")).status_code == 200
        site.clock.advance(IDLE - timedelta(seconds=1))
        assert (await client.get("/console/")).status_code == 200, "a page that is opened counts"
        site.clock.advance(IDLE)
        assert (await client.get("/console/")).status_code == 303


async def test_a_session_ends_at_last_however_busy_it_is(site: Site) -> None:
    async with site.visitor("viewer") as client:
        for _ in range(LONGEST // timedelta(minutes=20)):
            assert (await client.get("/console/")).status_code == 200
            site.clock.advance(timedelta(minutes=20))
        assert (await client.get("/console/")).status_code == 303


@pytest.mark.parametrize("change", ["disable", "set_password", "set_role"])
async def test_what_changes_a_user_ends_their_sessions(site: Site, change: str) -> None:
    name = f"paco-{change}".replace("_", "-")
    await make_user(site, name)
    more = {"set_password": (site.passwords.hash("otra-frase-bien-larga"),), "set_role": (KeyRole.ADMIN,)}
    async with site.visitor(name) as client:
        async with site.parts.database.transaction() as connection:
            await getattr(accounts, change)(connection, name, *more.get(change, ()), by="tests", now=site.clock.now())
        site.clock.advance(timedelta(seconds=3))
        assert (await client.get("/console/")).status_code == 303


async def test_a_disabled_user_is_not_let_in(site: Site) -> None:
    await make_user(site, "ines")
    async with site.parts.database.transaction() as connection:
        await accounts.disable(connection, "ines", by="tests", now=site.clock.now())
    async with site.client() as client:
        assert (await site.enter(client, "ines")).status_code == 401


@pytest.mark.parametrize("origin", ["https://evil.test", "null", ""])
async def test_forms_are_taken_from_our_own_pages_alone(site: Site, origin: str) -> None:
    async with site.client() as client:
        client.headers["origin"] = origin
        assert (await site.enter(client, "viewer")).status_code == 403


async def test_short_and_dull_passwords_are_refused() -> None:
    passwords = Passwords(QUICK)
    for bad in ("short", "aaaaaaaaaaaaaaaa", "x" * 257):
        with pytest.raises(PasswordProblem):
            passwords.hash(bad)


async def test_the_pages_headers_allow_nothing_from_elsewhere(site: Site) -> None:
    async with site.visitor("viewer") as client:
        inside = (await client.get("/console/")).headers
        login = (await client.get("/console/assets/console.css")).headers
    assert "unsafe-eval" in inside["content-security-policy"]
    assert "unsafe" not in login["content-security-policy"]
    for headers in (inside, login):
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "http:" not in headers["content-security-policy"]


class _Counting(PasswordHasher):
    """Counts how often a password was checked."""

    verified = 0

    def verify(self, *given: Any) -> Any:
        """Check, and count."""
        self.verified += 1
        return super().verify(*given)
