"""A telephone line to rehearse on: the real application and database, a simulated Twilio, and those it calls."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import aiohttp
import uvicorn
from twilio.request_validator import RequestValidator

from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from channels.simulators.twilio_store import SimulatedCall
from services import wiring
from services.activation import activate_folder
from services.clock import FakeClock
from services.database import Database
from services.keys import KeyRole
from services.lint_surroundings import load_surroundings
from services.settings import PROJECT_ROOT, Settings
from services.store import timeline
from services.wiring import Parts
from tests.end_to_end.waiting import eventually
from tests.ports import free_port
from tests.services.api.application import application, due, make_key
from tests.services.calls.structure import check_structure

QUICK = partial(SimulatorSettings, receipt_delay=0.0)
"""A provider that behaves well, at once."""
TUESDAY = datetime(2026, 11, 24, 16, tzinfo=UTC)
DEFINITIONS = Path(__file__).with_name("definitions")
ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-rehearsal"
CALLER, TEXTER = "+525550000002", "+525550000000"
PROVIDERS = """
providers:
  - id: twilio-main
    type: twilio
    channels: [sms, voice]
    base_url: {url}
    allow_custom_base_url: true
    account_sid: {account}
    auth_token: {token}
    senders:
      - {{channel: sms, address: "{texter}", per_second: 500}}
      - {{channel: voice, address: "{caller}", per_second: 500}}
"""


@dataclass(slots=True)
class Line:
    """Everything up, with the clock standing still."""

    parts: Parts
    clock: FakeClock
    twilio: TwilioSimulator
    url: str
    key: str
    numbers: dict[str, str] = field(default_factory=dict)
    ref: str = ""
    """The person of whom the directory told last; whom everything is about where nobody is named."""

    async def know(self, *, phone: str | None = None, product: str = "consumo", **more: Any) -> str:
        """The directory tells of somebody new; gives their ref."""
        ref = self.ref = f"D-{len(self.numbers) + 1}"
        self.numbers[ref] = phone or f"+52552000{len(self.numbers) + 10:04d}"
        snapshot = {
            "revision": 1,
            "displayName": "Zarvol Pérez Ñandú",
            "language": "es-MX",
            "country": "MX",
            "region": "MX-CMX",
            "timezone": "America/Mexico_City",
            "contactPoints": [{"contactPointRef": "cp1", "kind": "phone", "value": self.numbers[ref]}],
            "loans": [{"loanRef": f"L-{ref}", "role": "borrower", "productCode": product, "creditorRef": "demo"}],
        }
        await self._send("PUT", f"/v1/debtors/{ref}", {**snapshot, **more})
        return ref

    async def due(self, *, ref: str | None = None, event_id: str = "e", **more: Any) -> None:
        """An installment falls due."""
        ref = ref or self.ref
        await self.tell(due(f"{event_id}-{ref}", debtor=ref, loan=f"L-{ref}", **more))

    async def pay(self, amount: str) -> None:
        """This person pays."""
        data = {
            "debtorRef": self.ref,
            "loanRef": f"L-{self.ref}",
            "paymentRef": f"p-{self.ref}",
            "kind": "repayment",
            "amount": {"amount": amount, "currency": "MXN"},
            "valueDate": "2026-11-24",
        }
        event = due(f"p-{self.ref}")
        await self.tell(
            {**event, "type": "io.puntual.payment.received.v1", "time": "2026-11-24T15:00:00Z", "data": data}
        )

    async def erase(self) -> None:
        """The directory asks to forget this person."""
        await self._send("DELETE", f"/v1/debtors/{self.ref}", None)

    async def tell(self, event: dict[str, Any]) -> None:
        """The core tells something."""
        await self._send("POST", "/v1/events", event, "application/cloudevents+json")

    @property
    def number(self) -> str:
        """This person's number."""
        return self.numbers[self.ref]

    async def call(self, *keys: str, **more: Any) -> SimulatedCall:
        """Somebody new is called about a debt and presses these keys, one item a question; the call to its end."""
        await self.know(**more)
        self.presses(*keys)
        await self.due()
        return await self.ended()

    def presses(self, *keys: str) -> None:
        """What this person presses from now on."""
        self.twilio.settings.callers[self.number] = keys

    async def ended(self) -> SimulatedCall:
        """Wait for the one call to this person to be over, and everything told."""
        calls = await eventually(self.calls, f"a call to {self.ref}")
        await self.twilio.settled()
        (call,) = calls
        for script in call.scripts:
            check_structure(script)
        return call

    def calls(self) -> list[SimulatedCall]:
        """The calls to this person."""
        return [call for call in self.twilio.calls if call.to == self.number]

    async def call_in(self, number: str, *keys: str) -> SimulatedCall:
        """Somebody calls our number."""
        self.twilio.settings.callers[number] = keys
        url = f"{self.url}/callbacks/twilio/voice"
        return await self.twilio.call_in(from_address=number, to_address=CALLER, url=url)

    async def told(self, kind: str | None = None, *, ref: str | None = None) -> list[dict[str, Any]]:
        """What is published about this person, of one kind or all, in order; each with its kind."""
        rows = await self.rows("select type, payload::text as data from outbox order by seq")
        events = [
            {"kind": row["type"].removeprefix("io.puntual.").removesuffix(".v1"), **json.loads(row["data"])}
            for row in rows
        ]
        ref = ref or self.ref
        return [each for each in events if each.get("debtorRef") == ref and kind in (None, each["kind"])]

    async def life(self) -> list[str]:
        """The kinds of what was said of this person's message, in order."""
        kinds = [event["kind"] for event in await self.told()]
        return [kind.removeprefix("message.") for kind in kinds if kind.startswith("message.")]

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """Rows of the database."""
        async with self.parts.database.reading() as connection:
            return list(await connection.fetch(sql, *arguments))

    async def outcome(self, call: SimulatedCall) -> str | None:
        """What a call came to, as the timeline of this person tells it."""
        async with self.parts.database.reading() as connection:
            page = await timeline.page(connection, self.ref, after=timeline.BEGINNING, limit=1000)
        sql = """select c.id from call c left join attempt a on a.id = c.attempt_id and not c.inbound
            where $1 in (c.provider_ref, a.provider_ref)"""
        (row,) = await self.rows(sql, call.sid)
        (told,) = [each for each in page if each.kind == "call" and each.ref == str(row["id"])]
        return told.data["outcome"]

    async def press(self, call: SimulatedCall, asked: int, keys: str) -> str:
        """Post keys, signed, to the question of a script by its place, whatever the call does; gives the answer."""
        gather = ElementTree.fromstring(call.scripts[asked]).find("Gather")
        assert gather is not None
        form = {"CallSid": call.sid, "AccountSid": ACCOUNT, "From": call.sender, "To": call.to, "Digits": keys}
        form["Direction"] = call.direction
        status, script = await self.post(gather.attrib["action"], form)
        assert status == 200
        check_structure(script)
        return script

    async def post(self, url: str, form: dict[str, str], signature: str | None = None) -> tuple[int, str]:
        """Post to an address with this signature, or a good one."""
        good = RequestValidator(TOKEN).compute_signature(url, form)
        headers = {"X-Twilio-Signature": good if signature is None else signature}
        async with aiohttp.ClientSession() as client, client.post(url, data=form, headers=headers) as answer:
            return answer.status, await answer.text()

    async def _send(self, method: str, path: str, body: Any, kind: str = "application/json") -> None:
        headers = {"authorization": f"Bearer {self.key}", "content-type": kind}
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, self.url + path, data=json.dumps(body), headers=headers) as answer,
        ):
            assert answer.status < 300, await answer.text()


def spoken(script: str) -> str:
    """Everything a script says, in order."""
    return " ".join(say.text or "" for say in ElementTree.fromstring(script).iter("Say"))


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Leave the signals to pytest."""


@asynccontextmanager
async def a_line(dsn: str, folder: Path, *, now: datetime = TUESDAY, proof: str | None = None) -> AsyncIterator[Line]:
    """A line whose application serves, dispatches and takes receipts; `proof` is what its lender asks callees for."""
    port = free_port()
    async with TwilioSimulator(auth_token=TOKEN, settings=QUICK(), clock=now.timestamp) as twilio:
        settings = _settings(dsn, folder, port, twilio.url, proof)
        clock = FakeClock(now)
        database = await Database.connect(dsn, size=8)
        parts = wiring.assemble(settings, clock=clock, database=database, bootstrap="127.0.0.1:9")
        surroundings, _ = load_surroundings(settings, now)
        async with database.transaction() as connection:
            await activate_folder(connection, settings, surroundings, now)
        key = await make_key(database, KeyRole.ADMIN, now=now)
        async with _working(parts, port):
            yield Line(parts, clock, twilio, settings.public_url, key)
        await parts.close()


def _settings(dsn: str, folder: Path, port: int, twilio: str, proof: str | None) -> Settings:
    creditors = folder / "creditors.yaml"
    lender = (PROJECT_ROOT / "deploy" / "creditors.yaml").read_text("utf-8")
    creditors.write_text(lender.replace("    brand: Demo", f"    call_proof: {proof or 'null'}\n    brand: Demo"))
    providers = folder / "providers.yaml"
    providers.write_text(PROVIDERS.format(url=twilio, account=ACCOUNT, token=TOKEN, texter=TEXTER, caller=CALLER))
    return Settings.load(
        database_url=dsn,
        data_dir=folder / "data",
        providers_file=providers,
        creditors_file=creditors,
        campaigns_dir=DEFINITIONS,
        public_url=f"http://127.0.0.1:{port}",
    )


@asynccontextmanager
async def _working(parts: Parts, port: int) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    server = _Server(uvicorn.Config(application(parts), host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    loops = [
        asyncio.create_task(parts.receipts.run(stopping)),
        asyncio.create_task(wiring.make_dispatch(parts).run(stopping)),
    ]
    await eventually(lambda: server.started, "the server to listen")
    try:
        yield
    finally:
        stopping.set()
        server.should_exit = True
        await asyncio.gather(serving, *loops)
