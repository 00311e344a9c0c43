"""What every provider must do, run for each by one runner over its own table of cases.

A new provider brings a `Subject`: how to build it against an address, a hand-over, its secret, and its tables.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest

from channels.provider import Handover, InboundMessage, NotSent, Provider, Receipt, SendResult, Unknown
from channels.simulators.http_server import Answer, Fate, HttpServer, Request
from tests.channels.hostile import HostileServer, Line

Form = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SendCase:
    """One answer of the provider, and what it means."""

    name: str
    answer: Answer
    expected: SendResult


@dataclass(frozen=True, slots=True)
class ReceiptCase:
    """One callback, and the receipt in it."""

    name: str
    form: Form
    expected: Receipt | None


@dataclass(frozen=True, slots=True)
class InboundCase:
    """One callback, and the reply in it."""

    name: str
    form: Form
    expected: InboundMessage | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A provider under test; `build` takes its address and must give it a short call timeout."""

    build: Callable[[str], Provider]
    handover: Handover
    secret: str


async def check_send(subject: Subject, case: SendCase, caplog: pytest.LogCaptureFixture) -> list[Request]:
    """The answer is read as expected, after exactly one request, with nothing private in log or result."""
    caplog.set_level(logging.DEBUG)
    requests: list[Request] = []

    def handle(request: Request) -> Answer:
        requests.append(request)
        return case.answer

    async with HttpServer(handle) as server:
        provider = subject.build(server.url)
        result = await provider.send(subject.handover)
        available = provider.available()
        await provider.close()
    assert result == case.expected
    assert len(requests) == 1
    assert available > 0
    check_discretion(subject, caplog.text + repr(result) + repr(provider))
    return requests


async def check_transport(subject: Subject, caplog: pytest.LogCaptureFixture) -> None:
    """What never left is not sent; what left and came to nothing is unknown, and is not tried again."""
    caplog.set_level(logging.DEBUG)
    async with HttpServer(lambda _: Answer(fate=Fate.HANG)) as server:
        refused = server.url
        await _expect(subject, server.url, Unknown("no_answer"))
    await _expect(subject, refused, NotSent("refused"))
    async with HttpServer(lambda _: Answer(fate=Fate.DROP)) as server:
        await _expect(subject, server.url, Unknown("disconnected"))
    async with HostileServer(lambda line: line.say(b"220 not what was asked for\r\n")) as plain:
        await _expect(subject, plain.url.replace("http", "https"), NotSent("tls"))
    async with HostileServer(_reads_and_talks_nonsense) as nonsense:
        await _expect(subject, nonsense.url, Unknown("no_answer", "unreadable_reply"))
        assert len(nonsense.requests) == 1
    check_discretion(subject, caplog.text)


def check_discretion(subject: Subject, text: str) -> None:
    """No secret and nothing of the debtor may show."""
    assert subject.secret not in text
    assert subject.handover.to not in text
    assert subject.handover.content.text not in text


async def _reads_and_talks_nonsense(line: Line) -> None:
    await line.request()
    await line.say(b"\x00\x01\x02 nonsense\r\n\r\n")


async def _expect(subject: Subject, url: str, expected: SendResult) -> None:
    provider = subject.build(url)
    assert await provider.send(subject.handover) == expected
    assert provider.available() > 0
    await provider.close()


ATTEMPT = UUID("01890000-0000-7000-8000-000000000001")
