"""The simulator's messages are, one by one, those that the running service sends over the same days."""

import csv
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.enums import AttemptState, Channel
from services import wiring
from services.activation import activate_folder
from services.attempting import Attempting
from services.clock import FakeClock
from services.database import Database
from services.delivery import Delivery
from services.imports.facts import debtors_of
from services.imports.reader import read_portfolio
from services.imports.rows import PortfolioRow
from services.intake import Fact
from services.lint_surroundings import load_surroundings
from services.progress import Word
from services.settings import PROJECT_ROOT, Settings
from services.settling import News
from services.simulation.engine import Span
from services.simulation.happenings import Sent
from services.simulation.rig import build_rig
from services.simulation.run import Simulator, events_of
from services.wiring import Parts
from tests.services.campaigns.conftest import NOW
from tests.services.campaigns.deployment import Deployment

SPAN = Span(date(2026, 11, 24), 12)
ZONES = ("America/Mexico_City", "America/Tijuana", "America/Cancun", "")
NEXT = "select min(due_at) from message where state = 'planned'"
MAIL = """  - id: correo
    type: smtp
    channels: [email]
    host: 127.0.0.1
    senders: [{channel: email, address: avisos@financiera.test, per_second: 1000}]
"""

Message = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One debtor's rows, told at the first instant of the simulated days."""

    rows: list[PortfolioRow]
    at: datetime
    end: datetime


@pytest.fixture
async def parts(deployment: Deployment, settings: Settings, database: Database) -> AsyncIterator[Parts]:
    """The service's own parts on a clock that stands still, with the project's campaigns and one more active."""
    with deployment.providers.open("a") as file:
        file.write(MAIL)
    deployment.define(1)
    for path in (PROJECT_ROOT / "campaigns" / "definitions").glob("*.yaml"):
        (deployment.definitions / path.name).write_text(path.read_text("utf-8"), "utf-8")
    assembled = wiring.assemble(settings, clock=FakeClock(NOW), database=database, bootstrap="nowhere:1")
    async with database.transaction() as connection:
        around = replace(load_surroundings(settings, NOW)[0], channels=None)
        assert len(await activate_folder(connection, settings, around, NOW)) == 3
    yield assembled
    await assembled.registry.close()


async def test_message_by_message(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    simulator = Simulator(build_rig(settings, settings.campaigns_dir, NOW), SPAN)
    portfolio = list(debtors_of(portfolio_in(tmp_path / "portfolio.csv")))
    simulated = {message for group in portfolio for message in simulate(simulator, group)}
    sent = await run(parts, [told(simulator, group) for group in portfolio])
    assert sorted(sent) == sorted(simulated)
    assert len(sent) > 60
    assert {message[6] for message in sent} == {"sms", "email"}
    assert len({message[3:5] for message in sent}) >= 5


def portfolio_in(path: Path) -> list[PortfolioRow]:
    """The portfolio, written to a file and read back."""
    written = list(rows())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(written[0]))
        writer.writeheader()
        writer.writerows(written)
    read = list(read_portfolio(path))
    good = [row for row in read if isinstance(row, PortfolioRow)]
    assert len(good) == len(written), read
    return good


def rows() -> Iterable[dict[str, str]]:
    """Debtors of several zones and segments, some with two loans, several installments, or without consent."""
    for number in range(48):
        due = SPAN.start + timedelta(days=number % 14 - 5)
        values = {
            "debtor_ref": f"D-{number:02}",
            "name": f"María Núñez {number}",
            "language": ("es-MX", "es", "")[number % 3],
            "country": "MX",
            "timezone": ZONES[number % 4],
            "phone": f"+52551234{number:04}" if number % 11 else "",
            "email": f"d{number}@example.test" if number % 3 == 0 or number % 11 == 0 else "",
            "segment": "ABC"[number % 3],
            "risk_score": str(400 + number),
            "consent_sms": "no" if number % 13 == 5 else "yes",
            "preferred_channel": "email" if number % 6 == 0 else "",
            "loan_ref": f"L-{number}",
            "product": ("consumo", "nomina", "auto")[number % 7 % 3],
            "creditor_ref": "demo",
            "currency": "MXN",
            "total_outstanding": f"{900 + number}.00",
            "installment_number": "3",
            "due_date": due.isoformat(),
            "amount_due": "350.00",
            "status": "closed" if number == 17 else "",
        }
        yield values
        if number % 5 == 0:
            yield {**values, "installment_number": "4", "due_date": str(due + timedelta(days=3))}
        if number % 4 == 0:
            yield {**values, "loan_ref": f"M-{number}", "product": "consumo"}


def simulate(simulator: Simulator, group: list[PortfolioRow]) -> Iterable[Message]:
    """What the simulator would send to one debtor."""
    for each in simulator.happenings(group)[0]:
        if isinstance(each, Sent):
            key = (each.intent.debtor_ref, each.intent.loan_ref, each.intent.installment_number)
            text = each.content.text if each.channel is Channel.SMS else each.content.subject
            step = (each.intent.campaign, each.intent.step)
            yield (*key, *step, each.at, each.channel.value, each.template, each.variant or "", text)


def told(simulator: Simulator, group: list[PortfolioRow]) -> Told:
    """When the service is told of a debtor, and until when it is watched."""
    start, end = SPAN.instants(simulator.zone(group))
    return Told(group, start, end)


async def run(parts: Parts, portfolio: list[Told]) -> list[Message]:
    """Drive intake and delivery from instant to instant; every message is accepted and delivered at once."""
    clock, ends = parts.clock, {each.rows[0].debtor_ref: each.end for each in portfolio}
    assert isinstance(clock, FakeClock)
    waiting, sent = sorted(portfolio, key=lambda each: each.at), []
    delivery = delivery_of(parts)
    while (instant := await following(parts, waiting)) is not None and instant < max(ends.values()):
        clock.advance(max(instant - clock.now(), timedelta(0)))
        while waiting and waiting[0].at <= clock.now():
            await tell(parts, waiting.pop(0))
        while messages := await claim(parts, delivery):
            sent += [message for message in messages if message and message[5] < ends[message[0]]]
    return sent


async def following(parts: Parts, waiting: list[Told]) -> datetime | None:
    """The next instant at which anything can happen."""
    async with parts.database.reading() as connection:
        due = await connection.fetchval(NEXT)
    return min((each for each in (due, waiting[0].at if waiting else None) if each is not None), default=None)


async def tell(parts: Parts, group: Told) -> None:
    """Take in what a core says of one debtor."""
    events, problems = events_of(group.rows, at=group.at, currency="MXN")
    assert problems == []
    ref = group.rows[0].debtor_ref
    facts = [Fact("core", f"{ref}-{n}", type(each).event_type, group.at, each) for n, each in enumerate(events)]
    async with parts.database.transaction() as connection:
        handled = await parts.intake.handle(connection, facts, parts.clock.now())
    assert handled.refused == []


async def claim(parts: Parts, delivery: Delivery) -> list[Message]:
    """One claim, settled; an entry for each message considered, empty where it was not handed over."""
    now = parts.clock.now()
    async with parts.database.transaction() as connection:
        claimed = await delivery.claim(connection, limit=500, now=now, monotonic=parts.clock.monotonic())
        rows = {
            row["id"]: row
            for row in await connection.fetch(
                "select a.id, a.template, m.debtor_ref, m.loan_ref, m.installment_number, m.campaign, m.step"
                " from attempt a join message m on m.id = a.message_id where a.id = any($1::uuid[])",
                [sending.attempt_id for sending in claimed.sendings],
            )
        }
    for state in (AttemptState.ACCEPTED, AttemptState.DELIVERED):
        news = [News(each.attempt_id, Word(state), closes=True) for each in claimed.sendings]
        async with parts.database.transaction() as connection:
            await parts.settling.settle(connection, news, now)
    messages = [message_of(rows[each.attempt_id], each.handover.content, now) for each in claimed.sendings]
    return [*messages, *[()] * (claimed.considered - len(messages))]


def message_of(row: Any, content: Any, now: datetime) -> Message:
    """A hand-over in the words of the simulator."""
    template = json.loads(row["template"])
    text = content.text if content.channel is Channel.SMS else content.subject
    key = (row["debtor_ref"], row["loan_ref"], row["installment_number"], row["campaign"], row["step"])
    return (*key, now, content.channel.value, template["name"], template["variant"] or "", text)


def delivery_of(parts: Parts) -> Delivery:
    """The service's claim over these parts."""
    attempting = Attempting(
        policy=parts.policy, speakers=parts.speakers, running=parts.running, words=parts.words, vault=parts.vault
    )
    return Delivery(
        policy=parts.policy,
        speakers=parts.speakers,
        running=parts.running,
        ways=parts.ways,
        attempting=attempting,
        publisher=parts.publisher,
        lease=timedelta(seconds=45),
    )
