"""Who may do what: keys, roles, expiry, revocation, pace."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.clock import FakeClock
from services.keys import KeyRole, parse_token
from services.store import keys
from services.wiring import Parts
from tests.services.api.application import SNAPSHOT, Client, application, assembled, due, make_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNKNOWN = "00000000-0000-7000-8000-000000000000"
SUPPRESSION = {"debtorRef": "D-1", "scope": "person", "reason": "complaint"}
CONSENT = {"debtorRef": "D-1", "channel": "sms", "purpose": "collections", "state": "granted"}
HOLD = {"debtorRef": "D-1", "reason": "manual"}
REQUESTS = {
    "events": ("POST", "/v1/events", due()),
    "put debtor": ("PUT", "/v1/debtors/D-1", SNAPSHOT),
    "erase": ("DELETE", "/v1/debtors/D-9", None),
    "consent": ("POST", "/v1/consents", CONSENT),
    "suppress": ("POST", "/v1/suppressions", SUPPRESSION),
    "lift": ("DELETE", f"/v1/suppressions/{UNKNOWN}", None),
    "hold": ("POST", "/v1/holds", HOLD),
    "release": ("DELETE", f"/v1/holds/{UNKNOWN}", None),
    "stop": ("POST", "/v1/stops", {"reason": "test"}),
    "start": ("DELETE", f"/v1/stops/{UNKNOWN}", None),
    "stops": ("GET", "/v1/stops", None),
    "timeline": ("GET", "/v1/debtors/D-1/timeline", None),
    "message": ("GET", f"/v1/messages/{UNKNOWN}", None),
    "explanation": ("GET", f"/v1/messages/{UNKNOWN}/explanation", None),
}
READS = {"stops", "timeline", "message", "explanation"}
PERMISSIONS = {"consent", "suppress", "lift", "hold", "release"}
MAY = {
    KeyRole.VIEWER: READS,
    KeyRole.OPERATOR: READS | PERMISSIONS | {"stop", "start"},
    KeyRole.AUTHOR: READS,
    KeyRole.APPROVER: READS,
    KeyRole.SYSTEM: PERMISSIONS | {"events", "put debtor", "erase"},
    KeyRole.ADMIN: set(REQUESTS),
}


async def test_each_role_may_do_this_and_no_more(http: httpx.AsyncClient, parts: Parts) -> None:
    for role in KeyRole:
        client = Client(http, await make_key(parts.database, role, now=parts.clock.now()))
        assert await abilities(client) == MAY[role], role


async def abilities(client: Client) -> set[str]:
    """The requests that are not refused for the key's role."""
    able = set()
    for name, (method, path, body) in REQUESTS.items():
        answer = await client.send(method, path, body)
        assert answer.status_code in (200, 201, 204, 403, 404), (name, answer.text)
        if answer.status_code == 403:
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
            assert answer.headers["content-type"] == "application/problem+json"
        else:
            able.add(name)
    return able


async def test_without_a_key_nothing_is_read_and_nothing_told(http: httpx.AsyncClient) -> None:
    for header in (None, "Basic YTpi", "Bearer ", "Bearer nonsense", f"Bearer puntual_{'0' * 32}_x"):
        headers = {"authorization": header} if header else {}
        answer = await http.put("/v1/debtors/D-1", content=b"not even JSON", headers=headers)
        assert answer.status_code == 401, header
        assert answer.headers["www-authenticate"].startswith('Bearer realm="puntual"')
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_changed_secret_is_not_the_key(http: httpx.AsyncClient, parts: Parts) -> None:
    token = await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now())
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert (await Client(http, token).send("GET", "/v1/stops")).status_code == 200
    assert (await Client(http, other).send("GET", "/v1/stops")).status_code == 401


async def test_a_new_key_works_at_once_and_a_revoked_one_no_more_after_a_second(admin: Client, parts: Parts) -> None:
    assert (await admin.send("GET", "/v1/stops")).status_code == 200
    token = await make_key(parts.database, KeyRole.VIEWER, now=parts.clock.now())
    viewer = Client(admin.http, token)
    assert (await viewer.send("GET", "/v1/stops")).status_code == 200
    parsed = parse_token(token)
    assert parsed is not None
    async with parts.database.transaction() as connection:
        assert await keys.revoke(connection, parsed[0], parts.clock.now())
    assert isinstance(parts.clock, FakeClock)
    parts.clock.advance(timedelta(seconds=1))
    assert (await viewer.send("GET", "/v1/stops")).status_code == 401


async def test_a_key_ends_when_it_expires(http: httpx.AsyncClient, parts: Parts) -> None:
    now = parts.clock.now()
    client = Client(http, await make_key(parts.database, KeyRole.VIEWER, now=now, expires_in=timedelta(hours=1)))
    assert (await client.send("GET", "/v1/stops")).status_code == 200
    assert isinstance(parts.clock, FakeClock)
    parts.clock.advance(timedelta(hours=1))
    assert (await client.send("GET", "/v1/stops")).status_code == 401


async def test_only_a_digest_is_stored(parts: Parts) -> None:
    token = await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now())
    async with parts.database.reading() as connection:
        stored = str([tuple(row) for row in await connection.fetch("select * from api_key")])
    assert token.rpartition("_")[2] not in stored


async def test_a_key_that_asks_too_often_is_told_when_to_come_again(database_url: str, tmp_path: Path) -> None:
    parts = await assembled(database_url, tmp_path, api_per_second=2)
    transport = httpx.ASGITransport(application(parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://puntual.test") as http:
        client = Client(http, await make_key(parts.database, KeyRole.VIEWER, now=parts.clock.now()))
        statuses = [(await client.send("GET", "/v1/stops")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        refused = await client.send("GET", "/v1/stops")
        assert refused.headers["retry-after"] == "1"
        assert isinstance(parts.clock, FakeClock)
        parts.clock.advance(timedelta(seconds=1))
        assert (await client.send("GET", "/v1/stops")).status_code == 200
    await parts.close()
