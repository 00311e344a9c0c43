"""Sets the stage: settings, simulated providers, the real process in this one, and Kafka clients of an outsider."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from services.clock import RehearsalClock
from services.demo.scenario import START
from services.serve import Role, running
from services.settings import Settings

TOKEN = "simulated-token"
OUTBOUND = ("puntual.message.events.v1", "puntual.contact.events.v1", "puntual.tasks.v1")
_SOURCE = "urn:core:demo"
# Receipts come well after answers, so that an answer that is lost is seen to be unknown first.
_MANNERS = SimulatorSettings(receipt_delay=1.5)
_PROVIDERS = """\
providers:
  - id: twilio-demo
    type: twilio
    channels: [sms]
    base_url: {url}
    allow_custom_base_url: true
    account_sid: AC00000000000000000000000000000000
    auth_token: {token}
    senders: [{{channel: sms, address: "+525550000000", per_second: 20}}]
whatsapp: {{enabled: false}}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story needs: a way to send events, the simulated provider, and what comes back."""

    producer: AIOKafkaProducer
    outcomes: AIOKafkaConsumer
    twilio: TwilioSimulator
    callback_url: str
    address: str

    async def emit(self, topic: str, event_type: str, event_id: str, data: dict[str, Any]) -> None:
        """Send one event as a core-banking system would."""
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": _SOURCE,
            "type": f"io.puntual.{event_type}.v1",
            "time": START.isoformat(),
            "data": data,
        }
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        key = data["debtorRef"].encode()
        await self.producer.send_and_wait(topic, json.dumps(event).encode(), key=key, headers=headers)


@asynccontextmanager
async def stage(settings: Settings, stopping: asyncio.Event) -> AsyncIterator[Stage]:
    """Everything up and ready; leaving stops it all."""
    home = settings.data_dir / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    port = _free_port()
    clock = RehearsalClock(START)
    async with TwilioSimulator(auth_token=TOKEN, settings=_MANNERS, clock=lambda: clock.now().timestamp()) as twilio:
        staged = _settings(settings, home, port, _providers(home, twilio.url))
        async with running(staged, list(Role), stopping, clock=clock) as process:
            work = asyncio.ensure_future(process.work)
            try:
                await asyncio.wait({work, asyncio.ensure_future(process.ready.wait())}, return_when="FIRST_COMPLETED")
                async with _clients(process.bootstrap) as (producer, outcomes):
                    callback = f"{staged.public_url}/callbacks/twilio/inbound"
                    yield Stage(producer, outcomes, twilio, callback, staged.public_url)
            finally:
                stopping.set()
                await work


@asynccontextmanager
async def _clients(bootstrap: str) -> AsyncIterator[tuple[AIOKafkaProducer, AIOKafkaConsumer]]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    outcomes = AIOKafkaConsumer(
        *OUTBOUND, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await producer.start()
    await outcomes.start()
    try:
        yield producer, outcomes
    finally:
        await outcomes.stop()
        await producer.stop()


def _settings(given: Settings, home: Path, port: int, providers: Path) -> Settings:
    """The demonstration's own settings: nothing of a configured database, broker or provider is touched."""
    changes = {
        "env": "development",
        "database_url": None,
        "kafka_bootstrap_servers": None,
        "data_dir": home,
        "http_host": "127.0.0.1",
        "http_port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "providers_file": providers,
        "topic_prefix": "",
        "now": START,
        "secret_key": None,
        "pii_keys": None,
    }
    return given.model_copy(update=changes)


def _providers(home: Path, url: str) -> Path:
    path = home / "providers.yaml"
    path.write_text(_PROVIDERS.format(url=url, token=TOKEN))
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
