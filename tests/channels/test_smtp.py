"""Email through a relay: what is handed over, what refusals mean, and what is never sent twice."""

import email
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from channels.http import Timeouts
from channels.provider import Accepted, Handover, Inconclusive, Lookup, NotSent, Rejected, SendResult, Unknown
from channels.simulators.smtp import SmtpSimulator
from channels.smtp import SmtpProvider
from channels.smtp_message import mail
from schemas.enums import Channel, FailureClass
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT
from tests.channels.hostile import HostileServer, Line, server_context

TEXT = "Hola María:\ntu pago vence mañana.\n.\nGracias"
HTML = "<p>Hola María: tu pago vence <b>mañana</b>.</p>"
SENDER = "Financiera Ñandú <avisos@financiera.test>"
EXIT = "https://cb.puntual.test/u/token"
PASSWORD = "the-relays-password"
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def handover(to: str = "maria@example.test", **changes: str | None) -> Handover:
    content = RenderedMessage(Channel.EMAIL, TEXT, "es-MX", subject="Tu pago de mañana", html=HTML)
    base = Handover(ATTEMPT, to, SENDER, content, timedelta(hours=2), "", unsubscribe_url=EXIT)
    sender = changes.pop("sender", SENDER)
    return replace(base, sender=sender or "", content=replace(content, **changes))  # type: ignore[arg-type]


def provider(port: int, **changes: object) -> SmtpProvider:
    settings: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "timeouts": Timeouts(connect=0.3, call=0.3),
        "clock": NOW.timestamp,
    }
    return SmtpProvider("smtp-main", **(settings | changes))  # type: ignore[arg-type]


@pytest.fixture
async def relay() -> AsyncIterator[SmtpSimulator]:
    async with SmtpSimulator() as simulator:
        yield simulator


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert not [defect for part in message.walk() for defect in part.defects]
    return message


async def test_a_mail_arrives_as_it_was_written(relay: SmtpSimulator) -> None:
    account = provider(relay.port)
    assert await account.send(handover()) == Accepted(f"{ATTEMPT}@financiera.test")
    await account.close()
    (taken,) = relay.messages
    message = read(taken.content)
    assert (taken.sender, taken.recipient) == ("avisos@financiera.test", "maria@example.test")
    assert message["Subject"] == "Tu pago de mañana"
    assert message["From"] == SENDER
    assert message["Message-ID"] == f"<{ATTEMPT}@financiera.test>"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] == f"<{EXIT}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content() == TEXT
    assert html.get_content() == HTML


def test_a_mail_without_html_or_exit_is_plain() -> None:
    message = read(mail(replace(handover(html=None, subject=None), unsubscribe_url=None), at=0.0))
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == TEXT
    assert message["List-Unsubscribe"] is None


@pytest.mark.parametrize("subject", ["x" * 300, "ñ" * 300, "Pago " * 60, "=?utf-8?q?x?="])
def test_long_and_strange_subjects_come_through(subject: str) -> None:
    assert read(mail(handover(subject=subject), at=0.0))["Subject"] == subject


@pytest.mark.parametrize("subject", ["a\nBcc: x@y.test", "ñ\r\nBcc: x@y.test", "a\r\n b"])
async def test_a_subject_cannot_add_headers(relay: SmtpSimulator, subject: str) -> None:
    account = provider(relay.port)
    assert await account.send(handover(subject=subject)) == Rejected(FailureClass.BUG, "header", True)
    assert relay.connections == 0


@pytest.mark.parametrize(
    "to",
    [
        "",
        "maria",
        "a@b\r\nRCPT TO:<x@y.test>",
        "a b@c.test",
        "maría@example.test",
        f"a@{'ñ' * 80}.test",
        "<a@b.test>",
        "a@b.test,c@d.test",
    ],
)
async def test_what_is_no_address_never_reaches_the_relay(relay: SmtpSimulator, to: str) -> None:
    account = provider(relay.port)
    assert await account.send(handover(to)) == Rejected(FailureClass.INVALID_ADDRESS, "address", True)
    assert relay.connections == 0


async def test_a_domain_beyond_ascii_is_reached_by_its_other_name(relay: SmtpSimulator) -> None:
    account = provider(relay.port)
    assert isinstance(await account.send(handover("maria@ñandú.test")), Accepted)
    await account.close()
    assert relay.messages[0].recipient == "maria@xn--and-6ma2c.test"


async def test_a_mail_whose_time_is_over_is_not_sent(relay: SmtpSimulator) -> None:
    late = replace(handover(), validity=timedelta(0))
    assert await provider(relay.port).send(late) == NotSent("validity_too_short")
    assert relay.connections == 0


async def test_a_sender_that_is_none_is_a_fault_of_the_settings(relay: SmtpSimulator) -> None:
    refused = await provider(relay.port).send(handover(sender="Financiera"))
    assert refused == Rejected(FailureClass.CONFIG, "sender", False)


@pytest.mark.parametrize(
    ("mailbox", "expected", "taken"),
    [
        ("unknown", Rejected(FailureClass.INVALID_ADDRESS, "550 5.1.1", True), 0),
        ("full", Rejected(FailureClass.TEMPORARY, "452 4.2.2", False), 0),
        ("greylisted", Rejected(FailureClass.TEMPORARY, "451 4.7.1", False), 0),
        ("spam", Rejected(FailureClass.BLOCKED, "554 5.7.1", True), 0),
        ("rcpt-550-5.4.4", Rejected(FailureClass.INVALID_ADDRESS, "550 5.4.4", True), 0),
        ("data-552-5.3.4", Rejected(FailureClass.BUG, "552 5.3.4", True), 0),
        ("data-450", Rejected(FailureClass.TEMPORARY, "450", False), 0),
        ("slow", Unknown("no_answer"), 1),
        ("gone", NotSent("disconnected"), 0),
        ("lost", Unknown("disconnected"), 1),
        ("hang", Unknown("no_answer"), 1),
    ],
)
async def test_what_became_of_it_is_told_by_the_moment_it_failed(
    relay: SmtpSimulator, mailbox: str, expected: SendResult, taken: int, caplog: pytest.LogCaptureFixture
) -> None:
    account = provider(relay.port)
    assert await account.send(handover(f"{mailbox}@example.test")) == expected
    assert len(relay.messages) == taken
    assert account.available() == 20
    assert await account.send(handover()) == Accepted(f"{ATTEMPT}@financiera.test")
    await account.close()
    assert "example.test" not in caplog.text


def says(**replies: str) -> Callable[[Line], Awaitable[None]]:
    async def script(line: Line) -> None:
        await line.say(b"220 hello\r\n")
        while word := (await line.reader.readline()).decode().strip():
            verb = word.split()[0].lower()
            await line.say((replies.get(verb, "250 Ok") + "\r\n").encode())

    return script


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({"mail": "530 5.7.0 Log in first"}, Rejected(FailureClass.CONFIG, "530 5.7.0", False)),
        ({"mail": "553 5.1.8 Sender not known"}, Rejected(FailureClass.CONFIG, "553 5.1.8", False)),
        ({"mail": "421 Busy"}, NotSent("closing")),
        ({"rcpt": "421 4.3.2 Going down"}, NotSent("closing")),
        ({"data": "421 4.3.2 Going down"}, Rejected(FailureClass.TEMPORARY, "421", False)),
        ({"rcpt": "450 4.1.1 Not now"}, Rejected(FailureClass.TEMPORARY, "450 4.1.1", False)),
        ({"rcpt": "553 5.1.8 Sender not known"}, Rejected(FailureClass.CONFIG, "553 5.1.8", False)),
        ({"data": "550 5.7.26 Not authenticated"}, Rejected(FailureClass.CONFIG, "550 5.7.26", True)),
        ({"rcpt": "550 No such user"}, Rejected(FailureClass.INVALID_ADDRESS, "550", True)),
        ({"rcpt": "550 5.7.1 Listed"}, Rejected(FailureClass.BLOCKED, "550 5.7.1", True)),
        ({"rcpt": "552 5.2.2 Full"}, Rejected(FailureClass.TEMPORARY, "552 5.2.2", False)),
        ({"rcpt": "550 5.2.1 Disabled"}, Rejected(FailureClass.INVALID_ADDRESS, "550 5.2.1", True)),
        ({"data": "552 5.3.4 Too big"}, Rejected(FailureClass.BUG, "552 5.3.4", True)),
        ({"data": "451 Later"}, Rejected(FailureClass.TEMPORARY, "451", False)),
    ],
)
async def test_a_refusal_is_read_by_its_code_and_moment(replies: dict[str, str], expected: SendResult) -> None:
    async with HostileServer(says(**replies)) as server:
        account = provider(int(server.url.rpartition(":")[2]))
        assert await account.send(handover()) == expected
        await account.close()


async def test_a_connection_is_kept_and_replaced_when_the_relay_closed_it(relay: SmtpSimulator) -> None:
    account = provider(relay.port)
    for _ in range(3):
        await account.send(handover())
    assert relay.connections == 1
    await account.send(handover("lost@example.test"))
    await account.send(handover())
    assert relay.connections == 2
    await account.close()


async def test_a_relay_that_is_not_there_or_stays_silent_was_not_sent_to() -> None:
    async with SmtpSimulator() as gone:
        port = gone.port
    assert await provider(port).send(handover()) == NotSent("refused")
    async with HostileServer(Line.hung_up) as silent:
        account = provider(int(silent.url.rpartition(":")[2]))
        assert await account.send(handover()) == NotSent("connect_timeout")
    async with HostileServer(lambda line: line.say(b"HTTP/1.1 400 no\r\n\r\n")) as nonsense:
        account = provider(int(nonsense.url.rpartition(":")[2]))
        assert isinstance(await account.send(handover()), NotSent)


async def test_tls_that_can_not_be_trusted_was_not_sent(relay: SmtpSimulator, tmp_path: Path) -> None:
    assert isinstance(await provider(relay.port, tls="starttls").send(handover()), NotSent)
    context, _ = server_context(tmp_path)
    async with HostileServer(says(), tls=context) as server:
        account = provider(int(server.url.rpartition(":")[2]), tls="tls")
        assert await account.send(handover()) == NotSent("tls")
    assert relay.messages == []


async def test_a_login_that_is_refused_is_a_fault_of_the_settings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    context, trusted = server_context(tmp_path)
    replies = {"ehlo": "250-x\r\n250 AUTH PLAIN", "auth": "535 5.7.8 No"}
    async with HostileServer(says(**replies), tls=context) as server:
        account = provider(
            int(server.url.rpartition(":")[2]),
            tls="tls",
            login=("user", PASSWORD),
            tls_context=ssl.create_default_context(cafile=trusted),
        )
        assert await account.send(handover()) == Rejected(FailureClass.CONFIG, "535", False)
    assert PASSWORD not in caplog.text + repr(account)


async def test_no_more_mails_start_than_there_are_connections(relay: SmtpSimulator) -> None:
    account = provider(relay.port, connections=1)
    assert account.available() == 1
    await account.send(handover())
    await account.close()
    assert account.available() == 0
    assert await account.send(handover()) == NotSent("closed")


async def test_a_relay_can_neither_be_asked_nor_believed() -> None:
    account = provider(25)
    lookup = Lookup(UUID(int=1), Channel.EMAIL, "maria@example.test", SENDER, TEXT, NOW, NOW)
    assert await account.find(lookup) == Inconclusive("no_listing")
    assert not account.verify_callback("https://x", [], {})
    assert account.parse_receipt([]) is None
    assert account.parse_inbound([]) is None


async def test_a_kept_connection_that_the_relay_ends_is_replaced_and_nothing_is_lost() -> None:
    mails = 0

    async def script(line: Line) -> None:
        nonlocal mails
        await line.say(b"220 hello\r\n")
        while word := (await line.reader.readline()).decode().strip():
            if word.startswith("MAIL") and mails == 1:
                mails += 1
                await line.say(b"421 4.4.2 Idle for too long\r\n")
                return
            if word == "DATA":
                await line.say(b"354 Go on\r\n")
                await line.reader.readuntil(b"\r\n.\r\n")
                mails += 1
            await line.say(b"250 Ok\r\n")

    async with HostileServer(script) as server:
        account = provider(int(server.url.rpartition(":")[2]))
        for _ in range(3):
            assert await account.send(handover()) == Accepted(f"{ATTEMPT}@financiera.test")
        await account.close()
    assert mails == 4


async def test_a_connection_takes_a_hundred_mails_at_most(relay: SmtpSimulator) -> None:
    account = provider(relay.port)
    for _ in range(101):
        await account.send(handover())
    await account.close()
    assert (relay.connections, len(relay.messages)) == (2, 101)


async def test_a_relay_that_knows_how_is_asked_for_bounces_that_name_the_attempt() -> None:
    heard = []

    async def script(line: Line) -> None:
        await line.say(b"220 hello\r\n")
        while word := (await line.reader.readline()).decode().strip():
            heard.append(word)
            await line.say(b"250-x\r\n250 DSN\r\n" if word.startswith("EHLO") else b"550 5.1.1 No\r\n")

    async with HostileServer(script) as server:
        account = provider(int(server.url.rpartition(":")[2]))
        await account.send(replace(handover(), mail_token="ab=cd"))
        await account.close()
    assert heard[1] == "MAIL FROM:<avisos@financiera.test> RET=HDRS ENVID=ab+3Dcd"


@pytest.mark.parametrize(("code", "expected"), [("454", NotSent("login_not_possible")), ("421", NotSent("x"))])
async def test_a_login_that_can_not_be_checked_now_was_not_sent(
    tmp_path: Path, code: str, expected: SendResult
) -> None:
    context, trusted = server_context(tmp_path)
    async with HostileServer(says(ehlo="250-x\r\n250 AUTH PLAIN", auth=f"{code} 4.7.0 Later"), tls=context) as server:
        account = provider(
            int(server.url.rpartition(":")[2]),
            tls="tls",
            login=("user", PASSWORD),
            tls_context=ssl.create_default_context(cafile=trusted),
        )
        assert type(await account.send(handover())) is type(expected)
