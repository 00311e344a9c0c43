"""WhatsApp through Twilio: templates, its own codes, read receipts, button replies, hidden numbers."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from channels.http import Timeouts
from channels.provider import Accepted, Found, Handover, InboundMessage, Lookup, RateLimited, Receipt, Rejected
from channels.simulators.behaviour import MAGIC_PREFIX
from channels.simulators.http_server import Answer
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from channels.twilio_whatsapp import CODES, TwilioWhatsApp
from schemas.enums import AttemptState, Channel, FailureClass
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT, SendCase, Subject, check_send, check_transport

SECRET = "0123456789abcdef-the-auth-token"
ACCOUNT = "AC" + "0" * 32
SENDER = "whatsapp:+525550000001"
TO = "+525512345678"
TEMPLATE = RenderedMessage(
    Channel.WHATSAPP,
    "Hola María, tu pago vence mañana",
    "es-MX",
    content_id="HX" + "1" * 32,
    content_variables={"1": "María", "2": "24 de noviembre"},
)
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def handover(to: str = TO, content: RenderedMessage = TEMPLATE) -> Handover:
    return Handover(ATTEMPT, to, SENDER, content, timedelta(hours=2), "https://cb.puntual.test/s")


def provider(url: str) -> TwilioProvider:
    return TwilioProvider(
        "twilio-main",
        account_sid=ACCOUNT,
        auth_token=SECRET,
        channels=[TwilioSms(), TwilioWhatsApp()],
        base_url=url,
        timeouts=Timeouts(connect=0.3, call=0.3),
    )


SUBJECT = Subject(provider, handover(), SECRET)
CREATED = Answer(201, json.dumps({"sid": "SM1", "status": "queued", "num_segments": "1"}).encode())


def refused(code: int) -> Answer:
    return Answer(400, json.dumps({"status": 400, "code": code, "message": f"To {TO}"}).encode())


SEND_CASES = [
    SendCase("accepted", CREATED, Accepted("SM1")),
    SendCase("an unknown code", refused(63999), Rejected(FailureClass.BUG, "63999", True)),
    *(
        SendCase(
            f"code {code}",
            refused(code),
            RateLimited(None, str(code))
            if failure is FailureClass.RATE_LIMITED
            else Rejected(failure, str(code), permanent),
        )
        for code, (failure, permanent) in CODES.items()
    ),
]


@pytest.mark.parametrize("case", SEND_CASES, ids=lambda case: case.name)
async def test_an_answer_means_one_of_five(case: SendCase, caplog: pytest.LogCaptureFixture) -> None:
    await check_send(SUBJECT, case, caplog)


async def test_a_line_that_fails_says_whether_a_byte_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    await check_transport(SUBJECT, caplog)


async def test_a_template_goes_by_its_id_and_variables(caplog: pytest.LogCaptureFixture) -> None:
    (request,) = await check_send(SUBJECT, SEND_CASES[0], caplog)
    form = request.form()
    assert json.loads(form.pop("ContentVariables")) == {"1": "María", "2": "24 de noviembre"}
    assert form == {
        "To": f"whatsapp:{TO}",
        "From": SENDER,
        "ContentSid": "HX" + "1" * 32,
        "StatusCallback": "https://cb.puntual.test/s",
        "ValidityPeriod": "7200",
    }


async def test_without_a_template_the_words_go_as_they_are() -> None:
    async with TwilioSimulator(auth_token=SECRET) as twilio:
        account = provider(twilio.url)
        await account.send(handover(content=RenderedMessage(Channel.WHATSAPP, "Con gusto.", "es-MX")))
        bare = RenderedMessage(Channel.WHATSAPP, "x", "es-MX", content_id="HX" + "2" * 32)
        await account.send(handover(content=bare))
        await account.close()
        words, template = (message.fields for message in twilio.messages)
    assert (words["Body"], "ContentSid" in words) == ("Con gusto.", False)
    assert (template["ContentSid"], "ContentVariables" in template) == ("HX" + "2" * 32, False)


async def test_a_lost_answer_is_found_though_the_words_are_the_templates() -> None:
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        await account.send(handover(MAGIC_PREFIX + "00502"))
        lookup = Lookup(UUID(int=1), Channel.WHATSAPP, MAGIC_PREFIX + "00502", SENDER, "other words", NOW, NOW)
        found = await account.find(lookup)
        await account.close()
    assert isinstance(found, Found)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"MessageStatus": "read"}, Receipt("SM1", AttemptState.READ, "read")),
        (
            {"MessageStatus": "failed", "ErrorCode": "63016"},
            Receipt("SM1", AttemptState.FAILED, "failed", FailureClass.OUTSIDE_WINDOW, "63016"),
        ),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "63024"},
            Receipt("SM1", AttemptState.UNDELIVERED, "undelivered", FailureClass.NOT_ON_CHANNEL, "63024"),
        ),
    ],
)
def test_a_receipt_is_read_by_whatsapps_own_codes(fields: dict[str, str], expected: Receipt) -> None:
    form = {"MessageSid": "SM1", "To": f"whatsapp:{TO}", "From": SENDER, **fields}
    assert provider("http://127.0.0.1:9").parse_receipt(list(form.items())) == expected


@pytest.mark.parametrize(
    ("sender", "fields", "expected_sender", "button"),
    [
        ("whatsapp:+5215512345678", {}, TO, None),
        ("whatsapp:+525512345678", {"ButtonText": "No más", "ButtonPayload": "stop"}, TO, "stop"),
        ("whatsapp:+525512345678", {"ButtonText": "No más"}, TO, "No más"),
        ("whatsapp:MX.13491234567890", {}, "MX.13491234567890", None),
    ],
)
def test_a_reply_is_read(sender: str, fields: dict[str, str], expected_sender: str, button: str | None) -> None:
    form = {"MessageSid": "SM9", "SmsStatus": "received", "From": sender, "To": SENDER, "Body": "No", **fields}
    assert provider("http://127.0.0.1:9").parse_inbound(list(form.items())) == InboundMessage(
        "SM9", Channel.WHATSAPP, expected_sender, SENDER, "No", button
    )
