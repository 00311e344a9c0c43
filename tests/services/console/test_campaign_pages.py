"""The life of a version in a browser: written, simulated, submitted, and decided by somebody else."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services import campaign_review as review
from services.campaign_review import Actor, ReviewProblem
from services.campaign_texts import Texts, checked
from tests.services.console.accessibility import axe_or_skip, violations
from tests.services.console.browser import PHONE, Browser, browsing
from tests.services.console.hands import (
    buttons,
    choose_file,
    choose_theme,
    click,
    fill,
    give_reason,
    overflows,
    rows,
    there,
)
from tests.services.console.site import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.chromium, pytest.mark.slow]

DEFINITION = """campaign: aviso
version: {version}
owner: cobranza@financiera.test
purpose: collections
creditor: demo
audience: {{products: [consumo]}}
stop_on: [paid, promise, dispute, opt_out, hold, closed]
steps:
  - {{id: hoy, at: due_date, between: "{between}", channels: [sms], template: vence_hoy}}
"""
PORTFOLIO = """debtor_ref,name,phone,segment,loan_ref,product,creditor_ref,currency,due_date,amount_due,country
D-1,Ana Prueba,+525520000001,A,L-1,consumo,demo,MXN,2026-11-26,1050.50,MX
D-2,Luis Prueba,+525520000002,B,L-2,consumo,demo,MXN,2026-11-27,900,MX
"""
STATES = "select version, state, submitted_by, approved_by from campaign_version where campaign = 'aviso' order by id"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def author(site: Site) -> AsyncIterator[Browser]:
    """Who writes."""
    async with browsing(site) as browser:
        await browser.login("author")
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def approver(site: Site) -> AsyncIterator[Browser]:
    """Who decides."""
    async with browsing(site) as browser:
        await browser.login("approver")
        yield browser


async def _write(author: Browser, version: int, between: str = "09:00-19:00") -> None:
    await author.go("/draft")
    await fill(author, "Definición", DEFINITION.format(version=version, between=between))
    await click(author, "Revisar")


async def _submit(author: Browser, version: int, between: str = "09:00-19:00") -> None:
    await _write(author, version, between)
    await click(author, "Enviar a revisión")
    await author.page.until("location.pathname.startsWith('/console/campaigns/aviso/')")
    await author.ready()


async def _open_waiting(site: Site, browser: Browser) -> None:
    found = await rows(site.parts, "select id from campaign_version where campaign = 'aviso' order by id desc limit 1")
    await browser.go(f"/campaigns/aviso/{found[0]['id']}")


async def test_a_version_is_checked_simulated_and_submitted(site: Site, author: Browser, tmp_path: Path) -> None:
    await _write(author, 1, between="03:00-04:00")
    await there(author, "Problemas: 1")
    await there(author, "nunca da con una hora permitida por el paquete MX")
    await author.shot("draft-lint-es")
    await _write(author, 1)
    await there(author, "Simulación")
    await there(author, "María")
    portfolio = tmp_path / "cartera.csv"
    portfolio.write_text(PORTFOLIO)
    await choose_file(author, 1, portfolio)
    await there(author, "Mensajes por paso")
    await author.shot("draft-es")
    await click(author, "Enviar a revisión")
    await author.page.until("location.pathname.startsWith('/console/campaigns/aviso/')")
    await there(author, "espera aprobación")
    assert await buttons(author) == []
    await there(author, "Mensajes por paso")
    await author.shot("version-es")
    (row,) = await rows(site.parts, STATES)
    assert (row["state"], row["submitted_by"], row["approved_by"]) == ("submitted", "console:author", None)


async def test_somebody_else_approves_exactly_that(site: Site, approver: Browser) -> None:
    await _open_waiting(site, approver)
    await there(approver, "Mensajes por paso")
    await click(approver, "Aprobar")
    await there(approver, "Empieza a correr")
    await click(approver, "Confirmar")
    await there(approver, "console:approver")
    (row,) = await rows(site.parts, STATES)
    assert (row["state"], row["approved_by"]) == ("active", "console:approver")
    audit = await rows(site.parts, "select actor, action from audit where subject = 'campaign/aviso/1' order by id")
    assert [(each["actor"], each["action"]) for each in audit] == [
        ("console:author", "campaign.submitted"),
        ("console:approver", "campaign.approved"),
    ]


async def test_a_campaign_is_paused_resumed_and_retired_with_reasons(site: Site, approver: Browser) -> None:
    await approver.go("/campaigns/aviso")
    await click(approver, "Poner en pausa")
    await give_reason(approver, "se revisa el texto")
    await there(approver, "en pausa.")
    await click(approver, "Reanudar")
    await give_reason(approver, "ya quedó revisado")
    await there(approver, "Corre la versión 1: activa.")
    await approver.shot("campaign-es")
    told = await rows(site.parts, "select action, reason from campaign_review where campaign = 'aviso' order by id")
    assert [(each["action"], each["reason"]) for each in told][2:] == [
        ("paused", "se revisa el texto"),
        ("resumed", "ya quedó revisado"),
    ]


async def test_a_change_shows_its_difference_is_approved_and_rolled_back(
    site: Site, author: Browser, approver: Browser
) -> None:
    await _submit(author, 2, between="10:00-18:00")
    await _open_waiting(site, approver)
    await there(approver, "Diferencias con lo que corre (v1)")
    assert '-  - {id: hoy, at: due_date, between: "09:00-19:00"' in await approver.text()
    await there(approver, "sin simulación")
    await approver.shot("version-diff-es")
    await click(approver, "Aprobar")
    await click(approver, "Confirmar")
    await there(approver, "console:approver")
    first = (await rows(site.parts, "select id from campaign_version where campaign = 'aviso' order by id"))[0]["id"]
    await approver.go(f"/campaigns/aviso/{first}")
    await click(approver, "Volver a esta versión")
    await click(approver, "Confirmar")
    await approver.page.until("![...document.querySelectorAll('button')].some(b => b.innerText.includes('Volver'))")
    assert [row["state"] for row in await rows(site.parts, STATES)] == ["active", "superseded"]


async def test_a_rejection_says_why_and_is_final(site: Site, author: Browser, approver: Browser) -> None:
    await _submit(author, 3, between="11:00-18:00")
    await _open_waiting(site, approver)
    await click(approver, "Rechazar")
    await give_reason(approver, "la ventana es muy corta")
    await there(approver, "rechazada")
    assert "Aprobar" not in await buttons(approver)
    await approver.go("/campaigns/aviso")
    await click(approver, "Retirar")
    await give_reason(approver, "termina la temporada")
    await there(approver, "Ninguna versión corre.")
    assert [row["state"] for row in await rows(site.parts, STATES)] == ["retired", "superseded", "rejected"]


async def test_a_whole_campaign_is_written_with_its_templates(site: Site, author: Browser) -> None:
    await author.go("/draft")
    definition = DEFINITION.format(version=1, between="09:00-19:00")
    definition = definition.replace("campaign: aviso", "campaign: propia").replace("vence_hoy", "palabras_nuevas")
    await fill(author, "Definición", definition)
    await fill(author, "Nueva, como", "es/palabras nuevas")
    await click(author, "Agregar")
    await there(author, "Escriba idioma/nombre.canal.j2")
    await author.page.value("document.querySelector('input[maxlength=\"200\"]').select()")
    await fill(author, "Nueva, como", "es/palabras_nuevas.sms.j2")
    await click(author, "Agregar")
    await click(author, "Revisar")
    await there(author, "la plantilla no tiene texto")
    await fill(author, "es/palabras_nuevas.sms.j2", "{{ creditor.name }}: mañana vence. {{ opt_out.text }}")
    await click(author, "Revisar")
    await there(author, "mañana vence.")
    await author.shot("draft-templates-es")
    await click(author, "Enviar a revisión")
    await author.page.until("location.pathname.startsWith('/console/campaigns/propia/')")
    await there(author, "es/palabras_nuevas.sms.j2")
    (row,) = await rows(site.parts, "select body from content where kind = 'template' and body like '%mañana vence%'")
    assert row["body"] == "{{ creditor.name }}: mañana vence. {{ opt_out.text }}"


async def test_a_new_draft_begins_with_the_templates_of_its_version(site: Site) -> None:
    (version,) = await rows(site.parts, "select id from campaign_version where campaign = 'propia'")
    async with site.visitor("author") as client:
        text = (await client.get(f"/console/draft?from={version['id']}")).text
        assert "Quitar es/palabras_nuevas.sms.j2" in text
        assert "mañana vence." in text
        assert "Quitar es/" not in (await client.get("/console/draft")).text


async def test_whoever_submitted_is_told_that_somebody_else_approves(site: Site) -> None:
    settings, now = site.parts.settings, site.clock.now()
    found = checked(settings, Texts(DEFINITION.format(version=4, between="09:00-18:00"), None, {}), now)
    async with site.parts.database.transaction() as connection:
        entry = await review.submit(connection, found.submission, Actor("console:approver", now))
        with pytest.raises(ReviewProblem, match="somebody else"):
            await review.approve(connection, "aviso", 4, Actor("Approver", now))
    async with site.visitor("approver") as client:
        answer = await client.get(f"/console/campaigns/aviso/{entry.id}")
        assert "Usted envió esta versión" in answer.text
        assert "Rechazar" not in answer.text


async def test_who_only_reads_sees_no_buttons(site: Site) -> None:
    (first, *_) = await rows(site.parts, "select id from campaign_version where campaign = 'aviso' order by id")
    async with site.visitor("viewer", "en") as client:
        for path in ("/console/campaigns", "/console/campaigns/vence", f"/console/campaigns/aviso/{first['id']}"):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert re.search(r"\b(Retire|Pause|Approve|Roll back|Reject|Submit a version)\b", answer.text) is None
        assert (await client.get("/console/draft")).status_code == 403
        exported = await client.get("/console/export/campaigns.csv")
        assert "aviso" in exported.text


async def test_the_pages_fit_a_phone_in_english(site: Site) -> None:
    (first, *_) = await rows(site.parts, "select id from campaign_version where campaign = 'aviso' order by id")
    async with browsing(site, "en-US", size=PHONE) as browser:
        await browser.login("admin")
        paths = {
            "campaigns": "/campaigns",
            "campaign": "/campaigns/aviso",
            "version": f"/campaigns/aviso/{first['id']}",
        }
        for name, path in {**paths, "draft": f"/draft?from={first['id']}"}.items():
            await browser.go(path)
            await browser.shot(f"{name}-en-phone")
            assert not await overflows(browser), path
        assert browser.page.complaints == []


@pytest.mark.node
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_version_and_a_draft_are_accessible(site: Site, theme: str) -> None:
    axe_or_skip()
    (first, second, *_) = await rows(site.parts, "select id from campaign_version where campaign = 'aviso' order by id")
    await choose_theme(site, "admin", theme)
    async with browsing(site, "en-US") as browser:
        await browser.login("admin")
        found = {}
        for name, row in {"version": first, "version-diff": second}.items():
            await browser.go(f"/campaigns/aviso/{row['id']}")
            await there(browser, "María Ejemplo")
            found[name] = await violations(browser.page)
            await browser.shot(f"{name}-{theme}")
        await browser.go(f"/draft?from={first['id']}")
        await click(browser, "Check")
        await there(browser, "Submit for approval")
        found["draft"] = await violations(browser.page)
        await browser.shot(f"draft-{theme}")
    await choose_theme(site, "admin", None)
    assert {name: faults for name, faults in found.items() if faults} == {}
