"""Campaigns by HTTP: one key submits, another approves, anybody who may read looks."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.keys import KeyRole
from services.wiring import Parts
from tests.services.api.application import application, assembled, make_key
from tests.services.campaigns.deployment import DEFINITION

TEXT = DEFINITION.format(version=1, between="09:00-19:00")
ROW = {
    "debtor_ref": "D-1", "name": "María Núñez", "phone": "+525512345678", "timezone": "America/Mexico_City",
    "loan_ref": "L-1", "product": "consumo", "creditor_ref": "demo", "currency": "MXN",
    "total_outstanding": "900.00", "installment_number": "3", "due_date": "2026-11-25", "amount_due": "350.00",
}  # fmt: skip


@pytest.fixture
async def parts(database_url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    """A deployment that nobody calls."""
    made = await assembled(database_url, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def http(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key."""
    transport = httpx.ASGITransport(application(parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://puntual.test") as client:
        yield client


async def bearer(parts: Parts, role: KeyRole, name: str) -> dict[str, str]:
    """The header of a new key."""
    key = await make_key(parts.database, role, now=parts.clock.now(), name=name)
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}


async def test_submitted_by_one_and_approved_by_another(parts: Parts, http: httpx.AsyncClient) -> None:
    author = await bearer(parts, KeyRole.AUTHOR, "ana")
    approver = await bearer(parts, KeyRole.APPROVER, "berta")
    submitted = await http.post("/v1/campaigns", json={"definition": TEXT}, headers=author)
    assert (submitted.status_code, submitted.json()["state"]) == (201, "submitted")
    refused = await http.post("/v1/campaigns/aviso/approve", json={}, headers=author)
    assert refused.status_code == 403
    approved = await http.post("/v1/campaigns/aviso/approve", json={"version": 1}, headers=approver)
    assert (approved.status_code, approved.json()["approvedBy"]) == (200, "berta")
    paused = await http.post("/v1/campaigns/aviso/pause", json={"reason": "drill"}, headers=await operator(parts))
    assert paused.json()["state"] == "paused"
    shown = (await http.get("/v1/campaigns/aviso", headers=author)).json()
    assert [(each["action"], each["actor"]) for each in shown["history"]] == [
        ("submitted", "ana"),
        ("approved", "berta"),
        ("paused", "otto"),
    ]
    assert shown["texts"]["definition"] == TEXT
    listed = (await http.get("/v1/campaigns", headers=author)).json()
    assert [each["campaign"] for each in listed["items"]] == ["aviso"]


async def operator(parts: Parts) -> dict[str, str]:
    """Somebody who may stop things."""
    return await bearer(parts, KeyRole.OPERATOR, "otto")


async def test_an_admin_does_not_approve_their_own(parts: Parts, http: httpx.AsyncClient) -> None:
    admin = await bearer(parts, KeyRole.ADMIN, "eva")
    await http.post("/v1/campaigns", json={"definition": TEXT}, headers=admin)
    refused = await http.post("/v1/campaigns/aviso/approve", json={}, headers=admin)
    assert refused.status_code == 409
    assert "somebody else" in refused.json()["detail"]


async def test_problems_have_their_places(parts: Parts, http: httpx.AsyncClient) -> None:
    author = await bearer(parts, KeyRole.AUTHOR, "ana")
    wrong: dict[str, Any] = {"definition": TEXT.replace("vencido_1", "nada")}
    answer = await http.post("/v1/campaigns", json=wrong, headers=author)
    assert answer.status_code == 422
    assert answer.json()["problems"][0].startswith("definition:")


async def test_a_small_portfolio_is_simulated(parts: Parts, http: httpx.AsyncClient) -> None:
    author = await bearer(parts, KeyRole.AUTHOR, "ana")
    body = {"definition": TEXT, "from": "2026-11-24", "days": 7, "portfolio": [ROW]}
    answer = await http.post("/v1/campaigns/simulate", json=body, headers=author)
    assert answer.status_code == 200, answer.text
    result = answer.json()["result"]
    assert (result["debtors"], result["messages"]) == (1, 2)
    wrong = await http.post("/v1/campaigns/simulate", json={**body, "portfolio": [{"x": "1"}]}, headers=author)
    assert wrong.status_code == 422


async def test_a_version_comes_with_the_simulation_that_its_approver_looks_at(
    parts: Parts, http: httpx.AsyncClient
) -> None:
    author = await bearer(parts, KeyRole.AUTHOR, "ana")
    body = {"definition": TEXT, "from": "2026-11-24", "days": 7, "portfolio": [ROW]}
    result = (await http.post("/v1/campaigns/simulate", json=body, headers=author)).json()["result"]
    other = {**result, "campaigns": [{**result["campaigns"][0], "fingerprint": "00" * 32}]}
    refused = await http.post("/v1/campaigns", json={"definition": TEXT, "simulation": other}, headers=author)
    assert (refused.status_code, "of other content" in refused.json()["detail"]) == (409, True)
    submitted = await http.post("/v1/campaigns", json={"definition": TEXT, "simulation": result}, headers=author)
    assert submitted.status_code == 201, submitted.text
    approver = await bearer(parts, KeyRole.APPROVER, "berta")
    approved = await http.post("/v1/campaigns/aviso/approve", json={}, headers=approver)
    assert approved.status_code == 200, approved.text
    shown = (await http.get("/v1/campaigns/aviso", headers=author)).json()
    first, second = (each["simulation"] for each in shown["history"])
    assert first == second
    assert first is not None
