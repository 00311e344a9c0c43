"""A relay in the providers file."""

from typing import Any

import pytest
from pydantic import ValidationError

from channels.config import ProvidersFile
from channels.errors import ProvidersFileError
from channels.provider import Accepted
from channels.registry import Registry, build_registry
from channels.simulators.smtp import SmtpSimulator
from schemas.enums import Channel
from tests.channels.test_smtp_message import HANDOVER, TOKEN

SENDERS = [{"channel": "email", "address": "Financiera Demo <avisos@financiera.test>"}]


def registry(*, production: bool = False, **keys: Any) -> Registry:
    entry = {"id": "smtp-main", "type": "smtp", "channels": ["email"], "host": "127.0.0.1", "senders": SENDERS, **keys}
    parsed = ProvidersFile.model_validate({"providers": [entry]})
    return build_registry(parsed, environ={"SMTP_PASSWORD": "x"}, production=production)


async def test_a_relay_carries_mail_at_its_usual_pace_without_warnings() -> None:
    built = registry()
    (route,) = built.for_channel(Channel.EMAIL)
    assert built.warnings == ()
    assert (route.senders[0].per_second, route.provider.available()) == (50.0, 20)


async def test_what_comes_back_goes_where_the_file_says() -> None:
    async with SmtpSimulator() as relay:
        built = registry(
            port=relay.port,
            tls="none",
            connections=3,
            bounce_domain="rebotes.financiera.test",
            unsubscribe_mailbox="bajas@financiera.test",
        )
        (route,) = built.for_channel(Channel.EMAIL)
        assert route.provider.available() == 3
        assert isinstance(await route.provider.send(HANDOVER), Accepted)
        await built.close()
    (taken,) = relay.messages
    assert taken.sender == f"b+{TOKEN}@rebotes.financiera.test"
    assert f"<mailto:bajas+{TOKEN}@financiera.test>".encode() in taken.content


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bounce_domain", "a b.test"),
        ("bounce_domain", "b@x.test"),
        ("bounce_domain", "localhost"),
        ("unsubscribe_mailbox", "bajas"),
        ("unsubscribe_mailbox", "bajas+x@financiera.test"),
        ("unsubscribe_mailbox", "a-name-that-is-too-long@financiera.test"),
        ("unsubscribe_mailbox", "b@financiera.test"),
        ("unsubscribe_mailbox", "bajas@financiera.test\r\nX: y"),
    ],
)
def test_an_address_that_can_not_take_a_token_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(ValidationError, match=key):
        registry(**{key: value})


def test_a_password_travels_over_tls_alone_in_production() -> None:
    secret = {"username": "u", "password": {"env": "SMTP_PASSWORD"}}
    with pytest.raises(ProvidersFileError, match="over TLS"):
        registry(production=True, tls="none", **secret)
    assert registry(production=True, tls="starttls", **secret).for_channel(Channel.EMAIL)
