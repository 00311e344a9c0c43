"""A world that answers its debtors, by SMS and by WhatsApp."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from channels.simulators.twilio_store import SimulatedMessage
from services.settings import PROJECT_ROOT
from tests.end_to_end.fixtures import a_world
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.world import ACCOUNT, DEFINITIONS, World

WHATSAPP = "whatsapp:+525550000001"
CONFIRMATION = "  - {id: baja, on: reply.opt_out, channels: [whatsapp, sms], template: respuesta_baja}\n"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Accept-Language": "es-MX,es;q=0.9",
}


def write_definitions(folder: Path) -> Path:
    """The reminder of every world, the sample answers, and the confirmation of stops."""
    folder.mkdir(parents=True)
    (folder / "vence.yaml").write_text((DEFINITIONS / "vence.yaml").read_text("utf-8"), "utf-8")
    answers = (PROJECT_ROOT / "campaigns" / "definitions" / "respuestas.yaml").read_text("utf-8")
    (folder / "respuestas.yaml").write_text(answers + CONFIRMATION, "utf-8")
    return folder


@asynccontextmanager
async def talking_world(folder: Path, server: str, template: str) -> AsyncIterator[World]:
    """A started world that answers; `server` and `template` as for any world."""
    definitions = write_definitions(folder / "answers")
    providers = folder / "providers-with-whatsapp.yaml"
    settings = {"definitions": definitions, "providers_file": str(providers)}
    async with a_world(folder / "world", server, template, **settings) as world:
        text = (folder / "world" / "providers.yaml").read_text("utf-8")
        text = text.replace("channels: [sms]", "channels: [sms, whatsapp]")
        text += f'      - {{channel: whatsapp, address: "{WHATSAPP}", per_second: 80}}\n'
        text = text.replace("    senders: [{", "    senders:\n      - {").replace("}]\n", "}\n")
        approval = "{enabled: true, approved_by: consejo, approved_on: 2026-11-01, policy_version: '2026-10'}"
        providers.write_text(f"{text}whatsapp: {approval}\n", "utf-8")
        await world.start(public_url=world.serve.url)
        yield world


def surely(debtor: Debtor) -> dict[str, Any]:
    """What a snapshot says of a number that is known to be the debtor's own."""
    phone = {"contactPointRef": "cp1", "kind": "phone", "value": debtor.phone, "phoneType": "mobile", "verified": True}
    return {"contactPoints": [phone]}


def sent_to(world: World, debtor: Debtor, *, whatsapp: bool = False) -> list[SimulatedMessage]:
    """What the provider took for this person by one channel, in order."""
    address = f"whatsapp:{debtor.phone}" if whatsapp else debtor.phone
    return [message for message in world.handed if message.to == address]


def link_in(body: str, world: World) -> str:
    """The payment link of a message."""
    before, found, rest = body.partition(f"{world.serve.url}/l/")
    assert found, before
    return found + rest[:12]


async def whatsapp(world: World, debtor: Debtor, text: str, **extra: str) -> int | None:
    """The debtor writes by WhatsApp."""
    return await world.provider.inbound(
        from_address=f"whatsapp:{debtor.phone}",
        to_address=WHATSAPP,
        body=text,
        url=f"{world.serve.url}/callbacks/twilio/inbound",
        account_sid=ACCOUNT,
        **extra,
    )


async def visit(address: str, method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """Status, target and text of a visit, by a telephone's browser unless told otherwise."""
    given = {**BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with (
        aiohttp.ClientSession() as client,
        client.request(method, address, headers=given, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("Location", ""), await answer.text()
