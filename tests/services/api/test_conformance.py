"""Whatever is sent, the API answers as its OpenAPI document says, and never with a fault of its own."""

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.keys import KeyRole
from tests.end_to_end.fixtures import a_database
from tests.services.api.application import activate_campaigns, application, assembled, due, make_key

EXAMPLES = 60 if os.environ.get("CI") == "true" else 6
EVERY = list(HealthCheck)
CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
T = TypeVar("T")


class Desk:
    """The application in a loop of its own, called from tests that are no coroutines."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.document: dict[str, Any] = {}
        self._client: httpx.AsyncClient | None = None

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run in the loop, and wait."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def send(self, case: schemathesis.Case) -> httpx.Response:
        """Send a case with an admin's key."""
        assert self._client is not None
        given = case.as_transport_kwargs(base_url="http://puntual.test")
        headers = {name: value for name, value in (given.pop("headers", None) or {}).items() if value is not None}
        body = given.pop("data", None)
        content = body if isinstance(body, bytes | str) or body is None else None
        request = self._client.build_request(
            given["method"],
            given["url"],
            params=given.get("params"),
            json=given.get("json"),
            content=content,
            headers={**dict(headers), "authorization": self._client.headers["authorization"]},
        )
        return self.wait(self._client.send(request))

    async def serve(self, postgres_dsn: str, template: str, folder: Any, stop: asyncio.Event) -> None:
        """Hold the application open until told to stop."""
        async with a_database(postgres_dsn, template) as dsn:
            parts = await assembled(dsn, folder, api_per_second=100_000)
            await activate_campaigns(parts)
            app, key = application(parts), await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now())
            self.document = app.openapi()
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            headers = {"authorization": f"Bearer {key}"}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://puntual.test", headers=headers
            ) as client:
                self._client = client
                await client.post("/v1/events", json=due(), headers={"content-type": "application/cloudevents+json"})
                await stop.wait()
            await parts.close()

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture(scope="module")
def desk(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> Iterator[Desk]:
    """A served application."""
    made, stop = Desk(), asyncio.Event()
    folder = tmp_path_factory.mktemp("conformance")
    serving = asyncio.run_coroutine_threadsafe(made.serve(postgres_dsn, template_database, folder, stop), made._loop)
    while made._client is None:
        assert not serving.done(), serving.exception()
        threading.Event().wait(0.02)
    yield made
    made._loop.call_soon_threadsafe(stop.set)
    serving.result(30)
    made.close()


@pytest.fixture(scope="module")
def document(desk: Desk) -> schemathesis.BaseSchema:
    """What the application says of itself."""
    return schemathesis.openapi.from_dict(desk.document)


@pytest.mark.slow
def test_answers_are_as_documented(desk: Desk, document: schemathesis.BaseSchema) -> None:
    asked = 0
    for found in document.include(path_regex="^/v1/").get_all_operations():
        _ask(desk, found.ok())
        asked += 1
    assert asked > 20


def _ask(desk: Desk, operation: schemathesis.APIOperation) -> None:
    """Send many cases to one operation."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=EVERY)
    def ask(case: schemathesis.Case) -> None:
        case.validate_response(desk.send(case), checks=CHECKS)

    ask()
