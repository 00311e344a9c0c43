"""Payment links: people are sent on and counted, machines are shown nothing, nobody is sent anywhere else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.links import Followed, LinkPruning, Looked, Nowhere, Onward
from services.pay_page import SIGNED, payment_page_key, signature
from services.visits import BURST_LINKS, Scanner, Visit
from tests.services.engine.engine import Engine, definition, due, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TODAY = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
SECRET = b"s" * 32


def visit(agent: str = PHONE, *, method: str = "GET", address: str = "187.190.1.2", **more: str) -> Visit:
    return Visit.of(method, {"user-agent": agent, "accept-language": "es-MX", **more}, address)


async def sent(engine: MakeEngine, debtors: int = 1, *, seconds: float = 60, **more: Any) -> tuple[Engine, list[str]]:
    """An engine that sent links a while ago, and their tokens."""
    e = await engine(definition(TODAY))
    refs = [f"D-{n}" for n in range(1, debtors + 1)]
    await e.happen_all([event for ref in refs for event in (snapshot(ref, **more), due(ref))])
    assert await e.dispatch() == debtors
    await e.move(seconds=seconds)
    return e, [text.partition("https://puntual.test/l/")[2][:12] for text in e.texts]


async def kinds(e: Engine) -> list[tuple[str, str | None]]:
    return [(row["kind"], row["reason"]) for row in await e.rows("select kind, reason from click order by id")]


async def test_a_person_is_sent_to_the_payment_page_with_what_is_due_signed(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine)
    for _ in range(2):
        followed = await e.links.follow(token, visit())
        assert isinstance(followed, Onward)
    address = urlsplit(followed.address)
    assert (address.scheme, address.netloc) == ("https", "pagos.financiera.test")
    given = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert {name: given[name] for name in ("loan", "installment", "amount", "currency")} == {
        "loan": "D-1-L0",
        "installment": "1",
        "amount": "1000.00",
        "currency": "MXN",
    }
    assert int(given["expires"]) == int(e.clock.now().timestamp()) + 24 * 3600
    assert given.pop("signature") == signature(payment_page_key(SECRET), given)
    assert set(given) == set(SIGNED)
    assert await kinds(e) == [("person", None), ("person", None)]
    (clicked,) = [data for name, data in await e.outcomes() if name == "message.clicked"]
    assert clicked["linkRef"] == given["link"]
    assert "attemptRef" in clicked
    stored = await e.rows("select digest, number from link")
    assert token.encode() not in stored[0]["digest"]


@pytest.mark.parametrize(
    ("seen", "how"),
    [
        (visit("WhatsApp/2.23.20.0 A"), Scanner.AGENT),
        (visit("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"), Scanner.AGENT),
        (visit("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"), Scanner.AGENT),
        (visit("Mozilla/5.0 (Windows NT 10.0) Mimecast URL Protection"), Scanner.AGENT),
        (visit("python-requests/2.32"), Scanner.AGENT),
        (visit(""), Scanner.AGENT),
        (visit(method="HEAD"), Scanner.HEAD),
        (visit(**{"sec-purpose": "prefetch;prerender"}), Scanner.PREFETCH),
    ],
)
async def test_a_machine_that_says_so_is_shown_nothing(engine: MakeEngine, seen: Visit, how: Scanner) -> None:
    e, (token,) = await sent(engine)
    assert await e.links.follow(token, seen) == Looked(how, "+525550000000")
    assert await kinds(e) == [("scanner", how.value)]
    assert "message.clicked" not in await e.names()


async def test_who_comes_at_once_like_no_person_would_is_let_through_and_not_counted(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine, seconds=2)
    assert isinstance(await e.links.follow(token, visit(DESKTOP)), Onward)
    assert isinstance(await e.links.follow(token, visit(PHONE)), Onward)
    assert await kinds(e) == [("scanner", "quick"), ("person", None)]


async def test_one_browser_on_many_links_is_a_machine_and_many_phones_behind_one_address_are_not(
    engine: MakeEngine,
) -> None:
    e, tokens = await sent(engine, debtors=BURST_LINKS + 1)
    for token in tokens:
        await e.links.follow(token, visit(DESKTOP))
    for place, token in enumerate(tokens):
        await e.links.follow(token, visit(f"{PHONE} Build/{place}"))
        await e.links.follow(token, visit(PHONE, address="10.0.0.1"))
    found = await kinds(e)
    assert [kind for kind, _ in found[: BURST_LINKS + 1]] == ["person"] * (BURST_LINKS - 1) + ["scanner"] * 2
    assert {kind for kind, _ in found[BURST_LINKS + 1 :]} == {"person"}


async def test_nothing_leads_anywhere_but_to_the_lenders_page(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine)
    nowhere = Nowhere("+525550000000")
    for unknown in ("x", "A" * 12, token[:-1], token + "x", "https://evil.test", "../" + token):
        assert await e.links.follow(unknown, visit()) == nowhere
    link = {"paymentRefs": [{"scheme": "link", "value": "javascript:alert(1)"}]}
    name, data = due()
    await e.happen_all([(name, {**data, **link})])
    onward = await e.links.follow(token, visit())
    assert isinstance(onward, Onward)
    assert onward.address.startswith("https://pagos.financiera.test?")
    await e.happen_all(
        [(name, {**data, "paymentRefs": [{"scheme": "link", "value": "https://pagos.financiera.test/p/7?a=1"}]})]
    )
    onward = await e.links.follow(token, visit())
    assert isinstance(onward, Onward)
    assert onward.address.startswith("https://pagos.financiera.test/p/7?a=1&loan=D-1-L0&installment=1&amount=1000.00")


async def test_a_link_ends_and_is_forgotten(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine)
    await e.move(days=30)
    assert isinstance(await e.links.follow(token, visit()), Nowhere)
    async with e.database.transaction() as connection:
        await LinkPruning().turn(connection, e.clock.now())
    assert len(await e.rows("select 1 from link")) == 1
    await e.move(days=91)
    async with e.database.transaction() as connection:
        await LinkPruning().turn(connection, e.clock.now())
    assert await e.rows("select 1 from link") == []


async def test_a_payment_in_doubt_takes_the_amount_off(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine)
    money = {"amount": "400", "currency": "MXN"}
    await e.happen("payment.received", debtorRef="D-1", loanRef="D-1-L0", paymentRef="p", kind="repayment",
                   amount=money, valueDate="2026-11-24")  # fmt: skip
    onward = await e.links.follow(token, visit())
    assert isinstance(onward, Onward)
    assert "amount" not in onward.address
    assert "loan=D-1-L0" in onward.address


async def test_a_flood_leaves_few_rows_and_one_event(engine: MakeEngine) -> None:
    e, (token,) = await sent(engine)
    answers: list[Followed] = await asyncio.gather(*(e.links.follow(token, visit()) for _ in range(60)))
    assert all(isinstance(answer, Onward) for answer in answers)
    assert len(await kinds(e)) == 50
    assert (await e.names()).count("message.clicked") == 1


async def test_each_attempt_has_its_own_link(engine: MakeEngine) -> None:
    e, _ = await sent(engine)
    rows = await e.rows("select l.number from link l join message m on m.id = l.message_id")
    assert [row["number"] for row in rows] == [1]
