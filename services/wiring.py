"""The composition root: builds every part from settings, once, in the order in which they need each other."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from campaigns.packs import load_packs
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from channels.config import ProvidersFile
from channels.health import Health
from channels.pacing import Pacing
from channels.registry import Registry, build_registry
from services.answers import Answers, our_numbers
from services.applying import Applying
from services.attempting import Attempting
from services.burial import Burial
from services.calendar import Calendar
from services.calls.conversation import Conversation
from services.calls.effects import Effects
from services.calls.links import Links
from services.catch_up import CatchUp
from services.chores import chores
from services.clock import Clock
from services.consequences import Consequences
from services.creditors import Creditor, load_creditors
from services.database import Database
from services.delivery import Delivery
from services.dispatch import Dispatch
from services.fineract_client import FineractClient
from services.fineract_details import FineractDetails
from services.fleet import Fleet, Hearsay
from services.gauges import watch_breakers
from services.ids import uuid7
from services.ingest import Ingest, Reader
from services.intake import Fact, Intake
from services.mailroom import Mailroom
from services.optouts import OptOuts
from services.planning import Planner
from services.promises import Promises
from services.publisher import Publisher
from services.reading import read_fineract, read_native
from services.receipts import Receipts
from services.relay import Relay
from services.replies import Replies
from services.running import RunningCampaigns
from services.settings import Settings
from services.settling import Settling
from services.upkeep import Upkeep
from services.vault import Vault
from services.ways import Ways
from services.words import Words
from services.yaml_document import read_document

log = structlog.get_logger(__name__)

LENDING = "puntual.lending.events.v1"
DEBTORS = "puntual.debtors.v1"
CONSENTS = "puntual.consents.v1"
CONTACTS = "puntual.contacts.v1"
INBOUND = (LENDING, DEBTORS, CONSENTS, CONTACTS)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the roles share."""

    settings: Settings
    clock: Clock
    database: Database
    policy: ContactPolicy
    registry: Registry
    ways: Ways
    vault: Vault
    running: RunningCampaigns
    planner: Planner
    publisher: Publisher
    consequences: Consequences
    settling: Settling
    receipts: Receipts
    answers: Answers
    replies: Replies
    optouts: OptOuts
    hearsay: Hearsay
    intake: Intake
    words: Words
    speakers: Mapping[str, Speaker]
    secret: bytes
    bootstrap: str

    async def close(self) -> None:
        """Let go of providers and database."""
        await self.registry.close()
        await self.database.close()


def assemble(settings: Settings, *, clock: Clock, database: Database, bootstrap: str) -> Parts:
    """Build the parts; raises the problem of whichever file can't be used."""
    creditors = load_creditors(settings.creditors_file)
    speakers = {ref: _speaker(creditor) for ref, creditor in creditors.items()}
    registry, whatsapp = load_registry(settings)
    policy = ContactPolicy(
        load_packs(settings.packs_dir), allow_drafts=not settings.production, whatsapp_approved=whatsapp
    )
    ways = Ways(registry, Pacing(registry.paces(), now=clock.monotonic()), Health())
    vault, running = Vault(settings.deployment_keys()), RunningCampaigns(approved_only=settings.production)
    planner, publisher = Planner(policy, speakers, running), Publisher(settings.topic, uuid7)
    consequences = Consequences(policy, planner, running, publisher, settings.stop_every_channel)
    settling = Settling(running, publisher, consequences)
    secret, hearsay = settings.signing_secret(), Hearsay()
    answers = Answers(running, planner, publisher, our_numbers(registry))
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        policy=policy,
        registry=registry,
        ways=ways,
        vault=vault,
        running=running,
        planner=planner,
        publisher=publisher,
        consequences=consequences,
        settling=settling,
        receipts=Receipts(database=database, settling=settling, vault=vault, clock=clock, hearsay=hearsay),
        answers=answers,
        replies=Replies(database=database, consequences=consequences, answers=answers, vault=vault, clock=clock),
        optouts=OptOuts(database, consequences, clock),
        hearsay=hearsay,
        intake=Intake(policy, planner, running, publisher, vault, uuid7, home_country(speakers.values())),
        words=Words(creditors, settings.public_url.rstrip("/"), secret, timedelta(days=settings.link_days)),
        speakers=speakers,
        secret=secret,
        bootstrap=bootstrap,
    )


def load_registry(settings: Settings) -> tuple[Registry, bool]:
    """The providers of the file, and whether WhatsApp was approved; what is not used is a warning in the log."""
    parsed = read_document(settings.providers_file, ProvidersFile)
    registry = build_registry(
        parsed, environ=os.environ, production=settings.production, file=str(settings.providers_file)
    )
    for warning in registry.warnings:
        log.warning("provider_warning", warning=warning)
    return registry, parsed.whatsapp.enabled


def make_intake(settings: Settings) -> Intake:
    """The intake alone, for commands that take facts in without sending anything."""
    speakers = {ref: _speaker(creditor) for ref, creditor in load_creditors(settings.creditors_file).items()}
    whatsapp = read_document(settings.providers_file, ProvidersFile).whatsapp.enabled
    packs = load_packs(settings.packs_dir)
    policy = ContactPolicy(packs, allow_drafts=not settings.production, whatsapp_approved=whatsapp)
    vault, running = Vault(settings.deployment_keys()), RunningCampaigns(approved_only=settings.production)
    planner, publisher = Planner(policy, speakers, running), Publisher(settings.topic, uuid7)
    return Intake(policy, planner, running, publisher, vault, uuid7, home_country(speakers.values()))


def readers(parts: Parts) -> dict[str, Reader]:
    """How each inbound topic is read."""
    settings = parts.settings
    found: dict[str, Reader] = {
        settings.topic(name): partial(read_native, erasures=name == DEBTORS) for name in INBOUND
    }
    if settings.fineract_topic:
        found[settings.fineract_topic] = partial(read_fineract, tenant=settings.fineract_tenant)
    return found


def home_country(speakers: Iterable[Speaker]) -> str | None:
    """The country (ISO 3166) of all lenders of the deployment, None where they differ."""
    countries = {speaker.jurisdiction.partition("-")[0] for speaker in speakers}
    return countries.pop() if len(countries) == 1 else None


def make_details(parts: Parts, client: FineractClient) -> FineractDetails:
    """What asks Fineract for what its events leave out."""
    return FineractDetails(
        client=client,
        database=parts.database,
        applying=Applying(parts.database, parts.intake, parts.clock, "fineract_details"),
        clock=parts.clock,
        tenant=parts.settings.fineract_tenant,
    )


def make_ingest(
    parts: Parts, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, details: FineractDetails | None = None
) -> Ingest:
    """The ingest role over started Kafka clients."""
    return Ingest(
        consumer=consumer,
        burial=Burial(producer=producer, clock=parts.clock),
        readers=readers(parts),
        database=parts.database,
        intake=parts.intake,
        clock=parts.clock,
        noticed=_nothing if details is None else details.notice,
    )


def make_dispatch(parts: Parts) -> Dispatch:
    """The dispatch role."""
    watch_breakers(parts.ways, parts.clock)
    attempting = Attempting(policy=parts.policy, words=parts.words, vault=parts.vault)
    delivery = Delivery(
        policy=parts.policy,
        speakers=parts.speakers,
        running=parts.running,
        ways=parts.ways,
        attempting=attempting,
        publisher=parts.publisher,
        lease=timedelta(seconds=parts.settings.lease_seconds),
    )
    return Dispatch(
        database=parts.database,
        delivery=delivery,
        settling=parts.settling,
        ways=parts.ways,
        clock=parts.clock,
        limit=parts.settings.dispatch_limit,
    )


def make_fleet(parts: Parts, *, sends: bool) -> Fleet:
    """This process among those that share its senders."""
    ways = parts.ways if sends else None
    return Fleet(database=parts.database, clock=parts.clock, hearsay=parts.hearsay, ways=ways)


def make_mailroom(parts: Parts) -> Mailroom:
    """Where mail that comes back is taken."""
    return Mailroom(
        database=parts.database,
        registry=parts.registry,
        receipts=parts.receipts,
        replies=parts.replies,
        optouts=parts.optouts,
        clock=parts.clock,
        secret=parts.secret,
    )


def make_conversation(parts: Parts) -> Conversation:
    """What answers calls."""
    links = Links(parts.answers, parts.consequences, parts.running)
    return Conversation(
        database=parts.database,
        policy=parts.policy,
        speakers=parts.speakers,
        running=parts.running,
        effects=Effects(parts.replies, parts.settling, parts.consequences, links),
        words=parts.words,
        vault=parts.vault,
        clock=parts.clock,
    )


def make_relay(parts: Parts, producer: AIOKafkaProducer) -> Relay:
    """The relay role over a started producer."""
    return Relay(database=parts.database, producer=producer, clock=parts.clock)


def make_upkeep(parts: Parts) -> Upkeep:
    """The upkeep role."""
    return Upkeep(
        database=parts.database,
        settling=parts.settling,
        promises=Promises(parts.consequences, parts.planner),
        calendar=Calendar(parts.policy, parts.planner, parts.running, parts.publisher),
        catch_up=CatchUp(parts.policy, parts.planner, parts.running, parts.publisher),
        ways=parts.ways,
        vault=parts.vault,
        clock=parts.clock,
        chores=chores(parts.secret, parts.policy.law, {each.jurisdiction for each in parts.speakers.values()}),
    )


def _nothing(_facts: Iterable[Fact]) -> None:
    """Nobody is to be asked for details."""


def _speaker(creditor: Creditor) -> Speaker:
    return Speaker(creditor.ref, creditor.jurisdiction, creditor.type, creditor.collector)
