"""What every adapter must do whoever it speaks to: one table each, and no adapter without one."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from twilio.request_validator import RequestValidator

from channels.http import Timeouts
from channels.provider import (
    Accepted,
    Handover,
    NotSent,
    Provider,
    RateLimited,
    Receipt,
    Rejected,
    SendResult,
    Unknown,
)
from channels.registry import CARRIED, TWILIO_CHANNELS
from channels.smtp import SmtpProvider
from channels.twilio import TwilioProvider
from schemas.enums import Channel, FailureClass
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT
from tests.channels.hostile import HostileServer, Line, Script, answering

SECRET = "0123456789abcdef-of-the-account"
ACCOUNT = "AC" + "0" * 32
PHONE, MAILBOX = "+525512345678", "maria.perez@example.test"
WORDS = "Hola María: tu pago de $1,050.50 vence mañana."
CALLBACK = f"https://cb.puntual.test/callbacks/twilio/status/{ATTEMPT}?k=abc"
NOBODY_LISTENS = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """One provider's way with one channel; a case is what the other end does, and what that means.

    `strange_status` is a callback with a status nobody knows, None where receipts come another way.
    """

    build: Callable[[str], Provider]
    handover: Handover
    cases: Mapping[str, tuple[Script | None, SendResult]]
    strange_status: Mapping[str, str] | None


def replied(status: int, body: Mapping[str, object], *headers: str) -> Script:
    content = json.dumps(body).encode()
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} X", *headers, f"Content-Length: {len(content)}"))
    return answering(f"{head}\r\n".encode() + content)


def refused(status: int, code: int, *headers: str) -> Script:
    return replied(status, {"status": status, "code": code, "message": f"{PHONE} {WORDS}"}, *headers)


def smtp_says(**replies: str) -> Script:
    """Whatever is not told is agreed to; a mail that is taken ends with a dot."""

    async def script(line: Line) -> None:
        await line.say(b"220 hello\r\n")
        while word := (await line.reader.readline()).decode().strip():
            verb = word.split()[0].lower()
            default = "354 Go on" if verb == "data" else "250 Ok"
            await line.say((replies.get(verb, default) + "\r\n").encode())
            if verb == "data" and verb not in replies:
                await line.reader.readuntil(b"\r\n.\r\n")
                if "end" not in replies:
                    return
                await line.say((replies["end"] + "\r\n").encode())

    return script


def twilio(channel: Channel, sender: str, sid: str, status: Mapping[str, str], address: str = PHONE) -> Adapter:
    def build(url: str) -> Provider:
        return TwilioProvider(
            "main",
            account_sid=ACCOUNT,
            auth_token=SECRET,
            channels=[TWILIO_CHANNELS[channel]()],
            base_url=url,
            timeouts=Timeouts(connect=0.3, call=0.3),
        )

    content = RenderedMessage(channel, WORDS, "es-MX")
    handover = Handover(ATTEMPT, PHONE, sender, content, timedelta(hours=2), CALLBACK, "https://cb.puntual.test/v?k=1")
    cases: dict[str, tuple[Script | None, SendResult]] = {
        "accepted": (replied(201, {"sid": sid, "status": "queued"}), Accepted(sid)),
        "rejected": (refused(400, 21211), Rejected(FailureClass.INVALID_ADDRESS, "21211", True)),
        "account": (refused(401, 20003), Rejected(FailureClass.CONFIG, "20003", False)),
        "throttled": (refused(429, 20429, "Retry-After: 7"), RateLimited(7.0)),
        "not sent": (NOBODY_LISTENS, NotSent("refused")),
        "server error": (refused(500, 20500), Unknown("server_error", "20500")),
        "silence": (Line.hung_up, Unknown("no_answer")),
        "line lost": (lambda line: line.request(), Unknown("disconnected")),
    }
    return Adapter(build, handover, cases, {**status, "AccountSid": ACCOUNT, "From": sender, "To": address})


def smtp() -> Adapter:
    def build(url: str) -> Provider:
        port = int(url.rpartition(":")[2])
        return SmtpProvider(
            "main",
            host="127.0.0.1",
            port=port,
            tls="none",
            timeouts=Timeouts(connect=0.3, call=0.3),
            clock=lambda: 0.0,
        )

    content = RenderedMessage(Channel.EMAIL, WORDS, "es-MX", subject="Aviso")
    handover = Handover(ATTEMPT, MAILBOX, "Demo <avisos@financiera.test>", content, timedelta(hours=2), "")
    cases: dict[str, tuple[Script | None, SendResult]] = {
        "accepted": (smtp_says(end="250 Ok"), Accepted(f"{ATTEMPT}@financiera.test")),
        "rejected": (smtp_says(rcpt="550 5.1.1 No"), Rejected(FailureClass.INVALID_ADDRESS, "550 5.1.1", True)),
        "account": (smtp_says(mail="530 5.7.0 Log in"), Rejected(FailureClass.CONFIG, "530 5.7.0", False)),
        "throttled": (smtp_says(mail="421 4.7.0 Too many"), NotSent("closing")),
        "not sent": (NOBODY_LISTENS, NotSent("refused")),
        "server error": (smtp_says(end="451 4.3.0 Broken"), Rejected(FailureClass.TEMPORARY, "451 4.3.0", False)),
        "silence": (Line.hung_up, NotSent("connect_timeout")),
        "line lost": (smtp_says(), Unknown("disconnected")),
    }
    return Adapter(build, handover, cases, None)


ADAPTERS = {
    ("twilio", Channel.SMS): twilio(
        Channel.SMS, "+525550000000", "SM1", {"MessageSid": "SM1", "MessageStatus": "teleported"}
    ),
    ("twilio", Channel.WHATSAPP): twilio(
        Channel.WHATSAPP,
        "whatsapp:+525550000001",
        "SM1",
        {"MessageSid": "SM1", "MessageStatus": "teleported"},
        f"whatsapp:{PHONE}",
    ),
    ("twilio", Channel.VOICE): twilio(
        Channel.VOICE, "+525550000002", "CA1", {"CallSid": "CA1", "CallStatus": "teleported"}
    ),
    ("smtp", Channel.EMAIL): smtp(),
}
KINDS = ("accepted", "rejected", "account", "throttled", "not sent", "server error", "silence", "line lost")
EVERY = [pytest.param(adapter, id=" ".join(name)) for name, adapter in ADAPTERS.items()]


def test_there_is_a_table_for_every_adapter_with_every_kind_of_answer() -> None:
    carried = {(kind, channel) for kind, channels in CARRIED.items() for channel in channels}
    assert set(ADAPTERS) == carried
    assert {tuple(adapter.cases) for adapter in ADAPTERS.values()} == {KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("adapter", EVERY)
async def test_an_answer_means_the_same_to_all_and_tells_nobody_else(
    adapter: Adapter, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script, expected = adapter.cases[kind]
    async with HostileServer(script or Line.hung_up) as server:
        url = server.url
        if script is not None:
            result, shown = await sent(adapter, url)
    if script is None:
        result, shown = await sent(adapter, url)
    assert result == expected
    check_silence(caplog.text + shown)


async def sent(adapter: Adapter, url: str) -> tuple[SendResult, str]:
    """What one hand-over came to, and all that shows of provider and result; its connections are let go of."""
    provider = adapter.build(url)
    free = provider.available()
    result = await provider.send(adapter.handover)
    assert provider.available() == free
    shown = repr(provider) + repr(result)
    await provider.close()
    return result, shown


@pytest.mark.parametrize("adapter", EVERY)
def test_a_callback_that_is_not_theirs_is_refused(adapter: Adapter, caplog: pytest.LogCaptureFixture) -> None:
    provider = adapter.build("http://127.0.0.1:9")
    form = adapter.strange_status or {"From": "a"}
    good = RequestValidator(SECRET).compute_signature(CALLBACK, form)
    other = RequestValidator("another-token").compute_signature(CALLBACK, form)
    for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": other}, {"X-Twilio-Signature": "ñ"}):
        assert not provider.verify_callback(CALLBACK, list(form.items()), headers)
    signed = provider.verify_callback(CALLBACK, list(form.items()), {"X-Twilio-Signature": good})
    assert signed is (adapter.strange_status is not None)
    check_silence(caplog.text)


@pytest.mark.parametrize("adapter", EVERY)
def test_a_status_nobody_knows_is_kept_and_changes_nothing(adapter: Adapter) -> None:
    provider = adapter.build("http://127.0.0.1:9")
    form = adapter.strange_status or {"From": "a"}
    receipt = provider.parse_receipt(list(form.items()))
    if adapter.strange_status is None:
        assert receipt is None
        return
    assert receipt == Receipt(form.get("MessageSid", form.get("CallSid", "")), None, "teleported")
    assert provider.parse_inbound(list(form.items())) is None


@pytest.mark.parametrize("adapter", EVERY)
async def test_what_would_come_too_late_is_not_handed_over(adapter: Adapter) -> None:
    late = Handover(
        ATTEMPT, adapter.handover.to, adapter.handover.sender, adapter.handover.content, timedelta(0), CALLBACK
    )
    async with HostileServer(Line.hung_up) as server:
        provider = adapter.build(server.url)
        assert await provider.send(late) == NotSent("validity_too_short")
        await provider.close()
        assert server.lines == 0


def check_silence(text: str) -> None:
    """Neither secrets nor numbers, mailboxes or words."""
    for private in (SECRET, PHONE, MAILBOX, WORDS):
        assert private not in text
