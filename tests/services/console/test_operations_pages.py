"""Stops, dead letters, the audit log, packs and figures, as operators and auditors use them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from confluent_kafka import Producer

from services.counting import Counting
from services.embedded.kafka import EmbeddedBroker
from services.evidence import Signer
from services.kafka_options import librdkafka_options
from services.sealing import Sealing
from services.store import stops
from services.topics import wanted_topics
from services.wiring import Parts
from tests.end_to_end.fixtures import a_database
from tests.services.api.application import activate_campaigns, assembled
from tests.services.console.browser import Browser, browsing
from tests.services.console.hands import buttons, click, fill, give_reason, rows, there
from tests.services.console.morning import tell
from tests.services.console.site import Site, served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.chromium, pytest.mark.slow]

LENDING = "puntual.lending.events.v1"
LETTER = f"{LENDING}.dlt/0/0"
NAME = "Zarvol Pérez"


@pytest.fixture(scope="module")
def kafka() -> Iterator[EmbeddedBroker]:
    """A broker for the dead letters of this module."""
    broker = EmbeddedBroker()
    broker.start()
    yield broker
    broker.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    postgres_dsn: str, template_database: str, tmp_path_factory: Any, kafka: EmbeddedBroker
) -> AsyncIterator[Site]:
    """A console over a database with a few debts, and a broker with a dead letter."""
    async with a_database(postgres_dsn, template_database) as dsn:
        made = await assembled(dsn, tmp_path_factory.mktemp("office"))
        parts = replace(made, bootstrap=kafka.address)
        await activate_campaigns(parts)
        await _debts(parts)
        _bury(parts, kafka)
        async with served(parts) as site:
            yield site
        await parts.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(office: Site) -> AsyncIterator[Browser]:
    """An administrator's browser."""
    async with browsing(office) as made:
        await made.login("admin")
        yield made


async def _debts(parts: Parts) -> None:
    money = {"amount": "1050.50", "currency": "MXN"}
    for number in range(3):
        person = {"debtorRef": f"D-{number}", "revision": 1, "displayName": NAME, "country": "MX", "region": "MX-JAL"}
        loan = {"loanRef": f"L-{number}", "role": "borrower", "productCode": "consumo", "creditorRef": "demo"}
        due = {"loanRef": f"L-{number}", "debtorRef": f"D-{number}", "installmentNumber": 1, "dueDate": "2026-11-20"}
        await tell(parts, ("debtor.upserted", {**person, "contactPoints": [], "loans": [loan]}))
        await tell(parts, ("installment.due", {**due, "amountDue": {"total": money}}))
    for number in range(12):
        person = {"debtorRef": f"E-{number}", "revision": 1, "displayName": NAME, "country": "MX", "segment": "B"}
        loan = {"loanRef": f"E-L-{number}", "role": "borrower", "productCode": "elige", "creditorRef": "demo"}
        due = {"loanRef": f"E-L-{number}", "debtorRef": f"E-{number}", "installmentNumber": 1, "dueDate": "2026-11-24"}
        point = {"contactPointRef": "p", "kind": "phone", "value": f"+5255200001{number:02}", "phoneType": "mobile"}
        await tell(parts, ("debtor.upserted", {**person, "contactPoints": [point], "loans": [loan]}))
        owed = {"amountDue": {"total": money}, "totalOutstanding": money}
        await tell(parts, ("installment.due", {**due, **owed}))
    async with parts.database.transaction() as connection:
        await Counting().turn(connection, parts.clock.now())


def _bury(parts: Parts, kafka: EmbeddedBroker) -> None:
    kafka.ensure_topics(topic.name for topic in wanted_topics(parts.settings))
    told = {
        "original_topic": LENDING,
        "original_partition": "0",
        "reason": "invalid_event",
        "message": "data.loanRef: is required",
        "failed_at": "2026-11-24T15:00:00Z",
    }
    headers: list[tuple[str, str | bytes | None]] = [("ce_id", b"e-1")]
    headers += [(f"puntual_dlt_{name}", text.encode()) for name, text in told.items()]
    producer = Producer(librdkafka_options(parts.settings, kafka.address))
    producer.produce(f"{LENDING}.dlt", key=b"D-1", value=f'{{"name": "{NAME}"}}'.encode(), headers=headers, partition=0)
    assert producer.flush(10) == 0


async def test_a_stop_is_put_with_a_reason_shown_everywhere_and_lifted(office: Site, browser: Browser) -> None:
    await browser.go("/stops")
    await there(browser, "No hay nada detenido")
    await click(browser, "Detener…")
    await there(browser, "no se puede recuperar")
    await give_reason(browser, "falla en el proveedor")
    await there(browser, "1 en vigor")
    await browser.shot("stops-standing-es")
    async with office.parts.database.reading() as connection:
        assert (await stops.standing(connection)).everything
    await click(browser, "Reanudar")
    await give_reason(browser, "ya se arregló")
    await there(browser, "No hay nada detenido")
    audit = "select actor, action, details->>'reason' as reason from audit where subject like 'stop/%' order by id"
    assert [tuple(row.values()) for row in await rows(office.parts, audit)] == [
        ("console:admin", "stop.made", None),
        ("console:admin", "stop.lifted", "ya se arregló"),
    ]


async def test_who_may_not_stop_sees_what_is_stopped_and_no_button(office: Site) -> None:
    async with office.visitor("viewer") as client:
        answer = await client.get("/console/stops")
        assert answer.status_code == 200
        assert "Detener…" not in answer.text
        assert (await client.get("/console/audit")).status_code == 403


async def test_the_contents_of_a_dead_letter_are_shown_only_on_record(office: Site, browser: Browser) -> None:
    await browser.go("/letters")
    await there(browser, "data.loanRef: is required")
    await browser.shot("letters-es")
    await browser.go(f"/letters/{LETTER}")
    await there(browser, "evento no válido")
    assert NAME not in await browser.text()
    await click(browser, "Ver el contenido…")
    await give_reason(browser, "corregir el origen")
    await there(browser, NAME)
    (seen,) = await rows(office.parts, "select subject from audit where action = 'personal_data.unmasked'")
    assert seen["subject"] == f"letter/{LETTER}"


async def test_a_dead_letter_is_replayed_once_and_on_record(office: Site, browser: Browser) -> None:
    await browser.go("/letters")
    await there(browser, "data.loanRef: is required")
    await click(browser, "Reenviar")
    await there(browser, "Corrija antes")
    await click(browser, "Confirmar")
    await there(browser, "No hay cartas muertas.")
    (done,) = await rows(office.parts, "select actor, subject from audit where action = 'dead_letters.replayed'")
    assert tuple(done.values()) == ("console:admin", f"topic/{LENDING}.dlt")
    await browser.go(f"/letters/{LETTER}")
    await there(browser, "Ya se reenvió una vez.")
    assert "Reenviar otra vez" in await buttons(browser)


async def test_the_audit_log_is_filtered_and_its_seals_are_checked(office: Site, browser: Browser) -> None:
    async with office.parts.database.transaction() as connection:
        await Sealing(Signer(office.parts.secret)).seal(connection, office.clock.now())
    await browser.go("/audit")
    await there(browser, "Último sello")
    await click(browser, "Revisar la cadena")
    await there(browser, "Íntegra:")
    await fill(browser, "Quién", "console:nobody")
    await click(browser, "Mostrar")
    await there(browser, "No hay nada en el registro.")
    await browser.shot("audit-es")


async def test_packs_tell_their_state_and_every_rule_its_source(browser: Browser) -> None:
    await browser.go("/packs")
    await there(browser, "borradores")
    await browser.shot("packs-es")
    await browser.go("/packs/US-FL")
    await there(browser, "Florida Statutes 559.72(17)")
    assert "Borrador" in await browser.text()


async def test_figures_are_shown_split_and_exported(office: Site, browser: Browser) -> None:
    await browser.go("/figures")
    await there(browser, "Cartera vencida")
    assert "MXN por cobrar" in await browser.text()
    await browser.shot("figures-es")
    async with office.visitor("viewer", "en") as client:
        answer = await client.get("/console/export/figures.csv?days=7&by=day")
        assert answer.text.lstrip("\ufeff").startswith("By,Planned,Sent")
        page = await client.get("/console/figures")
        assert "Delinquency index" in page.text


async def test_nothing_personal_is_on_these_pages(office: Site) -> None:
    async with office.visitor("admin") as client:
        for path in ("/stops", "/audit", "/packs", "/figures", "/letters"):
            assert NAME not in (await client.get(f"/console{path}")).text


async def test_a_report_compares_variants_and_says_whether_to_stop(office: Site) -> None:
    office.clock.advance(timedelta(days=20))
    async with browsing(office) as late:
        await late.login("viewer")
        await late.go("/reports/elige")
        await there(late, "muy pocas personas")
        assert "vence_hoy_corto" in await late.text()
        await late.shot("report-es")
        await late.go("/figures")
        await there(late, "Mensajes por día")
    async with office.visitor("viewer", "en") as client:
        exported = await client.get("/console/export/campaign_uplift.csv?campaign=elige&within=14")
        assert "too few people" in exported.text
