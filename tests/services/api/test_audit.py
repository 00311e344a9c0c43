"""`GET /v1/audit`: who changed what, for admins and auditors alone."""

import httpx
import pytest

from services.auditing import Action, record
from services.keys import KeyRole, new_key
from services.store import keys
from services.wiring import Parts
from tests.services.api.application import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")

WHO = "cli:audit-test"


async def write(parts: Parts, *subjects: str) -> None:
    """Leave rows in the log, in this order; it is append-only, so that others' stay there too."""
    for subject in subjects:
        async with parts.database.transaction() as connection:
            details = {"reason": "drill", "names": ["a", "b"]}
            now = parts.clock.now()
            await record(connection, actor=WHO, action=Action.STOP_MADE, subject=subject, details=details, now=now)


async def subjects(client: Client, query: str) -> list[str]:
    answer = await client.send("GET", f"/v1/audit?{query}")
    assert answer.status_code == 200, answer.text
    return [item["subject"] for item in answer.json()["items"]]


async def test_the_newest_come_first_page_by_page(admin: Client, parts: Parts) -> None:
    await write(parts, "page/1", "page/2", "page/3")
    first = (await admin.send("GET", f"/v1/audit?actor={WHO}&limit=2")).json()
    assert [item["subject"] for item in first["items"]] == ["page/3", "page/2"]
    assert first["items"][0]["details"] == {"reason": "drill", "names": ["a", "b"]}
    second = (await admin.send("GET", f"/v1/audit?actor={WHO}&limit=2&cursor={first['next']}")).json()
    assert ([item["subject"] for item in second["items"]], second["next"]) == (["page/1"], None)


async def test_entries_are_found_by_what_they_say_and_when(admin: Client, parts: Parts) -> None:
    await write(parts, "found/1")
    assert await subjects(admin, "subject=found/1&action=stop.made&from=2026-11-24&to=2026-11-25") == ["found/1"]
    assert await subjects(admin, "subject=found/1&action=stop.lifted") == []
    assert await subjects(admin, "subject=found/1&from=2026-11-24T15:30:01Z") == []
    assert await subjects(admin, "subject=found/1&to=2026-11-24") == []


async def test_what_cannot_be_asked_for_is_a_problem(admin: Client) -> None:
    cursor = (await admin.send("GET", "/v1/stops?limit=1")).json()["next"] or "e30"
    for query in ("action=none", "from=soon", "to=2026-13-01", "actor=%00", "limit=0", f"cursor={cursor}"):
        answer = await admin.send("GET", f"/v1/audit?{query}")
        assert answer.status_code == 422, query
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_auditors_key_reads_the_log_and_nothing_else(http: httpx.AsyncClient, parts: Parts) -> None:
    made = new_key("auditor", KeyRole.ADMIN, now=parts.clock.now(), expires_in=None, scopes=["audit"])
    async with parts.database.transaction() as connection:
        await keys.add(connection, made.row)
    auditor = Client(http, made.token)
    assert (await auditor.send("GET", "/v1/audit")).status_code == 200
    assert (await auditor.send("GET", "/v1/stops")).status_code == 403
    assert (await auditor.send("POST", "/v1/stops", {"reason": "x"})).status_code == 403
