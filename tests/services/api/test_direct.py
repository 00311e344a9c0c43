"""Direct routes: answered by a status before the layers of the framework, with the headers of every other answer."""

import httpx
import pytest
from fastapi import APIRouter
from starlette.types import Receive, Scope

from services.api.app import make_app
from services.api.direct import DirectRoute, body_of

MOST = 1000


async def answer(scope: Scope, receive: Receive) -> int:
    body = await body_of(receive, MOST)
    if body == b"fail":
        raise ZeroDivisionError
    return 403 if body is None else int(scope["path_params"]["status"])


@pytest.fixture
async def client() -> httpx.AsyncClient:
    router = APIRouter()
    router.routes.append(DirectRoute("/direct/{status:int}", answer))

    @router.get("/plain")
    async def plain() -> None:
        return None

    transport = httpx.ASGITransport(make_app([router], "0"), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_a_status_is_the_whole_answer_and_has_the_headers_of_any_other(client: httpx.AsyncClient) -> None:
    plain = (await client.get("/plain")).headers
    for status in (204, 503):
        found = await client.post(f"/direct/{status}", content=b"something")
        assert (found.status_code, found.content) == (status, b"")
        assert {name for name in plain if name not in found.headers} == {"content-type", "content-length"} - set(
            found.headers
        )


async def test_a_body_that_is_too_long_is_not_read_on(client: httpx.AsyncClient) -> None:
    assert (await client.post("/direct/204", content=b"x" * (MOST + 1))).status_code == 403


async def test_a_fault_is_a_problem_without_its_cause(client: httpx.AsyncClient) -> None:
    found = await client.post("/direct/204", content=b"fail")
    assert found.status_code == 500
    assert found.headers["content-type"] == "application/problem+json"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.json()["detail"].startswith("an internal fault")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/direct/204", 405), ("POST", "/direct/word", 404)])
async def test_what_is_not_for_it_goes_the_usual_way(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    found = await client.request(method, path)
    assert found.status_code == status
    assert found.headers["content-type"] == "application/problem+json"
