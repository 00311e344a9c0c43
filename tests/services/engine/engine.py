"""The real engine on a real database with a clock that stands still and a provider that answers as told."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from campaigns.packs import load_packs
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from channels.health import Health
from channels.pacing import Pacing
from channels.provider import (
    Accepted,
    Handover,
    InboundMessage,
    Lookup,
    LookupResult,
    NotFound,
    Receipt,
    SendResult,
)
from channels.registry import Registry, Route, Sender
from schemas.enums import AttemptState, Channel
from schemas.inbound import INBOUND
from services.activation import activate_folder
from services.answers import Answers
from services.attempting import Attempting, Sending
from services.calendar import Calendar
from services.catch_up import CatchUp
from services.clock import FakeClock
from services.consequences import Consequences
from services.creditors import load_creditors
from services.database import Database
from services.delivery import Delivery
from services.ids import uuid7
from services.intake import Fact, Intake
from services.keyring import DeploymentKey
from services.links import Links
from services.lint import Surroundings
from services.planning import Planner
from services.promises import Promises
from services.publisher import Publisher
from services.replies import Replies
from services.running import RunningCampaigns
from services.settings import PROJECT_ROOT, Settings
from services.settling import News, Settling, word_of_receipt, word_of_result
from services.vault import Vault
from services.ways import Ways
from services.words import Words

TUESDAY = datetime(2026, 11, 24, 16, tzinfo=UTC)
OURS = "+525550000000"
Answer = Callable[[Handover], SendResult]


class FakeProvider:
    """Takes everything, or answers as `answers` says for an address; keeps what it was asked to hand over."""

    channels: Sequence[Channel] = (Channel.SMS, Channel.EMAIL)

    def __init__(self, name: str = "fake") -> None:
        self.id = name
        self.room = 1000
        self.handed: list[Handover] = []
        self.answers: dict[str, Answer] = {}

    async def send(self, handover: Handover) -> SendResult:
        """The told answer, else accepted."""
        self.handed.append(handover)
        answer = self.answers.get(handover.to)
        return answer(handover) if answer else Accepted(f"ref-{handover.attempt_id.hex}")

    async def find(self, lookup: Lookup) -> LookupResult:
        """Nothing is listed here."""
        return NotFound()

    def verify_callback(self, url: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
        """No callbacks come."""
        return False

    def parse_receipt(self, form: Sequence[tuple[str, str]]) -> Receipt | None:
        """No callbacks come."""
        return None

    def parse_inbound(self, form: Sequence[tuple[str, str]]) -> InboundMessage | None:
        """No callbacks come."""
        return None

    def available(self) -> int:
        """As told, by default as good as always free."""
        return self.room

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Engine:
    """Everything wired; time moves only when told."""

    database: Database
    clock: FakeClock
    provider: FakeProvider
    intake: Intake
    delivery: Delivery
    settling: Settling
    promises: Promises
    calendar: Calendar
    catch_up: CatchUp
    running: RunningCampaigns
    ways: Ways
    replies: Replies
    links: Links
    counter: int = 0
    texts: list[str] = field(default_factory=list)

    async def happen(self, name: str, *, at: datetime | None = None, **data: Any) -> None:
        """Take in one event."""
        await self.happen_all([(name, data)], at=at)

    async def happen_all(self, events: Sequence[tuple[str, dict[str, Any]]], *, at: datetime | None = None) -> None:
        """Take in events as one batch."""
        facts = []
        for name, data in events:
            self.counter += 1
            event_type = f"io.puntual.{name}.v1"
            event = INBOUND[event_type].model_validate(data, by_alias=True, by_name=False)
            facts.append(Fact("urn:test", f"e{self.counter}", event_type, at or self.clock.now(), event))
        async with self.database.transaction() as connection:
            handled = await self.intake.handle(connection, facts, self.clock.now())
        assert handled.refused == []

    async def claim(self, limit: int = 200) -> Sequence[Sending]:
        """Claim once."""
        async with self.database.transaction() as connection:
            claimed = await self.delivery.claim(
                connection, limit=limit, now=self.clock.now(), monotonic=self.clock.monotonic()
            )
        return claimed.sendings

    async def dispatch(self) -> int:
        """Claim, hand over and settle until nothing more is due; gives how many were handed over."""
        handed = 0
        for _ in range(50):
            async with self.database.transaction() as connection:
                claimed = await self.delivery.claim(
                    connection, limit=200, now=self.clock.now(), monotonic=self.clock.monotonic()
                )
            if not claimed.considered:
                return handed
            news = []
            for sending in claimed.sendings:
                self.texts.append(sending.handover.content.text)
                word = word_of_result(await sending.way.provider.send(sending.handover))
                news.append(News(sending.attempt_id, word, closes=True))
            handed += len(news)
            await self.settle(news)
        raise AssertionError("the dispatcher does not come to rest")

    async def settle(self, news: Sequence[News]) -> None:
        """Bring news of attempts in."""
        async with self.database.transaction() as connection:
            await self.settling.settle(connection, news, self.clock.now())

    async def reply(
        self,
        ref: str,
        text: str,
        *,
        channel: Channel = Channel.SMS,
        address: str | None = None,
        sid: str | None = None,
        **more: Any,
    ) -> None:
        """Somebody writes, by default from their own phone."""
        self.counter += 1
        written = InboundMessage(
            sid or f"SM{self.counter}", channel, address or phone(ref), f"sender-{channel}", text, **more
        )
        await self.replies.take(written, "fake")

    async def receipt(self, attempt_id: UUID, state: AttemptState, **more: Any) -> None:
        """A receipt for one attempt."""
        word = word_of_receipt(Receipt(f"ref-{attempt_id.hex}", state, state.value, **more))
        assert word is not None
        await self.settle([News(attempt_id, word, closes=False)])

    async def move(self, **by: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**by))

    async def outcomes(self) -> list[tuple[str, dict[str, Any]]]:
        """(name, data) of everything published, in order."""
        async with self.database.reading() as connection:
            rows = await connection.fetch("select type, payload::text as payload from outbox order by seq")
        return [
            (row["type"].removeprefix("io.puntual.").removesuffix(".v1"), json.loads(row["payload"])) for row in rows
        ]

    async def names(self) -> list[str]:
        """The names of everything published, in order."""
        return [name for name, _ in await self.outcomes()]

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """Look into the database."""
        async with self.database.reading() as connection:
            found: list[Any] = await connection.fetch(sql, *values)
            return found


async def make_engine(
    dsn: str,
    folder: Path,
    definitions: str,
    *,
    now: datetime = TUESDAY,
    provider: FakeProvider | None = None,
    spares: Sequence[FakeProvider] = (),
    whatsapp: bool = False,
    stop_everywhere: bool = False,
) -> Engine:
    """An engine with one definition active and the lender of the sample creditors file; `spares` come second."""
    clock, provider = FakeClock(now), provider or FakeProvider()
    if whatsapp:
        provider.channels = (*provider.channels, Channel.WHATSAPP)
    database = await Database.connect(dsn, size=8)
    campaigns_dir = folder / "definitions"
    campaigns_dir.mkdir(parents=True)
    (campaigns_dir / "campaign.yaml").write_text(definitions)
    settings = Settings.load(data_dir=folder, campaigns_dir=campaigns_dir)
    creditors = load_creditors(PROJECT_ROOT / "deploy" / "creditors.yaml")
    speakers = {
        ref: Speaker(ref, creditor.jurisdiction, creditor.type, creditor.collector)
        for ref, creditor in creditors.items()
    }
    policy = ContactPolicy(load_packs(PROJECT_ROOT / "campaigns" / "policies"), whatsapp_approved=whatsapp)
    providers = [provider, *spares]
    routes = {
        channel: [Route(each, (Sender(f"sender-{channel}", 1000.0),)) for each in providers]
        for channel in provider.channels
    }
    registry = Registry(providers, routes, [])
    ways = Ways(registry, Pacing(registry.paces(), now=clock.monotonic()), Health())
    running, vault = RunningCampaigns(), Vault([DeploymentKey("k1", b"k" * 32)])
    planner, publisher = Planner(policy, speakers, running), Publisher(lambda topic: topic, uuid7)
    consequences = Consequences(policy, planner, running, publisher, stop_everywhere)
    words = Words(creditors, "https://puntual.test", b"s" * 32)
    engine = Engine(
        database=database,
        clock=clock,
        provider=provider,
        intake=Intake(policy, planner, running, publisher, vault, uuid7),
        delivery=Delivery(
            policy=policy,
            speakers=speakers,
            running=running,
            ways=ways,
            attempting=Attempting(policy=policy, words=words, vault=vault),
            publisher=publisher,
            lease=timedelta(seconds=45),
        ),
        settling=Settling(running, publisher, consequences),
        promises=Promises(consequences, planner),
        calendar=Calendar(policy, planner, running, publisher),
        catch_up=CatchUp(policy, planner, running, publisher),
        running=running,
        ways=ways,
        replies=Replies(
            database=database,
            consequences=consequences,
            answers=Answers(running, planner, publisher, frozenset({OURS})),
            vault=vault,
            clock=clock,
        ),
        links=Links(database, running, publisher, words, clock),
    )
    async with database.transaction() as connection:
        active = await activate_folder(connection, settings, Surroundings(None, None, None, None, now), now)
    assert active, "the definition has problems"
    return engine


def snapshot(ref: str = "D-1", *, loans: int = 1, email: bool = False, **more: Any) -> tuple[str, dict[str, Any]]:
    """A debtor in Mexico City with a phone, and a mailbox where wanted."""
    points = [{"contactPointRef": f"{ref}-phone", "kind": "phone", "value": phone(ref)}]
    points += [{"contactPointRef": f"{ref}-mail", "kind": "email", "value": f"{ref}@example.test"}] if email else []
    return (
        "debtor.upserted",
        {
            "debtorRef": ref,
            "displayName": "Ana Torres",
            "language": "es-MX",
            "country": "MX",
            "timezone": "America/Mexico_City",
            "contactPoints": points,
            "segment": "B",
            "riskScore": 500.0,
            "loans": [
                {"loanRef": f"{ref}-L{n}", "productCode": "consumo", "creditorRef": "demo"} for n in range(loans)
            ],
            **more,
        },
    )


def due(ref: str = "D-1", loan: int = 0, *, on: str = "2026-11-24", amount: str = "1000") -> tuple[str, dict[str, Any]]:
    """An installment of a debtor's loan."""
    return (
        "installment.due",
        {
            "debtorRef": ref,
            "loanRef": f"{ref}-L{loan}",
            "installmentNumber": 1,
            "dueDate": on,
            "amountDue": {"total": {"amount": amount, "currency": "MXN"}},
        },
    )


def phone(ref: str) -> str:
    """A number of Mexico City that belongs to a ref ending in digits."""
    return f"+5255123{int(ref.rpartition('-')[2]):05d}"


def definition(steps: str, head: str = "") -> str:
    """A definition with these steps."""
    return f"""\
campaign: prueba
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {{}}
{head}steps:
{steps}
"""
