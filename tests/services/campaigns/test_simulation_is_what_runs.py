"""The simulator's messages are, one by one, those that the running service sends over the same days."""

import csv
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas.events_base import InboundEvent
from schemas.lending_events import PaymentReceived, PromiseBroken, PromiseMade
from schemas.money import Money
from services import wiring
from services.activation import activate_folder
from services.calendar import turns
from services.clock import FakeClock
from services.database import Database
from services.imports.facts import debtors_of
from services.imports.reader import read_portfolio
from services.imports.rows import PortfolioRow
from services.intake import Fact
from services.lint_surroundings import load_surroundings
from services.settings import PROJECT_ROOT, Settings
from services.simulation.engine import Span
from services.simulation.happenings import HandedToPeople, HeldOut, Sent
from services.simulation.kinds import known_of
from services.simulation.rig import build_rig
from services.simulation.simulator import Simulator, events_of
from services.wiring import Parts
from tests.services.campaigns.conftest import NOW
from tests.services.campaigns.deployment import Deployment
from tests.services.campaigns.service_run import Ran, Told, run, words_of

SPAN = Span(date(2026, 11, 24), 12)
HOME = ZoneInfo("America/Mexico_City")
ZONES = ("America/Mexico_City", "America/Tijuana", "America/Cancun", "")
MAIL = """  - id: correo
    type: smtp
    channels: [email]
    host: 127.0.0.1
    senders: [{channel: email, address: avisos@financiera.test, per_second: 1000}]
"""
EVERYTHING = """campaign: todo
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience: {products: [auto, nomina], when: loan.total_outstanding > 905.0}
holdout: 25%
limits: {max: 3, per: 7d}
stop_on: [paid, promise, opt_out]
priority: debtor.risk_score
steps:
  - id: previo
    at: due_date - 2d
    between: "09:00-19:00"
    expires: 24h
    channels: [sms, email]
    fallback: {after: 2h, unless: delivered}
    template: vence_hoy
  - id: hoy
    at: due_date
    channels: [sms]
    variants: [{template: vence_hoy, weight: 50}, {template: vence_hoy_corto, weight: 50}]
  - id: recado
    at: due_date + 4d
    expires: 4d
    channels: [email, sms]
    fallback: {after: 1h, unless: read}
    template: vencido_5
  - {id: visita, at: due_date + 2d, when: loan.days_past_due >= 1, task: {type: field_visit, queue: sucursal}}
"""
EVENTS = """campaign: hechos
version: 1
owner: cobranza@financiera.test
purpose: service
creditor: demo
language: es
audience: {}
steps:
  - {id: gracias, on: payment.received, expires: 24h, channels: [email, sms], template: pago_recibido}
  - {id: llamar, on: promise.broken, task: {type: call_back}}
"""
CALENDAR = """campaign: educacion
version: 1
owner: servicio@financiera.test
purpose: service
creditor: demo
language: es
audience: {when: debtor.segment == "Z" && loan.days_past_due < 4}
schedule: {cron: "30 10 * * 1,3,5"}
steps:
  - {id: consejo, expires: 3h, channels: [sms], template: consejo}
"""
ADVICE = """{% from "_macros.j2" import hola, quien, salida %}
{{ quien() }}: {{ hola() }} Anote lo que gasta. {{ salida() }}
"""


@pytest.fixture
async def parts(deployment: Deployment, settings: Settings, database: Database) -> AsyncIterator[Parts]:
    """The service's own parts on a clock that stands still, with many campaigns active."""
    with deployment.providers.open("a") as file:
        file.write(MAIL)
    (deployment.templates / "es" / "consejo.sms.j2").write_text(ADVICE, "utf-8")
    deployment.define(1)
    for name in ("recordatorio-preventivo", "cobranza-temprana"):
        text = (PROJECT_ROOT / "campaigns" / "definitions" / f"{name}.yaml").read_text("utf-8")
        (deployment.definitions / f"{name}.yaml").write_text(text, "utf-8")
    for text in (EVERYTHING, EVENTS, CALENDAR):
        (deployment.definitions / f"{text.split()[1]}.yaml").write_text(text, "utf-8")
    assembled = wiring.assemble(settings, clock=FakeClock(NOW), database=database, bootstrap="nowhere:1")
    async with database.transaction() as connection:
        around = replace(load_surroundings(settings, NOW)[0], channels=None)
        assert len(await activate_folder(connection, settings, around, NOW)) == 6
    yield assembled
    await assembled.registry.close()


async def test_message_by_message(parts: Parts, settings: Settings, tmp_path: Path) -> None:
    portfolio = list(debtors_of(portfolio_in(tmp_path / "portfolio.csv")))
    later = {group[0].debtor_ref: list(later_facts(number, group)) for number, group in enumerate(portfolio)}
    rig = build_rig(settings, settings.campaigns_dir, NOW)
    simulator = Simulator(rig, SPAN, facts={ref: facts for ref, facts in later.items() if facts})
    simulated = Ran()
    for group in portfolio:
        simulate(simulator, group, simulated)
    told = [each for group in portfolio for each in tellings(simulator, group, later[group[0].debtor_ref])]
    ends = {group[0].debtor_ref: SPAN.instants(simulator.zone(known_of(group)))[1] for group in portfolio}
    ran = await run(parts, told, [now for now, _, _ in turns(*SPAN.instants(HOME))], ends)
    assert sorted(ran.sent) == sorted(simulated.sent)
    assert sorted(ran.tasks) == sorted(simulated.tasks)
    assert sorted(ran.held) == sorted(simulated.held)
    covers_what_campaigns_can(ran)


def covers_what_campaigns_can(ran: Ran) -> None:
    """Equal lists prove little where they are empty."""
    sent = ran.sent
    assert len(sent) > 80
    assert {message[6] for message in sent} == {"sms", "email"}
    steps = {message[3:5] for message in sent}
    assert {("educacion", "consejo"), ("hechos", "gracias"), ("todo", "previo"), ("todo", "hoy")} <= steps
    assert {message[7] for message in sent if message[4] == "hoy"} == {"vence_hoy", "vence_hoy_corto"}
    twice = [message[:5] for message in sent if message[4] == "recado"]
    assert len(twice) > len(set(twice))
    assert {task[4:] for task in ran.tasks} >= {("visita", "field_visit"), ("llamar", "call_back")}
    assert {held[3] for held in ran.held} == {"todo", "recordatorio-preventivo"}


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
            "segment": "Z" if number % 8 == 0 else "ABC"[number % 3],
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
            yield {**values, "loan_ref": f"M-{number}", "product": "consumo" if number % 8 else "auto"}


def later_facts(number: int, group: list[PortfolioRow]) -> Iterator[Fact]:
    """What a core says of some debtors in the days: paid in part, paid in full, promised and not kept."""
    row = group[0]
    day = SPAN.start + timedelta(days=number % 6 + 1)
    at = datetime.combine(day, time(20 if number % 2 else 3, 17), UTC)
    about = {"debtor_ref": row.debtor_ref, "loan_ref": row.loan_ref}
    if number % 5 == 1:
        amount = Money(Decimal(100 if number % 2 else 5000), "MXN")
        paid = {"payment_ref": f"P-{number}", "kind": "repayment", "amount": amount, "value_date": day}
        yield fact(PaymentReceived.model_validate({**about, **paid}), at)
    if number % 7 == 2:
        promise = {"promise_ref": f"PR-{number}", "promised_for": day, "made_at": at}
        yield fact(PromiseMade.model_validate({**about, **promise}), at)
        yield fact(PromiseBroken.model_validate({**about, **promise}), at + timedelta(days=2))


def fact(event: InboundEvent, at: datetime) -> Fact:
    """An event as it comes in."""
    return Fact("core", f"{event.debtor_ref}-{type(event).__name__}", type(event).event_type, at, event)


def simulate(simulator: Simulator, group: list[PortfolioRow], ran: Ran) -> None:
    """What the simulator makes of one debtor."""
    for each in simulator.happenings(group)[0]:
        intent = each.intent
        key = (intent.debtor_ref, intent.loan_ref, intent.installment_number, intent.campaign, intent.step)
        if isinstance(each, Sent):
            words = words_of(each.content)
            ran.sent.append((*key, each.at, each.channel.value, each.template, each.variant or "", words))
        elif isinstance(each, HandedToPeople):
            ran.tasks.append((*key, each.type))
        elif isinstance(each, HeldOut):
            ran.held.append(key)


def tellings(simulator: Simulator, group: list[PortfolioRow], later: list[Fact]) -> Iterator[Told]:
    """When the service is told what of a debtor."""
    start, _ = SPAN.instants(simulator.zone(known_of(group)))
    events, problems = events_of(group, at=start, currency="MXN")
    assert problems == []
    ref = group[0].debtor_ref
    yield Told(start, [Fact("core", f"{ref}-{n}", type(each).event_type, start, each) for n, each in enumerate(events)])
    for each in later:
        yield Told(each.at, [each])
