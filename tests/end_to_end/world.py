"""A whole deployment with its neighbours: core, Kafka, database, provider, and `puntual serve` between them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
from twilio.request_validator import RequestValidator

from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from channels.simulators.twilio_store import SimulatedMessage
from services import tokens
from services.settings import PROJECT_ROOT
from services.words import UNSUBSCRIBE
from tests.end_to_end.portfolio import Core, Debtor, Event, a_debtor
from tests.end_to_end.process import ServeProcess
from tests.end_to_end.topics import OutboundEvent, Topics
from tests.end_to_end.waiting import eventually
from tests.ports import free_port

DEFINITIONS = Path(__file__).with_name("definitions")
ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-rehearsal"
SECRET = "key-of-the-rehearsal-0123456789abcdef"
SENDER = "+525550000000"
AT_REST = """
select (select count(*) from outbox) + (select count(*) from open_attempt)
     + (select count(*) from message where state = 'planned' and due_at <= $1)
     + (select count(*) from message where state = 'claimed') = 0
"""


class Rehearsal:
    """The deployment's clock: starts at an instant, runs on in real time, and may be moved ahead."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The rehearsed instant; a process started at it reads a little less ever after."""
        return self._start + timedelta(seconds=time.monotonic() - self._origin)

    def skip(self, by: timedelta) -> None:
        """Move ahead; takes effect at the next start."""
        self._start += by


class World:
    """Everything around one database; use it as a context, then `start`."""

    def __init__(
        self,
        folder: Path,
        *,
        dsn: str,
        bootstrap: str,
        now: datetime,
        simulator: SimulatorSettings | None = None,
        definitions: Path = DEFINITIONS,
        **settings: str,
    ) -> None:
        self.clock = Rehearsal(now)
        self.core = Core(now - timedelta(hours=9))
        self.topics = Topics(bootstrap)
        self.dsn = dsn
        self.sent: list[Event] = []
        self.debtors: list[Debtor] = []
        self.secrets: list[str] = []
        self._twilio_port = free_port()
        self._settings = simulator or SimulatorSettings()
        self._simulators: list[TwilioSimulator] = []
        self._simulating = False
        self._connection: asyncpg.Connection[Any] | None = None
        self._files(folder)
        environment = {
            "DATABASE_URL": dsn,
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "DATA_DIR": str(folder / "data"),
            "SECRET_KEY": SECRET,
            "PROVIDERS_FILE": str(folder / "providers.yaml"),
            "CREDITORS_FILE": str(folder / "creditors.yaml"),
            "CAMPAIGNS_DIR": str(definitions),
            **{name.upper(): value for name, value in settings.items()},
        }
        self.serve = ServeProcess(folder, {f"PUNTUAL_{name}": value for name, value in environment.items()})

    async def __aenter__(self) -> "World":
        await self.provider_on()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self.serve.kill()
        await self.provider_off()
        if self._connection is not None:
            await self._connection.close()
        self.topics.close()

    # The deployment

    async def start(self, **settings: str) -> None:
        """Start `puntual serve` at the rehearsed instant and wait until it is ready."""
        self.spawn(**settings)
        await self.serve.ready()

    def spawn(self, **settings: str) -> None:
        """Start `puntual serve` at the rehearsed instant."""
        self.serve.spawn(now=self.clock.now().isoformat(), **settings)

    async def restart(self, *, later: timedelta = timedelta(0)) -> None:
        """Stop gracefully, and start again at a later instant."""
        assert await self.serve.stop() == 0
        self.clock.skip(later)
        await self.start()

    async def provider_on(self) -> None:
        """Let the provider answer."""
        if not self._simulating:
            self._simulating = True
            port = self._twilio_port
            self._simulators.append(TwilioSimulator(auth_token=TOKEN, settings=self._settings, port=port))
            await self.provider.__aenter__()

    async def provider_off(self) -> None:
        """Let connections to the provider be refused."""
        if self._simulating:
            self._simulating = False
            await self.provider.__aexit__(None, None, None)

    # What neighbours say

    def debtor(self, **more: Any) -> Debtor:
        """Somebody new, not yet known to anybody."""
        debtor = a_debtor(self.core, **more)
        self.debtors.append(debtor)
        self.secrets += debtor.secrets
        return debtor

    async def tell(self, *events: Event, structured: bool = False) -> None:
        """Produce events in this order."""
        for event in events:
            value, headers = event.structured() if structured else event.binary()
            self.topics.produce(event.topic, key=event.key.encode(), value=value, headers=headers)
            self.sent.append(event)
        await asyncio.to_thread(self.topics.flush)

    async def erase(self, debtor: Debtor) -> None:
        """The directory asks to forget somebody."""
        self.topics.produce("puntual.debtors.v1", key=debtor.ref.encode(), value=None)
        await asyncio.to_thread(self.topics.flush)

    async def reply(self, debtor: Debtor, text: str, **extra: str) -> int | None:
        """The debtor answers by SMS; gives how that was answered."""
        if len(text) > 6:
            self.secrets.append(text)
        return await self.provider.inbound(
            from_address=debtor.phone,
            to_address=SENDER,
            body=text,
            url=f"{self.serve.url}/callbacks/twilio/inbound",
            account_sid=ACCOUNT,
            **extra,
        )

    async def leave(self, message_id: UUID) -> int | None:
        """Somebody follows the exit of a message; gives how that was answered, None where nobody answered."""
        token = tokens.sign(SECRET.encode(), UNSUBSCRIBE, message_id.hex)
        try:
            async with (
                aiohttp.ClientSession() as client,
                client.post(f"{self.serve.url}/u/{message_id.hex}.{token}") as answer,
            ):
                return answer.status
        except aiohttp.ClientError:
            return None

    async def callback(self, url: str, form: dict[str, str], *, signature: str | None = None) -> int:
        """Post a callback as the provider would, signed unless a signature is given; gives the answer's status."""
        signed = RequestValidator(TOKEN).compute_signature(url, form) if signature is None else signature
        async with (
            aiohttp.ClientSession() as client,
            client.post(url, data=form, headers={"X-Twilio-Signature": signed}) as answer,
        ):
            return answer.status

    async def receipt(self, message: SimulatedMessage, status: str, code: int | None = None) -> int:
        """The provider's word on a message, in order or not."""
        assert message.callback is not None
        form = {
            "MessageSid": message.sid,
            "MessageStatus": status,
            "To": message.to,
            "From": message.sender,
            "AccountSid": ACCOUNT,
        }
        if code is not None:
            form["ErrorCode"] = str(code)
        return await self.callback(message.callback, form)

    # What became of it

    @property
    def provider(self) -> TwilioSimulator:
        """The provider as it now is."""
        return self._simulators[-1]

    @property
    def handed(self) -> list[SimulatedMessage]:
        """Everything the provider ever took, in order."""
        return [message for simulator in self._simulators for message in simulator.messages]

    def sms(self, debtor: Debtor) -> list[SimulatedMessage]:
        """What the provider took for this person."""
        return [message for message in self.handed if message.to == debtor.phone]

    async def the_sms(self, debtor: Debtor) -> SimulatedMessage:
        """Wait for the one message to this person."""
        await self.until(lambda: self.sms(debtor), f"an SMS to {debtor.ref}")
        (message,) = self.sms(debtor)
        return message

    def outcomes(self, debtor: Debtor, *kinds: str) -> list[OutboundEvent]:
        """What was published about this person, of these kinds or all, in order."""
        return [
            event for event in self.topics.events() if event.debtor == debtor.ref and (not kinds or event.kind in kinds)
        ]

    def kinds(self, debtor: Debtor) -> list[str]:
        """The kinds of what was published about this person's messages, by their sequence."""
        events = [event for event in self.outcomes(debtor) if event.kind.startswith("message.")]
        return [event.kind.removeprefix("message.") for event in sorted(events, key=lambda each: each.sequence)]

    async def outcome(self, debtor: Debtor, kind: str, *, within: float = 20.0) -> OutboundEvent:
        """Wait for the one event of this kind about this person."""

        def waiting() -> str:
            return f"{kind} of {debtor.ref}; there is {[event.kind for event in self.outcomes(debtor)]}"

        await self.until(lambda: self.outcomes(debtor, kind), waiting, within=within)
        (event,) = self.outcomes(debtor, kind)
        return event

    async def until(self, fact: Callable[[], Any], what: str | Callable[[], str], *, within: float = 20.0) -> Any:
        """Wait for a fact while serve lives."""

        def holds() -> Any:
            self.serve.must_live()
            return fact()

        return await eventually(holds, what, within=within)

    async def rest(self, *, within: float = 30.0) -> None:
        """Wait until every event is taken in, nothing due is left, and everything said is published."""

        async def resting() -> bool:
            self.serve.must_live()
            if not self.topics.consumed():
                return False
            (row,) = await self.rows(AT_REST, self.clock.now())
            return bool(row[0])

        await self.provider.settled()
        await eventually(resting, "rest", within=within)
        await asyncio.to_thread(self.topics.catch_up, within)

    async def row(self, sql: str, *arguments: Any, within: float = 20.0) -> Any:
        """Wait for a row of the database."""

        async def found() -> Any:
            return next(iter(await self.rows(sql, *arguments)), None)

        return await eventually(found, sql, within=within)

    async def rows(self, sql: str, *arguments: Any) -> Sequence[Any]:
        """Rows of the database."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.dsn)
        rows: Sequence[Any] = await self._connection.fetch(sql, *arguments)
        return rows

    async def metrics(self) -> str:
        """What Prometheus would read."""
        async with aiohttp.ClientSession() as client, client.get(f"{self.serve.url}/metrics") as answer:
            return await answer.text()

    def _files(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "providers.yaml").write_text(
            f"providers:\n"
            f"  - id: twilio-main\n    type: twilio\n    channels: [sms]\n"
            f"    base_url: http://127.0.0.1:{self._twilio_port}\n    allow_custom_base_url: true\n"
            f"    account_sid: {ACCOUNT}\n    auth_token: {TOKEN}\n"
            f'    senders: [{{channel: sms, address: "{SENDER}", per_second: 500}}]\n'
        )
        creditors = (PROJECT_ROOT / "deploy" / "creditors.yaml").read_text("utf-8")
        (folder / "creditors.yaml").write_text(creditors, "utf-8")
