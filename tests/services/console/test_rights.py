"""Which role may open which page and export, and what everybody sees of a person."""

import re

import pytest

from services.accounts import CONSOLE_ROLES
from services.console.menu import PAGES
from services.console.rights import RIGHTS, Right
from services.keys import KeyRole
from tests.services.console.morning import MAILBOX, NAME, PHONE, Morning
from tests.services.console.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")

OF_KAFKA = "letters"
"""What these tests have no Kafka for; its own tests open it."""
SECRETS = (*NAME.split(), PHONE, PHONE[3:], MAILBOX)


def address(path: str, people: Morning) -> str:
    """A page's address with something behind it."""
    given = {"{message_id}": str(people.messages["D-1"]), "{ref:path}": "D-1", "{topic}": "puntual.debtors.v1.dlt"}
    return re.sub(r"{[^}]*}", lambda found: given.get(found[0], "1"), path)


@pytest.mark.parametrize("role", CONSOLE_ROLES)
async def test_each_page_opens_for_the_roles_that_have_its_right(site: Site, people: Morning, role: KeyRole) -> None:
    async with site.visitor(role.value) as client:
        for page in PAGES:
            if OF_KAFKA in page.path and page.right in RIGHTS[role]:
                continue
            answer = await client.get(f"/console{address(page.path, people)}")
            expected = 200 if page.right in RIGHTS[role] else 403
            assert answer.status_code == expected, (role, page.path)
            if expected == 403:
                assert "no permite ver" in answer.text


@pytest.mark.parametrize("role", CONSOLE_ROLES)
async def test_each_list_is_exported_for_the_roles_that_have_its_right(
    site: Site, people: Morning, role: KeyRole
) -> None:
    async with site.visitor(role.value) as client:
        for listing in (listing for page in PAGES for listing in page.listings):
            if listing.name == OF_KAFKA and listing.right in RIGHTS[role]:
                continue
            answer = await client.get(f"/console/export/{listing.name}.csv")
            assert answer.status_code == (200 if listing.right in RIGHTS[role] else 403), (role, listing.name)


@pytest.mark.parametrize("role", CONSOLE_ROLES)
async def test_no_page_shows_a_name_or_number_unasked(site: Site, people: Morning, role: KeyRole) -> None:
    async with site.visitor(role.value) as client:
        for page in (page for page in PAGES if OF_KAFKA not in page.path):
            text = (await client.get(f"/console{address(page.path, people)}")).text
            assert [secret for secret in SECRETS if secret in text] == [], page.path


async def test_rights_are_as_narrow_as_roles_promise() -> None:
    unmasking = {role for role, rights in RIGHTS.items() if Right.UNMASK in rights}
    assert unmasking == {KeyRole.OPERATOR, KeyRole.ADMIN}
    assert {role for role, rights in RIGHTS.items() if Right.USERS in rights} == {KeyRole.ADMIN}
    assert not {role for role, rights in RIGHTS.items() if {Right.AUTHOR, Right.APPROVE} <= rights} - {KeyRole.ADMIN}
    assert RIGHTS[KeyRole.SYSTEM] == frozenset()


async def test_what_does_not_exist_is_a_page_too(site: Site) -> None:
    async with site.visitor("viewer", "en") as client:
        for path in ("/nothing", "/messages/none", "/debtors/nobody"):
            answer = await client.get(f"/console{path}")
            assert answer.status_code == (404 if path == "/nothing" else 200)
        assert "This page does not exist" in (await client.get("/console/nothing")).text
