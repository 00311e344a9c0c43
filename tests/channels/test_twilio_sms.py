"""SMS through Twilio: what it is asked, what its answers, receipts and replies mean."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from channels.http import Timeouts
from channels.provider import (
    Accepted,
    Found,
    Handover,
    Inconclusive,
    Lookup,
    NotFound,
    NotSent,
    RateLimited,
    Rejected,
    Unknown,
)
from channels.simulators.behaviour import MAGIC_PREFIX
from channels.simulators.http_server import Answer, HttpServer
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import UNREADABLE, TwilioProvider
from channels.twilio_sms import CODES, TwilioSms
from schemas.enums import AttemptState, Channel, FailureClass
from schemas.message import RenderedMessage
from tests.channels.conformance import (
    ATTEMPT,
    SendCase,
    Subject,
    check_send,
    check_transport,
)

SECRET = "0123456789abcdef-the-auth-token"
ACCOUNT = "AC" + "0" * 32
SENDER = "+525550000000"
TO = "+525512345678"
TEXT = "Hola María: tu pago de $1,050.50 vence mañana. BAJA para no recibir más."
CALLBACK = f"https://cb.puntual.test/callbacks/twilio/status/{ATTEMPT}?k=abc&d=ñ"
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def handover(to: str = TO, *, sender: str = SENDER, validity: timedelta | None = timedelta(hours=2)) -> Handover:
    content = RenderedMessage(Channel.SMS, TEXT, "es-MX")
    return Handover(ATTEMPT, to, sender, content, validity, CALLBACK)


def provider(url: str) -> TwilioProvider:
    return TwilioProvider(
        "twilio-main",
        account_sid=ACCOUNT,
        auth_token=SECRET,
        channels=[TwilioSms()],
        base_url=url,
        timeouts=Timeouts(connect=0.3, call=0.3),
    )


SUBJECT = Subject(provider, handover(), SECRET)


def said(status: int, code: int | None = None, *headers: tuple[str, str]) -> Answer:
    body = {"status": status, "message": f"The number {TO} is at fault", "more_info": "x"}
    return Answer(status, json.dumps(body | ({"code": code} if code else {})).encode(), headers)


def problem(status: int, code: int) -> Answer:
    body = {"type": "https://x/errors", "title": "Bad", "status": status, "code": code, "detail": TO}
    return Answer(status, json.dumps(body).encode())


def created(**fields: object) -> Answer:
    return Answer(201, json.dumps({"sid": "SM1", "status": "queued", "num_segments": "2"} | fields).encode())


REJECTED = [
    SendCase(f"code {code}", said(400, code), Rejected(failure, str(code), permanent))
    for code, (failure, permanent) in CODES.items()
    if failure is not FailureClass.RATE_LIMITED
]
SEND_CASES = [
    SendCase("accepted", created(), Accepted("SM1", 2)),
    SendCase("accepted by a service that counts later", created(num_segments="0"), Accepted("SM1")),
    SendCase("accepted with a strange count", created(num_segments="many"), Accepted("SM1")),
    SendCase("throttled", said(429, 20429, ("Retry-After", "7")), RateLimited(7.0)),
    SendCase("throttled without a time", said(429, 20429), RateLimited(None)),
    SendCase("throttled with a date", said(429, 20429, ("Retry-After", "Fri, 20 Nov 2026")), RateLimited(None)),
    SendCase("the sender's queue is full", said(400, 21611), RateLimited(None, "21611")),
    SendCase("an unknown code", said(400, 29999), Rejected(FailureClass.BUG, "29999", True)),
    SendCase("an unknown code of access", said(403, 29999), Rejected(FailureClass.CONFIG, "29999", False)),
    SendCase("RFC 9457", problem(400, 21610), Rejected(FailureClass.OPTED_OUT, "21610", True)),
    SendCase("RFC 9457 fault of theirs", problem(503, 20503), Unknown("server_error", "20503")),
    SendCase("a fault of theirs", said(500, 20500), Unknown("server_error", "20500")),
    SendCase("a gateway", Answer(502, b"<html>Bad gateway</html>"), Unknown("server_error", "502")),
    SendCase("a wall", Answer(403, b"<html>Blocked</html>"), Unknown("server_error", "403")),
    SendCase("a refusal without code", said(400), Unknown("server_error", "400")),
    SendCase("a redirect", Answer(302, b"", (("Location", "/elsewhere"),)), Unknown("server_error", "302")),
    SendCase("garbage", Answer(201, b"<html>hello"), Unknown("no_answer", "unreadable_reply")),
    SendCase("not UTF-8", Answer(201, b"\xff\xfe"), Unknown("no_answer", "unreadable_reply")),
    SendCase("a list", Answer(201, b"[]"), Unknown("no_answer", "unreadable_reply")),
    SendCase("nothing", Answer(201, b""), Unknown("no_answer", "unreadable_reply")),
    SendCase("no name", created(sid=None), Unknown("no_answer", "unreadable_reply")),
    *REJECTED,
]


@pytest.mark.parametrize("case", SEND_CASES, ids=lambda case: case.name)
async def test_an_answer_means_one_of_five(case: SendCase, caplog: pytest.LogCaptureFixture) -> None:
    await check_send(SUBJECT, case, caplog)


async def test_a_line_that_fails_says_whether_a_byte_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    await check_transport(SUBJECT, caplog)


async def test_the_request_carries_exactly_what_the_message_needs(caplog: pytest.LogCaptureFixture) -> None:
    (request,) = await check_send(SUBJECT, SendCase("", created(), Accepted("SM1", 2)), caplog)
    assert (request.method, request.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert request.form() == {
        "To": TO,
        "From": SENDER,
        "Body": TEXT,
        "StatusCallback": CALLBACK,
        "ValidityPeriod": "7200",
    }


@pytest.mark.parametrize(
    ("validity", "sent"),
    [
        (timedelta(seconds=6), "6"),
        (timedelta(seconds=59, microseconds=999_999), "59"),
        (timedelta(days=2), "36000"),
        (None, None),
    ],
)
async def test_validity_is_rounded_down_and_kept_in_bounds(validity: timedelta | None, sent: str | None) -> None:
    forms = []
    async with HttpServer(lambda request: forms.append(request.form()) or created()) as server:
        account = provider(server.url)
        await account.send(handover(validity=validity))
        await account.close()
    assert forms[0].get("ValidityPeriod") == sent


async def test_too_little_time_left_is_not_sent_at_all() -> None:
    async with TwilioSimulator(auth_token=SECRET) as twilio:
        account = provider(twilio.url)
        assert await account.send(handover(validity=timedelta(seconds=5.9))) == NotSent("validity_too_short")
        assert twilio.requests == 0
        await account.close()


async def test_a_messaging_service_is_not_a_from_number() -> None:
    forms = []
    async with HttpServer(lambda request: forms.append(request.form()) or created()) as server:
        account = provider(server.url)
        await account.send(handover(sender="MG" + "1" * 32))
        await account.close()
    assert forms[0]["MessagingServiceSid"] == "MG" + "1" * 32
    assert "From" not in forms[0]


def lookup(to: str = TO, *, sender: str = SENDER, text: str | None = TEXT, at: datetime = NOW) -> Lookup:
    return Lookup(UUID(int=1), Channel.SMS, to, sender, text, at, at + timedelta(seconds=15))


LOST = MAGIC_PREFIX + "00502"


async def test_a_message_whose_answer_was_lost_is_found_by_its_number_words_and_time() -> None:
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        assert await account.send(handover(LOST)) == Unknown("disconnected")
        (taken,) = twilio.messages
        found = await account.find(lookup(LOST))
        assert found == await account.find(replace(lookup(LOST, text=None), matches=TEXT.__eq__))
        assert isinstance(found, Found)
        assert found.provider_ref == taken.sid
        assert found.receipt.state is AttemptState.ACCEPTED
        await account.close()


@pytest.mark.parametrize(
    "other",
    [
        lookup(TO),
        lookup(LOST, sender="+525559999999"),
        lookup(LOST, text="Otro texto"),
        replace(lookup(LOST, text=None), matches="Otro texto".__eq__),
        lookup(LOST, at=NOW + timedelta(seconds=6)),
        lookup(LOST, at=NOW - timedelta(seconds=21)),
    ],
    ids=["number", "sender", "words", "hash", "before", "after"],
)
async def test_a_message_that_differs_is_not_it(other: Lookup) -> None:
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        await account.send(handover(LOST))
        assert await account.find(other) == NotFound()
        await account.close()


@pytest.mark.slow
async def test_a_message_whose_receipt_was_lost_is_found_by_its_name() -> None:
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        await account.send(handover())
        await twilio.settled()
        (taken,) = twilio.messages
        named = replace(lookup("+520000000000", sender="", text="Otro texto"), provider_ref=taken.sid)
        found = await account.find(named)
        assert isinstance(found, Found)
        assert (found.provider_ref, found.receipt.state) == (taken.sid, AttemptState.DELIVERED)
        assert await account.find(replace(named, provider_ref="SM" + "f" * 32)) == Inconclusive(UNREADABLE)
        await account.close()


async def test_two_that_fit_prove_nothing() -> None:
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        await account.send(handover(LOST))
        await account.send(handover(LOST))
        assert await account.find(lookup(LOST)) == Inconclusive("several_fit")
        await account.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(500), "unreadable_reply"),
        (Answer(429), "rate_limited"),
        (Answer(200, b"[]"), "unreadable_reply"),
        (Answer(200, b"{}"), "unreadable_reply"),
        (Answer(404, b"{}"), "unreadable_reply"),
    ],
)
async def test_a_listing_that_fails_proves_nothing(answer: Answer, reason: str) -> None:
    async with HttpServer(lambda _: answer) as server:
        account = provider(server.url)
        assert await account.find(lookup()) == Inconclusive(reason)
        await account.close()
    assert await account.find(lookup()) == Inconclusive("closed")
