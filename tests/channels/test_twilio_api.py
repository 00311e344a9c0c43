"""What we ask of Twilio, and what its stand-in answers, held against Twilio's own description of its API."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from jsonschema import Draft202012Validator

from channels import twilio_messages, twilio_voice
from channels.http import Timeouts
from channels.provider import Accepted, Found, Handover, Lookup
from channels.simulators.http_server import Answer, HttpServer, Request
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from channels.twilio_voice import TwilioVoice
from channels.twilio_whatsapp import TwilioWhatsApp
from schemas.enums import Channel
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT

API: Mapping[str, Any] = json.loads(Path(__file__).with_name("twilio_api.json").read_text("utf-8"))["operations"]
ACCOUNT = "AC" + "0" * 32
PATHS = {kind: f"/2010-04-01/Accounts/{{AccountSid}}/{kind}.json" for kind in ("Messages", "Calls")}
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SMS = Handover(
    ATTEMPT,
    "+525512345678",
    "+525550000000",
    RenderedMessage(Channel.SMS, "Hola María: tu pago vence mañana. ¿100 %? ñ&=+", "es-MX"),
    timedelta(hours=2),
    f"https://cb.puntual.test/callbacks/twilio/status/{ATTEMPT}?k=abc",
)
TEMPLATE = RenderedMessage(
    Channel.WHATSAPP, "Hola", "es-MX", content_id="HX" + "1" * 32, content_variables={"1": "María"}
)
WHATSAPP = replace(SMS, sender="whatsapp:+525550000001", content=TEMPLATE)
CALL = replace(
    SMS, content=RenderedMessage(Channel.VOICE, "Hola", "es-MX"), answer_url="https://cb.puntual.test/voice/1?k=abc"
)
HANDOVERS = {
    "sms": SMS,
    "sms of every character": replace(
        SMS, content=replace(SMS.content, text="".join(map(chr, range(1, 0x100))) + "€🙂")
    ),
    "sms by a service": replace(SMS, sender="MG" + "1" * 32),
    "sms without an end": replace(SMS, validity=None),
    "whatsapp template": WHATSAPP,
    "whatsapp words": replace(WHATSAPP, content=RenderedMessage(Channel.WHATSAPP, "Con gusto", "es-MX")),
    "call": CALL,
}


def provider(url: str) -> TwilioProvider:
    return TwilioProvider(
        "twilio-main",
        account_sid=ACCOUNT,
        auth_token="0123456789abcdef",
        channels=[TwilioSms(), TwilioWhatsApp(), TwilioVoice()],
        base_url=url,
        timeouts=Timeouts(connect=1.0, call=1.0),
    )


def operation(path: str) -> Mapping[str, Any]:
    """The description of the resource at a path, its account filled in."""
    found: Mapping[str, Any] = API[path.replace(ACCOUNT, "{AccountSid}")]
    return found


def faults(schema: Any, value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(nullable(schema)).iter_errors(value)]


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema lists null among the types."""
    if isinstance(schema, list):
        return [nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: nullable(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable"):
        return {"anyOf": [made, {"type": "null"}]}
    return made


def typed(pairs: list[tuple[str, str]], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form or query as their schema types them; what can't be so typed stays text and is a fault."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        kind = schema["properties"].get(name, {}).get("type")
        if kind == "array":
            found.setdefault(name, []).append(value)
        elif kind == "integer" and value.isdecimal():
            found[name] = int(value)
        elif kind == "boolean" and value in ("true", "false"):
            found[name] = value == "true"
        else:
            assert name not in found, f"{name} is given twice"
            found[name] = value
    return found


@pytest.mark.parametrize("handover", HANDOVERS.values(), ids=HANDOVERS)
async def test_a_request_is_one_that_twilio_describes(handover: Handover) -> None:
    requests: list[Request] = []

    def handle(request: Request) -> Answer:
        requests.append(request)
        return Answer(201, b'{"sid": "SM1", "status": "queued"}')

    async with HttpServer(handle) as server:
        account = provider(server.url)
        assert isinstance(await account.send(handover), Accepted)
        await account.close()
    (request,) = requests
    schema = operation(request.path)["form"]
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    pairs = parse_qsl(request.body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert faults(schema, typed(pairs, schema)) == []
    assert request.body.decode("ascii") == urlencode(pairs)


@pytest.mark.parametrize("handover", [SMS, WHATSAPP, CALL], ids=["sms", "whatsapp", "call"])
async def test_a_look_up_is_one_that_twilio_describes(handover: Handover) -> None:
    targets: list[tuple[str, dict[str, str]]] = []

    def handle(request: Request) -> Answer:
        targets.append((request.path, request.query))
        return Answer(200, b'{"messages": [], "calls": []}')

    lookup = Lookup(ATTEMPT, handover.content.channel, handover.to, handover.sender, None, NOW, NOW)
    async with HttpServer(handle) as server:
        account = provider(server.url)
        await account.find(lookup)
        await account.close()
    ((path, query),) = targets
    schema = operation(path)["query"]
    assert faults(schema, typed(list(query.items()), schema)) == []
    assert "DateSent" not in "".join(query)


@pytest.mark.parametrize("handover", [SMS, WHATSAPP, CALL], ids=["sms", "whatsapp", "call"])
async def test_a_look_up_by_name_reads_that_one_alone(handover: Handover) -> None:
    targets: list[tuple[str, str]] = []

    def handle(request: Request) -> Answer:
        targets.append((request.method, request.path))
        return Answer(200, b'{"sid": "XX1", "status": "queued"}')

    lookup = Lookup(ATTEMPT, handover.content.channel, "", "", None, NOW, NOW, provider_ref="XX1")
    async with HttpServer(handle) as server:
        account = provider(server.url)
        found = await account.find(lookup)
        await account.close()
    ((method, path),) = targets
    resource = "Calls" if handover is CALL else "Messages"
    assert (method, path.rpartition("/Accounts/")[2]) == ("GET", f"{ACCOUNT}/{resource}/XX1.json")
    assert isinstance(found, Found)


@pytest.mark.parametrize("handover", [SMS, CALL], ids=["Messages", "Calls"])
async def test_the_stand_in_answers_as_twilio_describes(handover: Handover) -> None:
    async with TwilioSimulator(auth_token="0123456789abcdef") as twilio:
        account = provider(twilio.url)
        await account.send(replace(handover, callback_url=twilio.url, answer_url=twilio.url))
        await account.close()
        taken = (*twilio.messages, *twilio.calls)
    kind = "Calls" if handover is CALL else "Messages"
    schema = API[PATHS[kind]]["resource"]
    resource = taken[0].resource()
    assert faults(schema, resource) == []
    assert set(resource) <= set(schema["properties"])


def test_every_status_of_twilios_is_known() -> None:
    messages = set(API[PATHS["Messages"]]["resource"]["properties"]["status"]["enum"])
    calls = set(API[PATHS["Calls"]]["resource"]["properties"]["status"]["enum"])
    assert messages - {"receiving", "received"} == set(twilio_messages.STATUSES)
    assert calls | {"initiated", "answered"} == set(twilio_voice.STATUSES)


def test_the_description_itself_tells_right_from_wrong() -> None:
    schema = API[PATHS["Messages"]]["form"]
    assert faults(schema, {"To": "+1", "MessagingServiceSid": "MG1"}) != []
    assert faults(schema, {"To": "+1", "ValidityPeriod": "soon"}) != []
    assert faults(schema, {"From": "+1"}) != []
    assert faults(schema, {"To": "+1", "Boddy": "Hola"}) != []
    assert urlsplit(PATHS["Messages"]).path in API
