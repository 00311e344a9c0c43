"""Every route of the API and every role: who is let in, and who is refused whatever they send."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.keys import KeyRole, new_key
from services.store import keys
from services.wiring import Parts
from tests.services.api.application import Client, make_key
from tests.services.api.test_routes import addresses

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNKNOWN = "00000000-0000-7000-8000-000000000000"
READERS = frozenset({KeyRole.VIEWER, KeyRole.OPERATOR, KeyRole.AUTHOR, KeyRole.APPROVER})
DESK = frozenset({KeyRole.OPERATOR, KeyRole.SYSTEM})
CORE = frozenset({KeyRole.SYSTEM})
OPERATORS, AUTHORS, APPROVERS = (frozenset({role}) for role in (KeyRole.OPERATOR, KeyRole.AUTHOR, KeyRole.APPROVER))
AUDITORS: frozenset[KeyRole] = frozenset()
OTHERS = {
    "GET /v1/audit": AUDITORS,
    "POST /v1/events": CORE,
    "PUT /v1/debtors/*": CORE,
    "DELETE /v1/debtors/*": CORE,
    "POST /v1/consents": DESK,
    "POST /v1/suppressions": DESK,
    "DELETE /v1/suppressions/*": DESK,
    "POST /v1/holds": DESK,
    "DELETE /v1/holds/*": DESK,
    "POST /v1/stops": OPERATORS,
    "DELETE /v1/stops/*": OPERATORS,
    "POST /v1/campaigns": AUTHORS,
    "POST /v1/campaigns/simulate": AUTHORS,
    "POST /v1/campaigns/*/approve": APPROVERS,
    "POST /v1/campaigns/*/reject": APPROVERS,
    "POST /v1/campaigns/*/pause": OPERATORS,
    "POST /v1/campaigns/*/resume": APPROVERS,
    "POST /v1/campaigns/*/retire": APPROVERS,
}
"""Whom a route lets in beside admins where it writes, or tells what not every reader may know."""


def routes(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, address and name of every route under /v1."""
    found = [(method, path) for method, path in addresses(app) if path.startswith("/v1/") and method != "HEAD"]
    return [(method, path, f"{method} {path.replace(UNKNOWN, '*')}") for method, path in found]


async def test_every_route_lets_in_exactly_these_roles(app: FastAPI, http: httpx.AsyncClient, parts: Parts) -> None:
    every = routes(app)
    let_in: dict[str, set[KeyRole]] = {name: set() for _, _, name in every}
    for role in KeyRole:
        client = Client(http, await make_key(parts.database, role, now=parts.clock.now()))
        for method, path, name in every:
            body = None if method in ("GET", "DELETE") else {}
            answer = await client.send(method, path, body)
            assert answer.status_code != 401, name
            if answer.status_code != 403:
                let_in[name].add(role)
    expected = {name: {KeyRole.ADMIN, *OTHERS.get(name, READERS)} for name in let_in}
    assert let_in == expected
    assert set(OTHERS) == {name for name in let_in if not name.startswith("GET ")} | {"GET /v1/audit"}


async def test_scopes_narrow_a_key_to_a_part_of_its_role(http: httpx.AsyncClient, parts: Parts) -> None:
    now = parts.clock.now()
    made = new_key("narrow", KeyRole.OPERATOR, now=now, expires_in=timedelta(days=1), scopes=["read", "author"])
    async with parts.database.transaction() as connection:
        await keys.add(connection, made.row)
    client = Client(http, made.token)
    assert (await client.send("GET", "/v1/stops")).status_code == 200
    refused = await client.send("POST", "/v1/stops", {"reason": "x"})
    assert refused.status_code == 403
    assert "scopes" in refused.json()["detail"]
    assert (await client.send("POST", "/v1/campaigns", {})).status_code == 403


async def test_a_day_is_written_as_one(admin: Client) -> None:
    for wrong in ("0", "1700000000", "2026-11-24T00:00:00", "24/11/2026", "2026-13-01", ""):
        answer = await admin.send("GET", f"/v1/kpis?to={wrong}")
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"][0]["at"] == "query.to"
    assert (await admin.send("GET", "/v1/kpis?from=2026-11-01&to=2026-11-24&by=agent")).status_code == 200
    assert (await admin.send("GET", "/v1/kpis?to=0001-01-02")).status_code in (200, 422)
    assert (await admin.send("GET", "/v1/kpis?campaign=%00")).status_code == 422
