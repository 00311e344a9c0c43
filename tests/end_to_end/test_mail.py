"""The way of a mail, out and back, through the real parts."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.chromium import chromium_page
from tests.end_to_end.fixtures import prove
from tests.end_to_end.mail import MailWorld, mail_world
from tests.end_to_end.portfolio import Debtor

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

RETURNED = """\
From: MAILER-DAEMON@mx.correo.test
To: {sender}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b1"

--b1
Content-Type: text/plain

It came back.

--b1
Content-Type: message/{kind}

{fields}

--b1
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b1--
"""
HARD = "Reporting-MTA: dns; mx.correo.test\n\nFinal-Recipient: rfc822; x@correo.test\nAction: failed\nStatus: 5.1.1"
ABUSE = "Feedback-Type: abuse\nUser-Agent: Provider/1.0\nVersion: 1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def post(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[MailWorld]:
    """A running world that writes mail, which the tests of this module share; at its end every invariant must hold."""
    async with mail_world(tmp_path_factory.mktemp("post"), postgres_dsn, template_database) as made:
        yield made
        await prove(made.world)


async def mailed(post: MailWorld, **more: str) -> tuple[Debtor, str, EmailMessage]:
    """A debtor who got a mail: its envelope sender and the mail."""
    debtor = post.world.debtor(**more)
    await post.world.tell(debtor.snapshot(), debtor.due())
    taken, message = await post.the_mail(debtor)
    await post.world.outcome(debtor, "message.accepted")
    return debtor, taken.sender, message


async def test_one_click_at_the_address_in_the_header_ends_mail_and_only_mail(post: MailWorld) -> None:
    debtor, _, message = await mailed(post)
    assert post.world.kinds(debtor) == ["scheduled", "accepted"]
    assert debtor.name not in message["Subject"]
    exit_address = message["List-Unsubscribe"].partition(">")[0].lstrip("<")
    async with aiohttp.ClientSession() as client:
        for method in ("get", "head"):
            async with client.request(method, exit_address) as seen:
                assert seen.status == 200
        assert post.world.outcomes(debtor, "optout.recorded") == []
        for _ in range(2):
            form = {"List-Unsubscribe": "One-Click"}
            async with client.post(exit_address, data=form, allow_redirects=False) as done:
                assert done.status == 200
    told = await post.world.outcome(debtor, "optout.recorded")
    assert (told.data["channel"], told.data["source"]) == ("email", "link")
    await post.world.tell(debtor.due(number=8, date="2026-11-24"))
    suppressed = await post.world.outcome(debtor, "message.suppressed")
    assert suppressed.data["reason"] == "opt_out"
    assert len(post.mails(debtor)) == 1


@pytest.mark.chromium
async def test_the_link_of_a_mail_is_a_page_with_one_button(post: MailWorld) -> None:
    debtor, _, message = await mailed(post)
    exit_address = message["List-Unsubscribe"].partition(">")[0].lstrip("<")
    async with chromium_page("es-MX,es;q=0.9") as page:
        await page.open(exit_address)
        assert await page.value("document.documentElement.lang") == "es"
        assert await page.value("getComputedStyle(document.querySelector('button')).color") == "rgb(255, 255, 255)"
        assert post.world.outcomes(debtor, "optout.recorded") == []
        await page.value("document.querySelector('button').click()")
        await page.until("document.body.innerText.includes('Listo')")
        assert await page.value("document.querySelector('button') === null")
        assert page.complaints == []
        assert {address for address in page.requests if not address.endswith("/favicon.ico")} == {exit_address}
        text = await page.value("document.documentElement.outerHTML")
    told = await post.world.outcome(debtor, "optout.recorded")
    assert (told.data["channel"], told.data["source"]) == ("email", "link")
    assert not [secret for secret in (*debtor.secrets, "Financiera", "pago", "deuda") if secret in text]


async def test_a_bounce_ends_the_address_and_turns_to_the_next_channel(post: MailWorld) -> None:
    debtor, sender, message = await mailed(post, product="nomina")
    report = RETURNED.format(
        sender=sender, kind="delivery-status", fields=HARD, message_id=message["Message-ID"]
    ).encode()
    for _ in range(2):
        taken = await post.receive(report, sender)
        assert (taken.returncode, taken.stdout, taken.stderr) == (0, b"bounce\n", b"")
    told = await post.world.outcome(debtor, "contactpoint.invalidated")
    assert (told.data["contactPointRef"], told.data["reason"]) == ("cp2", "hard_bounce")
    failed = await post.world.outcome(debtor, "message.failed")
    assert failed.data["nextChannel"] == "sms"


async def test_a_complaint_ends_mail(post: MailWorld) -> None:
    debtor, _, message = await mailed(post)
    report = RETURNED.format(
        sender="fbl@financiera.test", kind="feedback-report", fields=ABUSE, message_id=message["Message-ID"]
    ).encode()
    for _ in range(2):
        taken = await post.receive(report)
        assert (taken.returncode, taken.stdout) == (0, b"complaint\n")
    told = await post.world.outcome(debtor, "complaint.received")
    assert (told.data["channel"], told.data["reason"]) == ("email", "abuse")
    left = await post.world.outcome(debtor, "optout.recorded")
    assert (left.data["channel"], left.data["source"]) == ("email", "provider")


async def test_an_answer_from_another_mailbox_is_taken_as_the_debtors(post: MailWorld) -> None:
    debtor, _, message = await mailed(post)
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = "otra@correo.test", "avisos@financiera.test", "Re: Un aviso"
    answer["Message-ID"], answer["In-Reply-To"] = "<respuesta-1@correo.test>", message["Message-ID"]
    answer.set_content("Ya no me manden correos por favor\n\nEl mar, 24 nov 2026, Financiera escribió:\n> Hola\n")
    for _ in range(2):
        taken = await post.receive(answer.as_bytes())
        assert (taken.returncode, taken.stdout, taken.stderr) == (0, b"reply\n", b"")
    reply = await post.world.outcome(debtor, "reply.received")
    assert (reply.data["channel"], reply.data["intent"]) == ("email", "opt_out")
    left = await post.world.outcome(debtor, "optout.recorded")
    assert (left.data["channel"], left.data["source"]) == ("email", "reply")


async def test_writing_to_the_mailbox_of_the_header_is_a_stop_from_any_address(post: MailWorld) -> None:
    debtor, _, message = await mailed(post)
    mailbox = message["List-Unsubscribe"].partition("mailto:")[2].rstrip(">")
    leaving = EmailMessage()
    leaving["From"], leaving["To"], leaving["Subject"] = "otra@correo.test", mailbox, "unsubscribe"
    leaving["Message-ID"] = "<salida-1@correo.test>"
    leaving.set_content("")
    taken = await post.receive(leaving.as_bytes(), "--json")
    assert (taken.returncode, taken.stdout) == (0, b'{"filed": "reply"}\n')
    reply = await post.world.outcome(debtor, "reply.received")
    assert reply.data["intent"] == "opt_out"
    left = await post.world.outcome(debtor, "optout.recorded")
    assert (left.data["channel"], left.data["contactPointRef"]) == ("email", "cp2")


async def test_what_is_put_off_or_written_by_machines_changes_nothing(post: MailWorld) -> None:
    debtor, sender, message = await mailed(post)
    delayed = RETURNED.format(
        sender=sender,
        kind="delivery-status",
        fields=HARD.replace("failed", "delayed").replace("5.1.1", "4.4.1"),
        message_id=message["Message-ID"],
    )
    away = f"From: x@correo.test\nTo: {sender}\nAuto-Submitted: auto-replied\n\nVuelvo el lunes y pago."
    forged = delayed.replace("delayed", "failed").replace(message["Message-ID"], "").replace(sender, forgery(sender))
    for mail, filed in ((delayed, b"note\n"), (away, b"automatic\n"), (forged, b"not_ours\n")):
        taken = await post.receive(mail.encode())
        assert (taken.returncode, taken.stdout) == (0, filed)
    await post.world.rest()
    assert [event.kind for event in post.world.outcomes(debtor)] == ["message.scheduled", "message.accepted"]


def forgery(address: str) -> str:
    """The same return address with a proof that we did not make."""
    name, _, domain = address.partition("@")
    return f"{name[:-16]}{'0' * 16}@{domain}"


async def test_what_the_pipe_can_not_take_is_told_by_its_exit_code(post: MailWorld) -> None:
    nothing = await post.receive(b"")
    assert (nothing.returncode, nothing.stdout) == (65, b"")
    nonsense = await post.receive(b"\x00\x01\x02 maria@correo.test +525512345678")
    assert (nonsense.returncode, nonsense.stdout) == (65, b"")
    assert b"maria" not in nonsense.stderr
    assert b"Traceback" not in nonsense.stderr
    away = await post.receive(b"From: x@correo.test\n\nBAJA", database_url="postgresql://u:p@127.0.0.1:1/x")
    assert (away.returncode, away.stdout) == (75, b"")
    assert b"Traceback" not in away.stderr
