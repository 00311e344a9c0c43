"""The providers file: what is accepted, warned of and refused, and what comes of it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from channels.config import ProvidersFile
from channels.errors import ProvidersFileError
from channels.registry import Registry, Sender, build_registry
from schemas.enums import Channel

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-secret-token"
ENVIRON = {"TOKEN": TOKEN}


def twilio(**changes: Any) -> dict[str, Any]:
    config = {
        "id": "twilio-main",
        "type": "twilio",
        "channels": ["sms"],
        "account_sid": ACCOUNT,
        "auth_token": {"env": "TOKEN"},
        "senders": [{"channel": "sms", "address": "+525550000000", "per_second": "50"}],
    } | changes
    return {name: value for name, value in config.items() if value is not None}


def parsed(*providers: dict[str, Any], **rest: Any) -> ProvidersFile:
    return ProvidersFile.model_validate({"providers": list(providers), **rest})


def build(*providers: dict[str, Any], production: bool = False, **rest: Any) -> Registry:
    return build_registry(parsed(*providers, **rest), environ=ENVIRON, production=production, file="p.yaml")


def faults(*providers: dict[str, Any], **rest: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        parsed(*providers, **rest)
    return {".".join(map(str, error["loc"])): error["msg"] for error in refused.value.errors()}


def problems(*providers: dict[str, Any], production: bool = False) -> list[str]:
    with pytest.raises(ProvidersFileError) as refused:
        build(*providers, production=production)
    assert TOKEN not in str(refused.value)
    return str(refused.value).splitlines()


async def test_providers_come_in_the_order_of_the_file_with_their_senders() -> None:
    second = twilio(id="twilio-spare", senders=[{"channel": "sms", "address": "MG1"}])
    registry = build(twilio(), second)
    routes = registry.for_channel(Channel.SMS)
    assert [(route.provider.id, route.senders) for route in routes] == [
        ("twilio-main", (Sender("+525550000000", 50.0),)),
        ("twilio-spare", (Sender("MG1", 1.0),)),
    ]
    assert registry.for_channel(Channel.EMAIL) == []
    assert registry.paces() == [
        ("twilio-main", Channel.SMS, "+525550000000", 50.0),
        ("twilio-spare", Channel.SMS, "MG1", 1.0),
    ]
    assert registry.warnings == ()
    await registry.close()
    assert registry.providers["twilio-main"].available() == 0


def test_callbacks_find_their_provider_by_account() -> None:
    registry = build(twilio())
    provider = registry.of_account(ACCOUNT)
    assert provider is not None
    assert provider.id == "twilio-main"
    assert registry.of_account("AC" + "f" * 32) is None


async def test_a_stop_that_comes_by_a_channel_that_is_off_is_read_all_the_same() -> None:
    registry = build(twilio(channels=["sms", "whatsapp"]), whatsapp={"enabled": False})
    provider = registry.providers["twilio-main"]
    form = [("MessageSid", "SM1"), ("From", "whatsapp:+525512345678"), ("To", "whatsapp:+525550000001")]
    reply = provider.parse_inbound([*form, ("Body", "BAJA")])
    assert reply is not None
    assert (reply.channel, reply.text) == (Channel.WHATSAPP, "BAJA")
    assert registry.for_channel(Channel.WHATSAPP) == []
    assert list(provider.channels) == [Channel.SMS]


@pytest.mark.parametrize(
    ("entry", "warning"),
    [
        ({"id": "x", "type": "carrier-pigeon", "channels": ["sms"], "loft": 3}, "providers.0.type"),
        (twilio(channels=["sms", "rcs"]), "providers.0.channels.1"),
        (twilio(channels=["sms"], senders=[{"channel": "voice", "address": "+1"}]), "providers.0.senders.0"),
        (twilio(senders=[]), "providers.0.senders"),
        (twilio(base_url="http://127.0.0.1:9001", allow_custom_base_url="true"), "providers.0.base_url"),
    ],
)
def test_what_is_not_there_yet_is_a_warning(entry: dict[str, Any], warning: str) -> None:
    assert build(entry).warnings[0].startswith(f"{warning}: ")


def test_a_type_without_adapter_gives_no_provider() -> None:
    registry = build({"id": "x", "type": "carrier-pigeon", "channels": ["sms"]}, twilio())
    assert list(registry.providers) == ["twilio-main"]


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (twilio(account_sid=None), "providers.0.account_sid"),
        (twilio(account_sid="AC1"), "providers.0.account_sid"),
        (twilio(auth_token=None), "providers.0.auth_token"),
        (twilio(auth_token={}), "providers.0.auth_token"),
        (twilio(auth_token={"env": "A", "file": "b"}), "providers.0.auth_token"),
        (twilio(auth_token={"vault": "A"}), "providers.0.auth_token.vault"),
        (twilio(base_url="http://127.0.0.1:9001"), "providers.0.base_url"),
        (twilio(base_url="https://api.twilio.com.evil.test"), "providers.0.base_url"),
        (twilio(base_url="nonsense", allow_custom_base_url=True), "providers.0.base_url"),
        (twilio(colour="red"), "providers.0"),
        (twilio(host="127.0.0.1"), "providers.0"),
        (twilio(id="Two Words"), "providers.0.id"),
        (twilio(senders=[{"channel": "sms"}]), "providers.0.senders.0.address"),
        (twilio(senders=[{"channel": "sms", "address": "+1", "per_second": 0}]), "providers.0.senders.0.per_second"),
        (twilio(senders=[{"channel": "whatsapp", "address": "+1"}]), "providers.0.senders.0.address"),
        ({"id": "m", "type": "smtp", "channels": ["email"]}, "providers.0.host"),
        ({"id": "m", "type": "smtp", "channels": ["email"], "host": "h", "tls": "ssl3"}, "providers.0.tls"),
        ({"id": "m", "type": "smtp", "channels": ["email"], "host": "h", "port": 0}, "providers.0.port"),
        ({"type": "twilio"}, "providers.0.id"),
    ],
)
def test_what_is_wrong_is_an_error_with_its_key(entry: dict[str, Any], key: str) -> None:
    assert key in faults(entry)


def test_two_providers_may_not_share_an_id() -> None:
    assert "twilio-main" in faults(twilio(), twilio())[""]


def test_an_empty_file_is_an_error() -> None:
    assert "providers" in faults()


@pytest.mark.parametrize("missing", ["approved_by", "approved_on", "policy_version"])
def test_whatsapp_needs_a_recorded_approval(missing: str) -> None:
    approval = {"approved_by": "Legal", "approved_on": "2026-11-01", "policy_version": "2026-10"}
    del approval[missing]
    assert list(faults(twilio(), whatsapp={"enabled": True, **approval})) == [f"whatsapp.{missing}"]


def test_a_secret_may_be_in_the_environment_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    assert build(twilio(), production=True).providers
    assert build(twilio(auth_token={"file": str(file)}), production=True).providers
    assert build(twilio(auth_token=TOKEN)).providers


def test_a_literal_secret_is_refused_in_production_alone() -> None:
    (line,) = problems(twilio(auth_token=TOKEN), production=True)
    assert line.startswith("p.yaml: providers.0.auth_token: a literal secret is refused")


@pytest.mark.parametrize(("ref", "name"), [({"env": "NOT_SET"}, "NOT_SET"), ({"file": "/no/such"}, "/no/such")])
def test_a_secret_that_is_not_there_is_named(ref: dict[str, str], name: str) -> None:
    (line,) = problems(twilio(auth_token=ref))
    assert line.startswith("p.yaml: providers.0.auth_token: ")
    assert name in line


async def test_a_relay_carries_email() -> None:
    entry = {"id": "m", "type": "smtp", "channels": ["email"], "host": "127.0.0.1", "port": "1025", "tls": "none"}
    sender = {"channel": "email", "address": "Financiera Demo <avisos@financiera.test>"}
    registry = build(entry | {"senders": [sender]})
    (route,) = registry.for_channel(Channel.EMAIL)
    assert route.senders == (Sender("Financiera Demo <avisos@financiera.test>", 50.0),)
    assert registry.warnings == ()
    await registry.close()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"username": "u"}, "providers.0.username"),
        ({"username": "u", "password": "literal"}, "providers.0.password"),
        ({"username": "u", "password": {"env": "TOKEN"}, "tls": "none"}, "providers.0.tls"),
    ],
)
def test_a_relays_login_is_whole_and_safe(changes: dict[str, Any], key: str) -> None:
    entry = {"id": "m", "type": "smtp", "channels": ["email"], "host": "h"} | changes
    assert any(line.startswith(f"p.yaml: {key}: ") for line in problems(entry, production=True))


def test_a_token_never_travels_in_the_clear_in_production() -> None:
    entry = twilio(base_url="http://10.0.0.1", allow_custom_base_url=True)
    assert problems(entry, production=True)[0].startswith("p.yaml: providers.0.base_url: ")


def test_secrets_show_in_no_text_of_the_file() -> None:
    file = parsed(twilio(auth_token=TOKEN))
    assert TOKEN not in f"{file!r} {file} {file.model_dump_json()}"
    assert TOKEN not in str(faults(twilio(auth_token=TOKEN, colour="red")))
