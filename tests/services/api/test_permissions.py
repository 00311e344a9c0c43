"""Debtors, consents, suppressions and holds by HTTP have the effect of the events they stand for."""

from typing import Any

import pytest
import pytest_asyncio

from services.wiring import Parts
from tests.services.api.application import SECRETS, Client, due

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def planned(admin: Client, parts: Parts) -> Client:
    """A debtor with one planned message."""
    await admin.debtor()
    assert (await admin.events(due())).json()["accepted"] == 1
    assert await state(parts) == "planned"
    return admin


async def state(parts: Parts) -> Any:
    async with parts.database.reading() as connection:
        return await connection.fetchval("select state from message")


async def test_a_snapshot_plans_and_an_older_revision_changes_nothing(admin: Client, parts: Parts) -> None:
    await admin.events(due())
    put = await admin.debtor(revision=3)
    assert (put.status_code, put.json()) == (200, {"debtorRef": "D-1", "status": "accepted", "revision": 3})
    assert await state(parts) == "planned"
    older = await admin.debtor(revision=2, region="MX-CMX")
    assert older.json() == {"debtorRef": "D-1", "status": "outdated", "revision": 3}
    async with parts.database.reading() as connection:
        assert await connection.fetchval("select region from debtor") == "MX-JAL"


async def test_the_reference_of_the_address_counts_slashes_and_spaces_too(admin: Client) -> None:
    assert (await admin.send("PUT", "/v1/debtors/D-1", {"debtorRef": "D-2"})).status_code == 422
    assert (await admin.debtor("BR%2F0%201")).json()["debtorRef"] == "BR/0 1"
    assert (await admin.send("GET", "/v1/debtors/BR%2F0%201/timeline")).status_code == 200
    assert (await admin.debtor("%00")).status_code == 422


async def test_an_erased_debtor_is_forgotten_and_nothing_is_sent(planned: Client, parts: Parts) -> None:
    assert (await planned.send("DELETE", "/v1/debtors/D-1")).status_code == 204
    assert await state(parts) == "cancelled"
    async with parts.database.reading() as connection:
        assert await connection.fetchval("select person_key is null and sealed is null from debtor")


async def test_a_suppression_is_in_force_until_it_is_lifted(planned: Client, parts: Parts) -> None:
    made = await planned.send("POST", "/v1/suppressions", {"debtorRef": "D-1", "reason": "complaint"})
    assert made.status_code == 201, made.text
    assert await state(parts) == "cancelled"
    lifted = await planned.send("DELETE", f"/v1/suppressions/{made.json()['id']}")
    assert lifted.status_code == 204
    kinds = [item["kind"] for item in await planned.timeline()]
    assert kinds.count("suppression") == kinds.count("suppression.lifted") == 1


async def test_a_stop_that_the_debtor_asked_for_is_not_lifted_by_others(admin: Client, parts: Parts) -> None:
    await admin.debtor()
    async with parts.database.transaction() as connection:
        await connection.execute(
            "insert into suppression (id, debtor_ref, kind, scope, channel, reason, since, source, recorded_at)"
            " values ('00000000-0000-7000-8000-000000000001', 'D-1', 'suppress', 'channel', 'sms', 'opt_out',"
            " $1, 'reply', $1)",
            parts.clock.now(),
        )
    refused = await admin.send("DELETE", "/v1/suppressions/00000000-0000-7000-8000-000000000001")
    assert refused.status_code == 409
    assert await admin.timeline(kind="suppression.lifted") == []


async def test_a_hold_on_a_loan_ends_when_it_is_ended(planned: Client, parts: Parts) -> None:
    made = await planned.send("POST", "/v1/holds", {"loanRef": "L-1", "reason": "dispute"})
    assert made.status_code == 201, made.text
    assert made.json()["debtorRef"] == "D-1"
    assert await state(parts) == "cancelled"
    assert (await planned.send("DELETE", f"/v1/holds/{made.json()['id']}")).status_code == 204
    assert (await planned.send("DELETE", f"/v1/holds/{made.json()['id']}")).status_code == 204
    assert len(await planned.timeline(kind="hold.released")) == 1


async def test_a_hold_reaches_people_whose_events_are_still_on_the_way(admin: Client, parts: Parts) -> None:
    assert (await admin.send("POST", "/v1/holds", {"debtorRef": "D-1", "reason": "legal"})).status_code == 201
    await admin.debtor()
    await admin.events(due())
    async with parts.database.reading() as connection:
        held = await connection.fetchval("select count(*) from hold where debtor_ref = 'D-1' and released_at is null")
    assert held == 1


async def test_a_loan_of_somebody_else_is_not_held_under_this_name(planned: Client) -> None:
    answer = await planned.send("POST", "/v1/holds", {"debtorRef": "D-2", "loanRef": "L-1", "reason": "dispute"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "body.loanRef"


async def test_a_consent_is_recorded_with_its_own_date(admin: Client) -> None:
    body = {"debtorRef": "D-1", "channel": "sms", "purpose": "collections", "state": "granted"}
    given = await admin.send("POST", "/v1/consents", {**body, "effectiveAt": "2026-01-10T10:00:00Z"})
    assert (given.status_code, given.json()) == (201, {"debtorRef": "D-1", "status": "accepted"})
    assert (await admin.send("POST", "/v1/consents", {**body, "state": "withdrawn"})).status_code == 201
    recorded = [(item["at"][:10], item["data"]["state"]) for item in await admin.timeline(kind="consent")]
    assert recorded == [("2026-01-10", "granted"), ("2026-11-24", "withdrawn")]


async def test_a_timeline_has_everything_in_order_page_by_page_and_nobodys_data(planned: Client) -> None:
    await planned.send("POST", "/v1/holds", {"debtorRef": "D-1", "reason": "manual"})
    whole = await planned.timeline()
    assert [item["at"] for item in whole] == sorted(item["at"] for item in whole)
    pages, cursor = [], ""
    while True:
        page = (await planned.send("GET", f"/v1/debtors/D-1/timeline?limit=1{cursor}")).json()
        pages += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert pages == whole
    assert {"message", "hold"} <= {item["kind"] for item in whole}
    assert not any(secret in str(whole) for secret in SECRETS)


async def test_a_message_is_told_and_explained_in_both_languages(planned: Client) -> None:
    (message,) = await planned.timeline(kind="message")
    told = (await planned.send("GET", f"/v1/messages/{message['ref']}")).json()
    assert (told["debtorRef"], told["state"], told["installmentNumber"], told["attempts"]) == ("D-1", "planned", 7, [])
    path = f"/v1/messages/{message['ref']}/explanation"
    spanish = (await planned.send("GET", path)).json()
    english = (await planned.send("GET", f"{path}?language=en")).json()
    assert spanish["summary"].startswith("Aún no se envía: está planeado para el 24 de noviembre de 2026")
    assert english["summary"].startswith("It was not sent yet: it is planned for 24 November 2026")
    assert english["nextPermittedAt"] == told["dueAt"]
    assert (await planned.send("GET", f"{path}?language=fr")).status_code == 422
