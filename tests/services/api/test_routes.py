"""Every address there is: whom it lets in, how it refuses, and what its document says."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from tests.services.api.application import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN = {"/health/live", "/health/ready", "/metrics", "/docs", "/docs/oauth2-redirect", "/openapi.json"}
UNKNOWN = "00000000-0000-7000-8000-000000000000"


def addresses(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every route, in the document or not, its parameters filled with what names nothing."""
    for route in app.routes:
        contexts = route.effective_route_contexts() if hasattr(route, "effective_route_contexts") else [route]
        for context in contexts:
            for method in getattr(context, "methods", None) or ():
                yield method, re.sub(r"{[\w:]+}", UNKNOWN, getattr(context, "path", ""))


async def test_every_route_is_signed_authenticated_or_open_on_purpose(app: FastAPI, http: httpx.AsyncClient) -> None:
    seen = set()
    for method, path in addresses(app):
        if path in OPEN:
            continue
        answer = await http.request(method, path)
        kind = path.split("/")[1]
        seen.add(kind)
        expected = {"v1": {401}, "callbacks": {403}, "u": {403, 404}, "l": {403, 404}}[kind]
        assert answer.status_code in expected, (method, path, answer.status_code)
    assert {"v1", "callbacks"} <= seen


async def test_what_does_not_exist_is_a_problem_too(admin: Client) -> None:
    for method, path, status in [
        ("GET", "/v1/nothing", 404),
        ("PATCH", "/v1/stops", 405),
        ("GET", "/v1/messages/none", 422),
        ("GET", "/v1/campaigns/%00", 422),
        ("GET", "/v1/campaigns/%00/report", 422),
        ("GET", "/v1/stops?limit=0", 422),
        ("GET", "/v1/stops?cursor=abc", 422),
        ("GET", f"/v1/messages/{UNKNOWN}", 404),
        ("GET", "/v1/debtors/nobody/timeline", 404),
        ("DELETE", "/v1/debtors/nobody", 404),
        ("DELETE", f"/v1/holds/{UNKNOWN}", 404),
        ("DELETE", f"/v1/stops/{UNKNOWN}", 404),
        ("DELETE", f"/v1/suppressions/{UNKNOWN}", 404),
    ]:
        answer = await admin.send(method, path)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= set(answer.json())


BAD_BODIES = (
    (b"{", "application/json", 400),
    (b'{"reason": "a", "reason": "b"}', "application/json", 400),
    (b'{"reason": "\\u0000"}', "application/json", 400),
    (b'{"reason": 5}', "application/json", 422),
    (b"[]", "application/json", 422),
    (b'{"reason": "x"}', "text/plain", 415),
    (b'{"reason": "' + b"x" * 65536 + b'"}', "application/json", 413),
)


async def test_a_method_that_is_not_taken_is_told_which_are(admin: Client) -> None:
    assert (await admin.send("PATCH", "/v1/stops")).headers["allow"] == "GET, POST"
    assert (await admin.send("PATCH", "/v1/debtors/D-1")).headers["allow"] == "PUT, DELETE"


async def test_a_bad_body_is_a_problem_that_quotes_nothing(admin: Client) -> None:
    places = [("POST", f"/v1/{name}") for name in ("stops", "holds", "consents", "suppressions")]
    for method, path in [*places, ("PUT", "/v1/debtors/D-1")]:
        for body, content_type, status in BAD_BODIES:
            answer = await admin.send(method, path, body, content_type=content_type)
            assert answer.status_code == status, (path, body[:20], answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert "xxxx" not in answer.text


async def test_the_document_is_whole(app: FastAPI, http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    text = str(document)
    refs = set(re.findall(r"'#/components/schemas/([\w-]+)'", text))
    assert refs <= set(document["components"]["schemas"])
    for path, routes in document["paths"].items():
        for method, route in routes.items():
            if path.startswith("/v1"):
                assert route["security"] == [{"key": []}], (method, path)
                assert route["summary"], (method, path)
                assert route["description"], (method, path)
                assert "401" in route["responses"], (method, path)
    assert (await http.get("/docs")).status_code == 200
    assert "$time" not in text
