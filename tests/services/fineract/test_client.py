"""Asking Fineract over HTTP: what is repeated, what is kept, what is refused, and at which pace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.clock import FakeClock
from services.fineract_client import CLIENT, LOAN, DetailsAway, DetailsRefused, FineractClient
from services.settings import Settings, SettingsProblem
from tests.services.fineract.core import PASSWORD, USER, FakeFineract

NOON = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture
async def fineract() -> AsyncIterator[FakeFineract]:
    async with FakeFineract() as made:
        made.lend(42, 7)
        made.know(7)
        yield made


def settings(fineract: FakeFineract, **more: Any) -> Settings:
    given = {
        "fineract_topic": "external-events",
        "fineract_url": fineract.url,
        "fineract_username": USER,
        "fineract_password": PASSWORD,
        "fineract_per_second": 1000,
    }
    return Settings.load(**{**given, **more})


async def test_a_loan_is_asked_for_once_and_then_remembered_for_a_while(fineract: FakeFineract) -> None:
    clock = FakeClock(NOON)
    async with FineractClient(settings(fineract), clock) as client:
        first = await client.ask(LOAN, "42")
        assert first.body is not None
        assert first.body["clientId"] == 7
        assert await client.ask(LOAN, "42") is first
        clock.advance(timedelta(minutes=1))
        newer = await client.ask(LOAN, "42", after=NOON + timedelta(seconds=30))
        assert newer.asked_at == clock.now()
        clock.advance(timedelta(hours=1))
        await client.ask(LOAN, "42")
    assert fineract.asked == ["/loans/42"] * 3


async def test_what_is_not_there_is_an_answer_too(fineract: FakeFineract) -> None:
    async with FineractClient(settings(fineract), FakeClock(NOON)) as client:
        assert (await client.ask(CLIENT, "99")).body is None
        assert (await client.ask(CLIENT, "99")).body is None
    assert fineract.asked == ["/clients/99"]


async def test_amounts_are_never_floats(fineract: FakeFineract) -> None:
    fineract.lend(43, 7, summary={"totalOutstanding": 1234567890123.45})
    async with FineractClient(settings(fineract), FakeClock(NOON)) as client:
        body = (await client.ask(LOAN, "43")).body
    assert body is not None
    assert body["summary"]["totalOutstanding"] == Decimal("1234567890123.45")


@pytest.mark.parametrize("mood", ["500", "429", "drop", "garbage"])
async def test_a_bad_moment_is_survived_by_asking_again(fineract: FakeFineract, mood: str) -> None:
    fineract.mood = [mood, mood]
    async with FineractClient(settings(fineract), FakeClock(NOON)) as client:
        assert (await client.ask(LOAN, "42")).body is not None
    assert len(fineract.asked) == 3


@pytest.mark.parametrize("mood", ["500", "huge"])
async def test_a_bad_day_is_told_after_three_tries(fineract: FakeFineract, mood: str) -> None:
    fineract.mood = [mood] * 5
    async with FineractClient(settings(fineract), FakeClock(NOON)) as client:
        with pytest.raises(DetailsAway):
            await client.ask(LOAN, "42")
    assert len(fineract.asked) == 3


@pytest.mark.parametrize("wrong", [{"fineract_password": "stolen"}, {"fineract_tenant": "other-bank"}])
async def test_wrong_credentials_or_tenant_are_not_tried_again(fineract: FakeFineract, wrong: dict[str, str]) -> None:
    async with FineractClient(settings(fineract, **wrong), FakeClock(NOON)) as client:
        with pytest.raises(DetailsRefused, match=r"HTTP 40[01]"):
            await client.ask(LOAN, "42")
    assert len(fineract.asked) == 1


async def test_credentials_do_not_follow_to_another_address(fineract: FakeFineract) -> None:
    fineract.mood = ["moved"]
    async with FineractClient(settings(fineract), FakeClock(NOON)) as client:
        with pytest.raises(DetailsRefused, match="302"):
            await client.ask(LOAN, "42")


async def test_nobody_listening_is_away(unused_tcp_port: int, fineract: FakeFineract) -> None:
    there = settings(fineract, fineract_url=f"http://127.0.0.1:{unused_tcp_port}")
    async with FineractClient(there, FakeClock(NOON)) as client:
        with pytest.raises(DetailsAway):
            await client.ask(LOAN, "42")


async def test_the_pace_is_kept_however_many_ask_at_once(fineract: FakeFineract) -> None:
    loop = asyncio.get_running_loop()
    async with FineractClient(settings(fineract, fineract_per_second=50), FakeClock(NOON)) as client:
        started = loop.time()
        await asyncio.gather(*(client.ask(CLIENT, str(number)) for number in range(21)))
        assert loop.time() - started >= 20 / 50 - 0.01


def test_half_settings_and_plain_http_in_production_are_refused(fineract: FakeFineract) -> None:
    with pytest.raises(SettingsProblem, match="PUNTUAL_FINERACT_PASSWORD: missing while PUNTUAL_FINERACT_URL is set"):
        settings(fineract, fineract_password=None)
    with pytest.raises(SettingsProblem, match="PUNTUAL_FINERACT_TOPIC"):
        settings(fineract, fineract_topic="")
    with pytest.raises(SettingsProblem, match="PUNTUAL_FINERACT_URL: plain http shows"):
        settings(fineract, env="production", fineract_url="http://core.bank.example")
