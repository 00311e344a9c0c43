"""Calls through Twilio: what is asked, how they end, and the script they hear."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from twilio.request_validator import RequestValidator

from channels.http import Timeouts
from channels.provider import Accepted, Found, Handover, Lookup, NotFound, NotSent, RateLimited, Receipt, Rejected
from channels.simulators.behaviour import MAGIC_PREFIX
from channels.simulators.http_server import Answer, HttpServer, Request
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import TwilioProvider
from channels.twilio_voice import (
    ANSWERED_BY_MACHINE,
    ANSWERED_BY_SOMEBODY,
    CODES,
    FAILURES,
    LONGEST_SECONDS,
    STATUSES,
    TwilioVoice,
)
from schemas.enums import AttemptState, Channel, FailureClass
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT, SendCase, Subject, check_send, check_transport

SECRET = "0123456789abcdef-the-auth-token"
ACCOUNT = "AC" + "0" * 32
SENDER = "+525550000002"
TO = "+525512345678"
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SCRIPT = RenderedMessage(Channel.VOICE, "Hola, ¿hablo con María?", "es-MX", voice="Polly.Mia-Neural")


def handover(to: str = TO, *, base: str = "https://cb.puntual.test", validity: float = 7200) -> Handover:
    return Handover(
        ATTEMPT, to, SENDER, SCRIPT, timedelta(seconds=validity), f"{base}/status?k=1", f"{base}/voice/greet?k=1"
    )


def provider(url: str) -> TwilioProvider:
    return TwilioProvider(
        "twilio-main",
        account_sid=ACCOUNT,
        auth_token=SECRET,
        channels=[TwilioVoice()],
        base_url=url,
        timeouts=Timeouts(connect=0.3, call=0.3),
    )


SUBJECT = Subject(provider, handover(), SECRET)
CREATED = Answer(201, json.dumps({"sid": "CA1", "status": "queued"}).encode())


def refused(code: int) -> Answer:
    return Answer(400, json.dumps({"status": 400, "code": code, "message": f"To {TO}"}).encode())


SEND_CASES = [
    SendCase("accepted", CREATED, Accepted("CA1")),
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


async def test_a_call_is_asked_for_with_its_script_and_its_limits(caplog: pytest.LogCaptureFixture) -> None:
    (request,) = await check_send(SUBJECT, SEND_CASES[0], caplog)
    assert request.path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    assert request.form() == {
        "To": TO,
        "From": SENDER,
        "Url": "https://cb.puntual.test/voice/greet?k=1",
        "StatusCallback": "https://cb.puntual.test/status?k=1",
        "StatusCallbackEvent": "initiated ringing answered completed",
        "Timeout": "25",
        "TimeLimit": "180",
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": "https://cb.puntual.test/status?k=1",
        "AsyncAmdStatusCallbackMethod": "POST",
    }


async def test_a_call_that_could_outlast_the_window_is_not_begun_nor_one_without_words() -> None:
    async with TwilioSimulator(auth_token=SECRET) as twilio:
        account = provider(twilio.url)
        assert await account.send(handover(validity=LONGEST_SECONDS - 0.1)) == NotSent("validity_too_short")
        assert twilio.requests == 0
        assert isinstance(await account.send(handover(validity=LONGEST_SECONDS)), Accepted)
        assert int(twilio.calls[0].fields["Timeout"]) + int(twilio.calls[0].fields["TimeLimit"]) == LONGEST_SECONDS
        silent = await account.send(replace(handover(), answer_url=None))
        assert silent == Rejected(FailureClass.BUG, "no_answer_url", True)
        assert twilio.requests == 1
        await account.close()


@pytest.mark.parametrize(("word", "state"), [*STATUSES.items(), ("teleported", None)])
def test_a_receipt_is_read(word: str, state: AttemptState | None) -> None:
    form = [("CallSid", "CA1"), ("CallStatus", word), ("To", TO), ("From", SENDER)]
    failure = FAILURES.get(word)
    account = provider("http://127.0.0.1:9")
    assert account.parse_receipt(form) == Receipt("CA1", state, word, failure)
    assert account.parse_inbound(form) is None


def test_a_callback_about_nothing_of_ours_holds_nothing() -> None:
    account = provider("http://127.0.0.1:9")
    assert account.parse_receipt([("MessageSid", "SM1"), ("MessageStatus", "sent")]) is None
    assert account.parse_receipt([("CallSid", "CA1")]) is None


@pytest.mark.parametrize(
    ("word", "status"),
    [("machine_start", ANSWERED_BY_MACHINE), ("fax", ANSWERED_BY_MACHINE), ("human", ANSWERED_BY_SOMEBODY)],
)
def test_who_picked_up_is_told_and_is_no_state(word: str, status: str) -> None:
    account = provider("http://127.0.0.1:9")
    assert account.parse_receipt([("CallSid", "CA1"), ("AnsweredBy", word)]) == Receipt("CA1", None, status)


async def test_a_call_whose_answer_was_lost_is_found_by_number_and_time() -> None:
    to = MAGIC_PREFIX + "00502"
    async with TwilioSimulator(auth_token=SECRET, clock=NOW.timestamp) as twilio:
        account = provider(twilio.url)
        await account.send(handover(to, base=twilio.url))
        lookup = Lookup(UUID(int=1), Channel.VOICE, to, SENDER, None, NOW, NOW)
        found = await account.find(lookup)
        assert await account.find(replace(lookup, sender="+525559999999")) == NotFound()
        named = await account.find(replace(lookup, to="", provider_ref=twilio.calls[0].sid))
        await account.close()
    assert isinstance(found, Found)
    assert isinstance(named, Found)
    assert found.provider_ref == named.provider_ref == twilio.calls[0].sid


class Script:
    """Plays our side of a call: asks for a key twice, then hangs up."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[str] = []
        self.pressed: list[str | None] = []

    def handle(self, request: Request) -> Answer:
        form = request.form()
        signature = request.headers["x-twilio-signature"]
        assert RequestValidator(SECRET).validate(f"{self.url}{request.path}?k=1", form, signature)
        if request.path == "/status":
            self.statuses.append(form.get("CallStatus") or form["AnsweredBy"])
            return Answer(204)
        self.pressed.append(form.get("Digits"))
        if len(self.pressed) > 2:
            return Answer(200, b"<Response><Say>Gracias</Say><Hangup/></Response>")
        gather = b'<Gather action="/voice/menu?k=1"><Say>Uno o dos</Say></Gather>'
        return Answer(200, b"<Response>" + gather + b"<Redirect>/voice/greet?k=1</Redirect></Response>")


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    script = Script()
    async with HttpServer(script.handle) as server:
        script.url = server.url
        yield script


@pytest.mark.parametrize(("keys", "pressed"), [((), [None, None, None]), (("1", "9"), [None, "1", "9"])])
async def test_an_answered_call_hears_its_script_and_presses_keys(
    script: Script, keys: tuple[str, ...], pressed: list[str | None]
) -> None:
    async with TwilioSimulator(auth_token=SECRET) as twilio:
        twilio.settings.digits = keys
        account = provider(twilio.url)
        await account.send(handover(base=script.url))
        await twilio.settled()
        await account.close()
        assert len(twilio.calls[0].scripts) == 3
    assert script.pressed == pressed
    assert script.statuses == ["initiated", "ringing", "in-progress", "human", "completed"]


@pytest.mark.parametrize(("digits", "end"), [("00701", "busy"), ("00702", "no-answer"), ("00703", "failed")])
async def test_a_call_may_not_be_answered(script: Script, digits: str, end: str) -> None:
    async with TwilioSimulator(auth_token=SECRET) as twilio:
        account = provider(twilio.url)
        await account.send(handover(MAGIC_PREFIX + digits, base=script.url))
        await twilio.settled()
        await account.close()
    assert script.statuses == ["initiated", "ringing", end]
    assert script.pressed == []
