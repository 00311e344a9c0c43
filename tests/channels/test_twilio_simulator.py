"""The simulated Twilio: what it takes, refuses, calls back and remembers."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from twilio.request_validator import RequestValidator

from channels.http import HttpPool, Timeouts
from channels.provider import Accepted, Handover, RateLimited, SendResult, Unknown
from channels.simulators.behaviour import MAGIC_PREFIX, Behaviour, SimulatorSettings
from channels.simulators.http_server import Answer, HttpServer, Request
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from schemas.enums import Channel
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT

TOKEN = "simulated"
ACCOUNT = "AC" + "0" * 32
QUICKLY = {"receipt_delay": 0.0, "receipts_late_by": 0.0}


@dataclass
class Desk:
    """Takes callbacks, checks their signatures with the SDK, and refuses the first `refuse` of them."""

    url: str = ""
    words: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def take(self, request: Request) -> Answer:
        form = request.form()
        url = f"{self.url}{request.path}" + (f"?{'&'.join(f'{k}={v}' for k, v in request.query.items())}")
        assert RequestValidator(TOKEN).validate(url, form, request.headers["x-twilio-signature"])
        self.forms.append(form)
        self.words.append(form.get("MessageStatus", form.get("Body", "")))
        return Answer(204)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    async with HttpServer(desk.take) as server:
        desk.url = server.url
        yield desk


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioSimulator]:
    settings = SimulatorSettings(**QUICKLY)  # type: ignore[arg-type]
    async with TwilioSimulator(auth_token=TOKEN, settings=settings) as simulator:
        yield simulator


async def send(twilio: TwilioSimulator, to: str, callback: str, *, token: str = TOKEN) -> SendResult:
    provider = TwilioProvider(
        "t",
        account_sid=ACCOUNT,
        auth_token=token,
        channels=[TwilioSms()],
        base_url=twilio.url,
        timeouts=Timeouts(call=0.3),
    )
    content = RenderedMessage(Channel.SMS, "Hola", "es-MX")
    result = await provider.send(Handover(ATTEMPT, to, "+525550000000", content, timedelta(hours=1), callback))
    await provider.close()
    return result


async def control(twilio: TwilioSimulator, method: str, path: str, body: object = None) -> tuple[int, object]:
    pool = HttpPool(twilio.url)
    raw = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /_sim/{path} HTTP/1.1\r\nHost: sim\r\nContent-Length: {len(raw)}\r\n\r\n".encode()
    reply = await pool.exchange(head + raw)
    await pool.close()
    return reply.status, json.loads(reply.body) if reply.body else None


async def test_an_accepted_message_is_remembered_and_receipts_follow_in_order(
    twilio: TwilioSimulator, desk: Desk
) -> None:
    result = await send(twilio, "+525512345678", f"{desk.url}/status/1?k=2")
    await twilio.settled()
    (message,) = twilio.messages
    assert result == Accepted(message.sid, 1)
    assert (message.to, message.sender, message.body) == ("+525512345678", "+525550000000", "Hola")
    assert message.callback == f"{desk.url}/status/1?k=2"
    assert desk.words == ["sent", "delivered"]
    assert {form["MessageSid"] for form in desk.forms} == {message.sid}


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("00601", []),
        ("00602", ["sent", "sent", "delivered", "delivered"]),
        ("00603", ["delivered", "sent"]),
        ("00604", ["sent", "delivered"]),
        ("30003", ["undelivered"]),
        ("30036", ["failed"]),
        ("00502", ["sent", "delivered"]),
        ("00501", ["sent", "delivered"]),
    ],
)
async def test_receipts_go_wrong_by_number(twilio: TwilioSimulator, desk: Desk, digits: str, words: list[str]) -> None:
    await send(twilio, MAGIC_PREFIX + digits, f"{desk.url}/s")
    await twilio.settled()
    assert desk.words == words
    assert len(twilio.messages) == 1


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("00429", RateLimited(1.0)),
        ("00500", Unknown("server_error", "20500")),
        ("00503", Unknown("disconnected")),
    ],
)
async def test_some_numbers_are_not_taken_at_all(
    twilio: TwilioSimulator, desk: Desk, digits: str, expected: SendResult
) -> None:
    assert await send(twilio, MAGIC_PREFIX + digits, f"{desk.url}/s") == expected
    assert twilio.messages == []


async def test_a_number_may_be_given_any_code(twilio: TwilioSimulator, desk: Desk) -> None:
    await control(twilio, "POST", "settings", {"codes": {"+525512345678": 30005}})
    await send(twilio, "+525512345678", f"{desk.url}/s")
    await twilio.settled()
    assert [(form["MessageStatus"], form["ErrorCode"]) for form in desk.forms] == [("undelivered", "30005")]


async def test_receipts_are_tried_again_until_someone_answers(twilio: TwilioSimulator) -> None:
    turns = iter(["drop", "drop", "take", "take"])
    taken = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if next(turns) == "take":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            taken.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    twilio.settings.receipts = ("delivered",)
    await send(twilio, "+525512345678", f"http://127.0.0.1:{port}/s")
    await twilio.settled()
    assert taken.is_set()
    server.close()


async def test_a_wrong_token_is_refused(twilio: TwilioSimulator) -> None:
    result = await send(twilio, "+525512345678", "http://127.0.0.1:9/s", token="wrong")
    assert getattr(result, "code", None) == "20003"
    assert twilio.messages == []


async def test_replies_are_injected_and_signed(twilio: TwilioSimulator, desk: Desk) -> None:
    wanted = {"from_address": "+525512345678", "to_address": "+525550000000", "body": "BAJA"}
    assert (await control(twilio, "POST", "inbound", {**wanted, "url": f"{desk.url}/inbound?a=b"}))[0] == 202
    await twilio.settled()
    assert desk.forms[0]["From"] == "+525512345678"
    assert await twilio.inbound(**wanted, url=f"{desk.url}/inbound?a=b", ButtonPayload="stop") == 204
    assert desk.forms[1]["ButtonPayload"] == "stop"


async def test_the_control_tells_what_was_taken_and_forgets_it(twilio: TwilioSimulator) -> None:
    await send(twilio, "+525512345678", "http://127.0.0.1:9/s")
    status, messages = await control(twilio, "GET", "messages")
    assert (status, messages[0]["to"], messages[0]["body"]) == (200, "+525512345678", "Hola")  # type: ignore[index]
    assert (await control(twilio, "POST", "reset"))[0] == 204
    assert (await control(twilio, "GET", "messages"))[1] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", "settings", {"lost_answers": 1}, "lost_answers: no such setting"),
        ("POST", "settings", {"latency": "slow"}, "latency: expected float, got str"),
        ("POST", "inbound", {"body": "x"}, "from_address is missing"),
        ("POST", "inbound", {"from_address": "a", "to_address": "b", "body": "x"}, "url is missing"),
        ("GET", "nothing", None, "no such control"),
    ],
)
async def test_a_wrong_control_says_what_is_wrong(
    twilio: TwilioSimulator, method: str, path: str, body: object, says: str
) -> None:
    status, answer = await control(twilio, method, path, body)
    assert status in (400, 404)
    assert says in answer["error"]  # type: ignore[index,call-overload]


async def test_the_list_is_paged_newest_first(twilio: TwilioSimulator) -> None:
    for _ in range(3):
        await send(twilio, "+525512345678", "")
    provider = TwilioProvider("t", account_sid=ACCOUNT, auth_token=TOKEN, channels=[TwilioSms()], base_url=twilio.url)
    listed = await provider._client.messages.list_async(to="+525512345678", page_size=2)
    one = await provider._client.messages(listed[0].sid).fetch_async()
    await provider.close()
    assert [each.sid for each in listed] == [each.sid for each in reversed(twilio.messages)]
    assert one.body == "Hola"


def test_chances_are_drawn_the_same_from_the_same_seed() -> None:
    def drawn() -> list[object]:
        behaviour = Behaviour(SimulatorSettings(latency=0.1, latency_sigma=0.5, throttled=0.3, lost_answer=0.3))
        return [(behaviour.latency(), behaviour.fault_of("+525512345678")) for _ in range(50)]

    assert drawn() == drawn()
    assert len({fault for _, fault in drawn()}) == 3  # type: ignore[misc]


def test_only_a_whole_magic_number_is_magic() -> None:
    behaviour = Behaviour(SimulatorSettings())
    assert behaviour.code_of(MAGIC_PREFIX + "21610") == 21610
    assert behaviour.code_of("whatsapp:" + MAGIC_PREFIX + "63016") == 63016
    assert behaviour.code_of(MAGIC_PREFIX + "2161") is None
    assert behaviour.code_of("+525512321610") is None
    assert re.fullmatch(r"\+52\d{5}", MAGIC_PREFIX)
