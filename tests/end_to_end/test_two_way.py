"""Debtors ask and are answered, and follow links; through the real process and the simulated provider."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from services.pay_page import payment_page_key, signature
from tests.chromium import chromium_page
from tests.end_to_end.fixtures import prove
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.talk import link_in, sent_to, surely, talking_world, visit, whatsapp
from tests.end_to_end.world import SECRET, World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[World]:
    """A running world that answers; at its end every invariant must hold."""
    async with talking_world(tmp_path_factory.mktemp("talk"), postgres_dsn, template_database) as made:
        yield made
        await prove(made)


async def reminded(world: World) -> Debtor:
    """Somebody who just got a reminder with a link."""
    debtor = world.debtor()
    await world.tell(debtor.snapshot(**surely(debtor)), debtor.due())
    await world.outcome(debtor, "message.delivered")
    return debtor


async def answered(world: World, debtor: Debtor, count: int, *, by_whatsapp: bool = False) -> str:
    """Wait until this person got so many messages; gives the words of the last."""
    await world.until(lambda: len(sent_to(world, debtor, whatsapp=by_whatsapp)) >= count, f"{count} messages")
    await world.rest()
    messages = sent_to(world, debtor, whatsapp=by_whatsapp)
    assert len(messages) == count
    return messages[-1].body


async def test_a_person_and_a_scanner_follow_a_link(world: World) -> None:
    debtor = await reminded(world)
    address = link_in(sent_to(world, debtor)[0].body, world)
    machines = [("GET", {"User_Agent": "WhatsApp/2.25.1 A"}), ("HEAD", {}), ("GET", {"Sec_Purpose": "prefetch"})]
    for how, headers in machines:
        status, target, text = await visit(address, how, **headers)
        assert status in (200, 503)
        assert target == ""
        assert not [word for word in (*debtor.secrets, "Financiera", "pago", "1050") if word in text]
    assert world.outcomes(debtor, "message.clicked") == []
    for _ in range(2):
        status, target, _ = await visit(address)
        assert status == 302
    page = urlsplit(target)
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert page.netloc == "pagos.financiera.test"
    assert (asked["loan"], asked["amount"]) == (debtor.loan, "1050.50")
    assert asked.pop("signature") == signature(payment_page_key(SECRET.encode()), asked)
    assert not [secret for secret in debtor.secrets if secret in target]
    clicked = await world.outcome(debtor, "message.clicked")
    assert clicked.data["linkRef"] == asked["link"]
    rows = await world.rows("select kind, reason from click where debtor_ref = $1 order by id", debtor.ref)
    assert [tuple(row) for row in rows][:3] == [("scanner", "agent"), ("scanner", "head"), ("scanner", "prefetch")]
    assert [row["kind"] for row in rows][3:] == ["person", "person"]


async def test_a_conversation_by_sms_with_repeated_callbacks(world: World) -> None:
    debtor = await reminded(world)
    for count, (words, says) in enumerate(
        [("AYUDA", "1 Saldo. 2 Enlace"), ("1", "$1,050.50 MXN"), ("2", f"{world.serve.url}/l/"), ("4", "persona")], 2
    ):
        sid = f"SM{debtor.ref}-{count}".ljust(34, "0")
        for _ in range(2):
            assert await world.reply(debtor, words, MessageSid=sid) == 200
        assert says in await answered(world, debtor, count)
    assert [event.data["intent"] for event in world.outcomes(debtor, "reply.received")] == [
        "help",
        "balance",
        "payment_link",
        "agent",
    ]
    status, target, _ = await visit(link_in(sent_to(world, debtor)[3].body, world))
    assert (status, urlsplit(target).netloc) == (302, "pagos.financiera.test")


async def test_whatsapp_is_answered_with_free_text(world: World) -> None:
    debtor = await reminded(world)
    assert await whatsapp(world, debtor, "menú") == 200
    assert "1. Saldo\n2. Enlace" in await answered(world, debtor, 1, by_whatsapp=True)
    assert "ContentSid" not in sent_to(world, debtor, whatsapp=True)[0].fields
    assert await whatsapp(world, debtor, "1") == 200
    assert "$1,050.50 MXN" in await answered(world, debtor, 2, by_whatsapp=True)


async def test_a_stop_is_confirmed_and_then_nothing_is_answered(world: World) -> None:
    debtor = await reminded(world)
    assert await world.reply(debtor, "BAJA", MessageSid="SM" + debtor.ref.rjust(32, "b")) == 200
    assert await world.reply(debtor, "BAJA", MessageSid="SM" + debtor.ref.rjust(32, "b")) == 200
    assert "BAJA registrada" in await answered(world, debtor, 2)
    assert await world.reply(debtor, "menu") == 200
    await world.outcome(debtor, "message.suppressed")
    await answered(world, debtor, 2)


async def test_strangers_and_numbers_that_are_not_sure_learn_nothing(world: World) -> None:
    stranger, unsure = world.debtor(), world.debtor()
    await world.tell(unsure.snapshot(), unsure.due())
    await world.outcome(unsure, "message.delivered")
    assert await world.reply(stranger, "saldo") == 200
    assert await world.reply(unsure, "saldo") == 200
    text = await answered(world, unsure, 2)
    assert "+525550000000" in text
    assert "1,050" not in text
    assert sent_to(world, stranger) == []


async def test_a_loop_ends(world: World) -> None:
    debtor = await reminded(world)
    for _ in range(9):
        assert await world.reply(debtor, "ayuda") == 200
        await world.rest()
    assert len(sent_to(world, debtor)) == 7


@pytest.mark.chromium
@pytest.mark.parametrize(("language", "title"), [("es-MX,es;q=0.9", "Enlace"), ("en-US", "Link")])
async def test_a_link_that_is_none_is_a_plain_page(world: World, language: str, title: str) -> None:
    address = f"{world.serve.url}/l/AAAAAAAAAAAA"
    async with chromium_page(language) as page:
        await page.open(address)
        assert await page.value("document.title") == title
        assert await page.value("document.querySelector('a').getAttribute('href')") == "tel:+525550000000"
        text = await page.value("document.documentElement.outerHTML")
        refused = [complaint for complaint in page.complaints if "404" not in complaint]
        assert refused == []
        assert {asked for asked in page.requests if not asked.endswith("/favicon.ico")} == {address}
    assert not [word for word in ("Financiera", "pago", "deuda", "debt", "payment") if word in text]
