"""Builds the application for tests, keys for it, and what callers send."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services import wiring
from services.activation import activate_folder
from services.api.app import make_app
from services.api.health import health_router
from services.api.routers import public_routers
from services.clock import FakeClock
from services.database import Database
from services.keys import KeyRole, new_key
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.store import keys
from services.wiring import Parts

TUESDAY = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
DEFINITIONS = Path(__file__).parents[2] / "end_to_end" / "definitions"
PROVIDERS = """
providers:
  - id: twilio-main
    type: twilio
    channels: [sms]
    base_url: http://127.0.0.1:9
    allow_custom_base_url: true
    account_sid: AC00000000000000000000000000000000
    auth_token: token-of-the-rehearsal
    senders: [{channel: sms, address: "+525550000000", per_second: 500}]
"""
SNAPSHOT = {
    "revision": 1,
    "displayName": "Zarvol Pérez Ñandú",
    "language": "es-MX",
    "country": "MX",
    "region": "MX-JAL",
    "timezone": "America/Mexico_City",
    "contactPoints": [
        {"contactPointRef": "cp1", "kind": "phone", "value": "+525520000007", "phoneType": "mobile"},
        {"contactPointRef": "cp2", "kind": "email", "value": "zarvol@correo.test"},
    ],
    "loans": [{"loanRef": "L-1", "role": "borrower", "productCode": "consumo", "creditorRef": "demo"}],
}
SECRETS = ("Zarvol", "Ñandú", "5520000007", "zarvol@correo.test")


async def assembled(dsn: str, folder: Path, *, providers: str = PROVIDERS, **settings: Any) -> Parts:
    """The parts over a database."""
    providers_file = folder / "providers.yaml"
    providers_file.write_text(providers)
    made = Settings.load(
        database_url=dsn,
        data_dir=folder / "data",
        providers_file=providers_file,
        campaigns_dir=DEFINITIONS,
        public_url="http://puntual.test",
        **settings,
    )
    clock = FakeClock(TUESDAY)
    database = await Database.connect(dsn, size=6)
    return wiring.assemble(made, clock=clock, database=database, bootstrap="127.0.0.1:9")


async def activate_campaigns(parts: Parts) -> None:
    """Let the sample campaigns run."""
    surroundings, _ = load_surroundings(parts.settings, parts.clock.now())
    async with parts.database.transaction() as connection:
        await activate_folder(connection, parts.settings, surroundings, parts.clock.now())


def application(parts: Parts) -> FastAPI:
    """The application of a process whose roles are all ready."""

    async def ready() -> dict[str, str]:
        return {}

    return make_app([health_router(ready), *public_routers(parts)], "0")


async def make_key(
    database: Database, role: KeyRole, *, now: datetime, name: str = "tests", expires_in: timedelta | None = None
) -> str:
    """A stored key, as it is shown."""
    made = new_key(name, role, now=now, expires_in=expires_in)
    async with database.transaction() as connection:
        await keys.add(connection, made.row)
    return made.token


@dataclass(frozen=True, slots=True)
class Client:
    """Calls with one key."""

    http: httpx.AsyncClient
    key: str

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request; `body` goes as JSON, names of headers are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if content is not None:
            given.setdefault("content-type", "application/json")
        return await self.http.request(
            method, path, content=content, headers={"authorization": f"Bearer {self.key}", **given}
        )

    async def debtor(self, ref: str = "D-1", **changes: Any) -> httpx.Response:
        """Put a snapshot."""
        return await self.send("PUT", f"/v1/debtors/{ref}", {**SNAPSHOT, **changes})

    async def events(self, *events: dict[str, Any]) -> httpx.Response:
        """Post a batch."""
        return await self.send("POST", "/v1/events", list(events), content_type="application/cloudevents-batch+json")

    async def timeline(self, ref: str = "D-1", kind: str | None = None) -> list[dict[str, Any]]:
        """Everything that happened, of one kind or all."""
        answer = await self.send("GET", f"/v1/debtors/{ref}/timeline?limit=200")
        assert answer.status_code == 200, answer.text
        return [item for item in answer.json()["items"] if kind in (None, item["kind"])]


def due(event_id: str = "e-1", *, debtor: str = "D-1", loan: str = "L-1", **changes: Any) -> dict[str, Any]:
    """An installment falls due."""
    data = {
        "debtorRef": debtor,
        "loanRef": loan,
        "installmentNumber": 7,
        "dueDate": "2026-11-24",
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
        "totalOutstanding": {"amount": "9800.00", "currency": "MXN"},
    }
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "urn:core:test",
        "type": "io.puntual.installment.due.v1",
        "time": "2026-11-24T06:00:00Z",
        "data": {**data, **changes},
    }
