"""A request sent again under its Idempotency-Key has no second effect, not even at the same moment."""

import asyncio

import pytest

from services.keys import KeyRole
from services.wiring import Parts
from tests.services.api.application import Client, make_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

STOP = {"channel": "sms", "reason": "test"}


async def count(parts: Parts) -> int:
    async with parts.database.reading() as connection:
        found: int = await connection.fetchval("select count(*) from stop")
        return found


async def test_the_same_request_gets_the_same_answer_and_another_is_refused(admin: Client, parts: Parts) -> None:
    first = await admin.send("POST", "/v1/stops", STOP, idempotency_key="k-1")
    again = await admin.send("POST", "/v1/stops", STOP, idempotency_key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    other = await admin.send("POST", "/v1/stops", {**STOP, "reason": "other"}, idempotency_key="k-1")
    assert other.status_code == 422
    assert await count(parts) == 1


async def test_a_key_belongs_to_its_caller(admin: Client, parts: Parts) -> None:
    other = Client(admin.http, await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now(), name="other"))
    await admin.send("POST", "/v1/stops", STOP, idempotency_key="k-1")
    await other.send("POST", "/v1/stops", STOP, idempotency_key="k-1")
    assert await count(parts) == 2


async def test_requests_at_once_on_several_connections_have_one_effect(admin: Client, parts: Parts) -> None:
    answers = await asyncio.gather(*(admin.send("POST", "/v1/stops", STOP, idempotency_key="k-1") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await count(parts) == 1


async def test_a_refused_request_does_not_use_its_key_up(admin: Client, parts: Parts) -> None:
    assert (await admin.send("DELETE", "/v1/debtors/D-1", idempotency_key="k-1")).status_code == 404
    assert (await admin.debtor("D-1")).status_code == 200
    assert (await admin.send("DELETE", "/v1/debtors/D-1", idempotency_key="k-1")).status_code == 204
    assert (await admin.send("DELETE", "/v1/debtors/D-1", idempotency_key="k-1")).status_code == 204


async def test_an_idempotency_key_that_is_none_is_refused(admin: Client) -> None:
    assert (await admin.send("POST", "/v1/stops", STOP, idempotency_key="")).status_code == 422
    assert (await admin.send("POST", "/v1/stops", STOP, idempotency_key="x" * 256)).status_code == 422
