"""The exit of a message over HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
import pytest
import uvicorn
from yarl import URL

from services.api.app import make_app
from services.api.unsubscribe import unsubscribe_router
from services.api.unsubscribe_page import preferred
from services.words import Words
from tests.end_to_end.waiting import eventually

SECRET = b"a secret of at least some length"
MESSAGE = UUID("01890000-0000-7000-8000-000000000002")


class Door:
    """Stands for OptOuts: knows one message, and remembers who left."""

    def __init__(self) -> None:
        self.left: list[UUID] = []
        self.stuck = False

    async def knows(self, message_id: UUID) -> bool:
        if self.stuck:
            raise TimeoutError
        return message_id == MESSAGE

    async def by_link(self, message_id: UUID) -> bool:
        if self.stuck:
            raise TimeoutError
        self.left.append(message_id)
        return message_id == MESSAGE


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, read whole."""

    status: int
    text: str
    headers: Mapping[str, str]


class Place:
    """The application on a port of its own, and its door."""

    def __init__(self, client: aiohttp.ClientSession, base: str, door: Door) -> None:
        self._client, self._base, self.door = client, base, door

    async def ask(self, method: str, address: str, **more: Any) -> Shown:
        url = URL(self._base + address, encoded=True)
        async with self._client.request(method, url, allow_redirects=False, **more) as answer:
            return Shown(answer.status, await answer.text(), answer.headers)


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Leave the signals to pytest."""


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    door: Any = Door()
    app = make_app([unsubscribe_router(optouts=door, secret=SECRET)], "0")
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, "the server to listen")
    port = server.servers[0].sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as client:
        yield Place(client, f"http://127.0.0.1:{port}", door)
    server.should_exit = True
    await serving


def link(message_id: UUID = MESSAGE, secret: bytes = SECRET) -> str:
    return Words({}, "", secret).unsubscribe_link(message_id)


async def test_looking_changes_nothing_and_shows_one_button(place: Place) -> None:
    seen = await place.ask("get", link(), headers={"accept-language": "es-MX"})
    assert seen.status == 200
    assert '<html lang="es">' in seen.text
    assert seen.text.count("<button") == seen.text.count('<form method="post">') == 1
    assert (await place.ask("head", link())).status == 200
    assert place.door.left == []


@pytest.mark.parametrize(
    "body", [{"List-Unsubscribe": "One-Click"}, {"confirm": "yes"}, {}], ids=["one click", "button", "nothing"]
)
async def test_posting_does_it_at_once_and_again_is_the_same(place: Place, body: dict[str, str]) -> None:
    for _ in range(2):
        done = await place.ask("post", link(), data=body)
        assert done.status == 200
        assert "set-cookie" not in done.headers
        assert "<form" not in done.text
    assert set(place.door.left) == {MESSAGE}


async def test_one_click_may_come_as_a_multipart_form(place: Place) -> None:
    form = aiohttp.FormData({"List-Unsubscribe": "One-Click"}, default_to_multipart=True)
    done = await place.ask("post", link(), data=form)
    assert (done.status, place.door.left) == (200, [MESSAGE])


@pytest.mark.parametrize(
    "address",
    [
        "/u/x",
        "/u/" + "0" * 32 + "." + "A" * 22,
        link(secret=b"another"),
        link(UUID(int=5)),
        link()[:-1],
        link() + "A",
        "/u/" + link().removeprefix("/u/").upper(),
        "/u/%00",
        "/u/..%2f..%2fetc",
        "/u/" + "9" * 5000,
    ],
)
async def test_a_token_that_is_not_ours_leads_nowhere_and_tells_nothing(place: Place, address: str) -> None:
    pages = [await place.ask("get", address), await place.ask("post", address)]
    nowhere = await place.ask("get", "/u/" + "1" * 32 + "." + "B" * 22)
    for page in pages:
        assert page.status == 404
    if "%2f" not in address:
        assert {page.text for page in pages} == {nowhere.text}
    assert MESSAGE not in place.door.left


async def test_the_headers_allow_nothing_but_the_button(place: Place) -> None:
    for page in [await place.ask(*way) for way in (("get", link()), ("post", link()), ("get", "/u/x"))]:
        policy = page.headers["content-security-policy"]
        for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in page.text
        assert not re.search(r"\son\w+=|style=|https?://", page.text)


async def test_no_page_tells_why_we_wrote(place: Place) -> None:
    for language in ("es", "en", "pt"):
        for method in ("get", "post"):
            text = (await place.ask(method, link(), headers={"accept-language": language})).text.lower()
            assert f'<html lang="{language}">' in text
            assert not re.search(r"pago|deud|crédito|cobran|payment|debt|loan|dívida|pagamento", text)


async def test_a_database_that_is_away_asks_to_come_again(place: Place) -> None:
    place.door.stuck = True
    assert (await place.ask("post", link())).status == 503
    assert (await place.ask("get", link())).status == 503


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "es"),
        ("*", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr-FR, es;q=0.2, en;q=0.4", "en"),
        ("pt-BR", "pt"),
        ("en;q=0", "es"),
        ("en;q=x,;;;=,", "es"),
        ("de,fr", "es"),
        ("," * 100_000, "es"),
    ],
)
def test_the_page_speaks_the_language_its_reader_likes_best(header: str, language: str) -> None:
    assert preferred(header) == language
