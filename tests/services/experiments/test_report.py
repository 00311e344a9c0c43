"""A campaign's report against people whose fates are known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import asyncpg
import pytest

from campaigns.experiment import held_out, pick_variant
from campaigns.parser import parse_definition
from channels.config import Prices
from services.database import Database
from services.experiments import NoSuchCampaign, Period, report
from services.running import RunningCampaigns
from services.store.campaigns import Manifest
from tests.services.migrations.rows import insert

AT = datetime(2026, 11, 2, 15, tzinfo=UTC)
NOW = AT + timedelta(days=30)
PERIOD = Period(AT - timedelta(days=1), AT + timedelta(days=20), timedelta(days=7))
PRICES = Prices(currency="MXN", sms=Decimal("0.50"), email=Decimal("0.01"))
DEFINITION = """campaign: aviso
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience: {}
holdout: 40%
steps:
  - id: hoy
    at: due_date
    channels: [sms]
    variants: [{template: vence_hoy, weight: 1}, {template: vence_hoy_corto, weight: 1}]
"""
MANIFEST = Manifest(sha256(DEFINITION.encode()).digest(), None, {})
PAY = """
insert into payment (loan_ref, payment_ref, amount, currency, at, reversed_at) values ($1, $2, 10.5, 'MXN', $3, $4)
"""
PEOPLE = [f"D-{number:03}" for number in range(60)]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.connect(database_url, size=2)
    async with opened.transaction() as connection:
        await fill(connection)
    yield opened
    await opened.close()


async def fill(connection: asyncpg.Connection) -> None:
    """Everybody was enrolled; of the contacted the even were sent to, and of everybody each third paid."""
    digest = sha256(DEFINITION.encode()).digest()
    await insert(connection, "content", hash=digest, body=DEFINITION)
    await insert(
        connection,
        "campaign_version",
        definition=digest,
        manifest=MANIFEST.to_json(),
        fingerprint=MANIFEST.fingerprint,
        activated_at=AT,
    )
    for number, ref in enumerate(PEOPLE):
        loan, message, since = f"L-{ref}", uuid4(), AT + timedelta(hours=number)
        await insert(connection, "debtor", debtor_ref=ref)
        await insert(connection, "loan", loan_ref=loan, debtor_ref=ref)
        about = {"debtor_ref": ref, "loan_ref": loan}
        reason = {"reason": "holdout", "state": "denied"} if held(ref) else {"state": "done"}
        times = {"earliest": since, "due_at": since, "expires_at": since + timedelta(hours=5)}
        await insert(connection, "message", id=message, step="hoy", **about, **reason, **times)
        if not held(ref) and number % 2 == 0:
            delivered = {"state": "delivered", "parts": 2, "handed_at": since}
            await insert(connection, "attempt", message_id=message, **about, **delivered)
        if number % 3 == 0:
            await pay(connection, loan, since + timedelta(days=2))
        if number % 5 == 0:
            await pay(connection, loan, since + timedelta(days=8), "later")
        if number % 4 == 0:
            await pay(connection, loan, since + timedelta(days=1), "back", reversed_at=NOW)
    recent = NOW - timedelta(days=3)
    await insert(connection, "debtor", debtor_ref="D-new")
    times = {"earliest": recent, "due_at": recent, "expires_at": recent + timedelta(hours=5)}
    await insert(connection, "message", debtor_ref="D-new", step="hoy", **times)


async def pay(
    connection: asyncpg.Connection, loan: str, at: datetime, ref: str = "p", reversed_at: datetime | None = None
) -> None:
    await connection.execute(PAY, loan, ref, at, reversed_at)


def held(ref: str) -> bool:
    """Where chance put a person."""
    definition = parse_definition(DEFINITION, "aviso.yaml", None)
    assert not isinstance(definition, list)
    return held_out(definition, ref)


def variant(ref: str) -> str:
    definition = parse_definition(DEFINITION, "aviso.yaml", None)
    assert not isinstance(definition, list)
    return pick_variant(definition.steps[0].variants, campaign="aviso", step="hoy", debtor_ref=ref).template


async def test_people_count_where_chance_put_them(database: Database) -> None:
    async with database.transaction() as connection:
        found = await report(connection, RunningCampaigns(), "aviso", PERIOD, now=NOW, prices=PRICES)
    arms = {(arm["step"], arm["arm"]): arm for arm in found["arms"]}
    contacted = [ref for ref in PEOPLE if not held(ref)]
    sent = [ref for ref in contacted if int(ref[2:]) % 2 == 0]
    paid = [ref for ref in contacted if int(ref[2:]) % 3 == 0]
    assert (found["people"], found["too_recent"]) == (60, 0)
    whole, control = arms[None, "contacted"], arms[None, "holdout"]
    assert (whole["assigned"], whole["sent"], whole["delivered"]) == (len(contacted), len(sent), len(sent))
    assert (control["assigned"], control["sent"]) == (60 - len(contacted), 0)
    assert (whole["paid"], control["paid"]) == (len(paid), 20 - len(paid))
    assert whole["recovered"] == {"MXN": f"{Decimal('10.5') * len(paid):.8f}"}
    assert Decimal(whole["cost"]) == len(sent) * 2 * Decimal("0.50")
    assert whole["cost_per_recovered"] == pytest.approx(len(sent) / float(Decimal("10.5") * len(paid)), abs=1e-5)
    for name in ("vence_hoy", "vence_hoy_corto"):
        drawn = [ref for ref in contacted if variant(ref) == name]
        assert (arms["hoy", name]["assigned"], arms["hoy", name]["paid"]) == (
            len(drawn),
            len(set(drawn) & set(paid)),
        )


async def test_differences_are_told_with_both_intervals_and_a_verdict(database: Database) -> None:
    async with database.transaction() as connection:
        found = await report(connection, RunningCampaigns(), "aviso", PERIOD, now=NOW, prices=None)
    against = [row for row in found["comparisons"] if row["step"] is None]
    assert [row["outcome"] for row in against] == ["replied", "promised", "paid"]
    paid = against[-1]
    assert paid["always"]["low"] < paid["low"] <= paid["uplift"] <= paid["high"] < paid["always"]["high"]
    assert paid["verdict"] == "too_few"
    assert {row["against"] for row in found["comparisons"] if row["step"] == "hoy"} == {"vence_hoy"}
    assert all(arm["cost"] is None for arm in found["arms"])


async def test_whose_days_are_not_over_waits(database: Database) -> None:
    period = Period(PERIOD.since, NOW, PERIOD.within)
    async with database.transaction() as connection:
        found = await report(connection, RunningCampaigns(), "aviso", period, now=NOW, prices=None)
    assert (found["people"], found["too_recent"]) == (60, 1)


async def test_a_name_nobody_knows_is_refused(database: Database) -> None:
    async with database.transaction() as connection:
        with pytest.raises(NoSuchCampaign):
            await report(connection, RunningCampaigns(), "nadie", PERIOD, now=NOW, prices=None)
