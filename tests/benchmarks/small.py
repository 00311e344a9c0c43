"""Figures of one part alone: the contact policy's decision, and the Twilio client."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from campaigns.facts import ConsentFact, ContactFact, ContactRequest
from campaigns.packs import load_packs
from campaigns.policy import ContactPolicy
from channels.provider import Accepted, Handover
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose
from schemas.message import RenderedMessage
from services.settings import Settings
from tests.benchmarks import portfolio
from tests.benchmarks.floor import blast, connect_raw, post

CONNECTIONS = 100
_AT = datetime(2026, 11, 24, 16, tzinfo=UTC)
_TEXT = "Financiera Demo: Hola, María. Hoy vence su pago de $1,050.50. Pague en https://pagos.financiera.test"


def decision(turns: int) -> float:
    """Microseconds for a decision over twenty earlier contacts in Mexico and Colombia."""
    policy = ContactPolicy(load_packs(Settings.load().packs_dir))
    history = [ContactFact(_AT - timedelta(days=9 + n), Channel.SMS, "L-1", "delivered") for n in range(20)]
    consent = ConsentFact(Channel.SMS, Purpose.COLLECTIONS, ConsentState.GRANTED, _AT - timedelta(days=300))
    request = ContactRequest(
        at=_AT,
        channel=Channel.SMS,
        purpose=Purpose.COLLECTIONS,
        creditor_type=CreditorType.FINANCIAL_ENTITY,
        collector=Collector.FIRST_PARTY,
        timezone="America/Bogota",
        consents=[consent],
        history=history,
        loan="L-1",
    )
    policy.decide(request, ("MX", "CO"), _AT)
    started = time.perf_counter()
    for _ in range(turns):
        policy.decide(request, ("MX", "CO"), _AT)
    return (time.perf_counter() - started) / turns * 1e6


async def client(port: int, count: int) -> float:
    """Messages a second through the Twilio adapter."""
    provider = TwilioProvider(
        "benchmark",
        account_sid=portfolio.ACCOUNT,
        auth_token=portfolio.TOKEN,
        channels=[TwilioSms()],
        base_url=f"http://127.0.0.1:{port}",
        connections=CONNECTIONS,
    )
    content = RenderedMessage(channel=Channel.SMS, text=_TEXT, language="es-MX", encoding="GSM-7", parts=1)
    url = f"http://127.0.0.1:8080/callbacks/twilio/status/{UUID(int=1)}?k=x"
    handover = Handover(UUID(int=1), "+523310000000", "+525550000000", content, timedelta(hours=1), url)
    turns = iter(range(count))

    async def worker() -> None:
        for _ in turns:
            assert isinstance(await provider.send(handover), Accepted)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    elapsed = time.perf_counter() - started
    await provider.close()
    return count / elapsed


async def client_floor(port: int, count: int) -> float:
    """The same requests without a client library."""
    connections = await connect_raw(port, CONNECTIONS)
    per_second = await blast(connections, [post("/v1/messages", _TEXT.encode())] * count, wanted=201)
    for connection in connections:
        connection.close()
    return per_second
