"""Sets the stage: settings, simulated providers, the real process in this one, and Kafka clients of an outsider."""

import asyncio
import json
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from services import accounts
from services.clock import RehearsalClock
from services.console.passwords import Passwords
from services.demo.scenario import START
from services.http_server import bind
from services.keys import KeyRole
from services.serve import Role, Running, running
from services.settings import Settings
from services.wiring import Parts

TOKEN = "simulated-token"
USER = "demo"
OUTBOUND = ("puntual.message.events.v1", "puntual.contact.events.v1", "puntual.tasks.v1")
_SOURCE = "urn:core:demo"
# Receipts come well after answers, so that an answer that is lost is seen to be unknown first.
_MANNERS = SimulatorSettings(receipt_delay=1.5)
_PROVIDERS = """\
providers:
  - id: twilio-demo
    type: twilio
    channels: [sms, voice]
    base_url: {url}
    allow_custom_base_url: true
    account_sid: AC00000000000000000000000000000000
    auth_token: {token}
    senders:
      - {{channel: sms, address: "+525550000000", per_second: 20}}
      - {{channel: voice, address: "+525550000002", per_second: 20}}
whatsapp: {{enabled: false}}
"""


@dataclass(frozen=True, slots=True)
class Scenery:
    """What differs between plays: `campaigns` are definitions by file name, the deployment's own where None."""

    start: datetime
    providers: str
    manners: SimulatorSettings
    campaigns: Mapping[str, str] | None = None


MORNING = Scenery(START, _PROVIDERS, _MANNERS)


class StageClock(RehearsalClock):
    """Runs on in real time and may be moved ahead, while nothing is under way."""

    def skip_to(self, instant: datetime) -> None:
        """Make it this instant, unless it is later already."""
        self._start += max(instant - self.now(), timedelta(0))


@dataclass(frozen=True, slots=True)
class Stage:
    """What the story needs: a way to send events, the simulated provider, and what comes back."""

    producer: AIOKafkaProducer
    outcomes: AIOKafkaConsumer
    twilio: TwilioSimulator
    callback_url: str
    address: str
    password: str
    clock: StageClock

    async def emit(
        self, topic: str, event_type: str, event_id: str, data: dict[str, Any], at: datetime = START
    ) -> None:
        """Send one event as a core-banking system would."""
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": _SOURCE,
            "type": f"io.puntual.{event_type}.v1",
            "time": at.isoformat(),
            "data": data,
        }
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        key = data["debtorRef"].encode()
        await self.producer.send_and_wait(topic, json.dumps(event).encode(), key=key, headers=headers)


@asynccontextmanager
async def stage(settings: Settings, stopping: asyncio.Event, scenery: Scenery = MORNING) -> AsyncIterator[Stage]:
    """Everything up and ready; leaving stops it all."""
    home = settings.data_dir / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    clock = StageClock(scenery.start)
    manners = replace(scenery.manners)
    async with AsyncExitStack() as stack:
        # Held from the start: a port that was merely found free may be somebody's when everything is up.
        listening = stack.enter_context(bind("127.0.0.1", 0))
        simulator = TwilioSimulator(auth_token=TOKEN, settings=manners, clock=lambda: clock.now().timestamp())
        twilio = await stack.enter_async_context(simulator)
        staged = _settings(settings, home, listening.getsockname()[1], scenery, twilio.url)
        process = await stack.enter_async_context(running(staged, list(Role), stopping, clock=clock, shared=listening))
        async with _working(process, stopping), _clients(process.bootstrap) as (producer, outcomes):
            callback = f"{staged.public_url}/callbacks/twilio/inbound"
            password = await _let_in(process.parts)
            yield Stage(producer, outcomes, twilio, callback, staged.public_url, password, clock)


@asynccontextmanager
async def _working(process: Running, stopping: asyncio.Event) -> AsyncIterator[None]:
    """The roles at work, from ready on; what kept them from it is raised."""
    work = asyncio.ensure_future(process.work)
    try:
        await asyncio.wait({work, asyncio.ensure_future(process.ready.wait())}, return_when="FIRST_COMPLETED")
        if work.done():
            await work
        yield
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


async def _let_in(parts: Parts) -> str:
    """Make the user `demo` of the console; gives a password for this once."""
    password = secrets.token_urlsafe(12)
    hashed = await Passwords().hashed(password)
    async with parts.database.transaction() as connection:
        await accounts.create(
            connection, name=USER, role=KeyRole.ADMIN, password_hash=hashed, by="demo", now=parts.clock.now()
        )
    return password


def _settings(given: Settings, home: Path, port: int, scenery: Scenery, url: str) -> Settings:
    """The demonstration's own settings: nothing of a configured database, broker or provider is touched."""
    changes: dict[str, Any] = {
        "env": "development",
        "database_url": None,
        "kafka_bootstrap_servers": None,
        "data_dir": home,
        "http_host": "127.0.0.1",
        "http_port": port,
        "public_url": f"http://127.0.0.1:{port}",
        "providers_file": _written(home / "providers.yaml", scenery.providers.format(url=url, token=TOKEN)),
        "topic_prefix": "",
        "now": scenery.start,
        "secret_key": None,
        "pii_keys": None,
    }
    if scenery.campaigns is not None:
        changes["campaigns_dir"] = home / "definitions"
        for name, text in scenery.campaigns.items():
            _written(home / "definitions" / name, text)
    return given.model_copy(update=changes)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path
