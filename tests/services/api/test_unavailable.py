"""When the database is away, callers are told to come again."""

from pathlib import Path

import httpx

from services.keys import KeyRole
from tests.services.api.application import Client, application, assembled, make_key


async def test_without_a_database_the_answer_is_503_with_when_to_come_again(database_url: str, tmp_path: Path) -> None:
    parts = await assembled(database_url, tmp_path)
    token = await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now())
    transport = httpx.ASGITransport(application(parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://puntual.test") as http:
        await parts.close()
        answer = await Client(http, token).send("GET", "/v1/stops")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
