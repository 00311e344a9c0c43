"""A call through `puntual serve`: dialled, confirmed, listened to, answered by keys, called back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from channels.simulators.twilio_store import SimulatedCall
from tests.end_to_end.calls import CALL_DEFINITIONS, CALLER, let_call
from tests.end_to_end.fixtures import a_world, prove
from tests.end_to_end.portfolio import Debtor
from tests.end_to_end.world import World

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phones(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[World]:
    """A running world that calls."""
    folder = tmp_path_factory.mktemp("phones")
    providers = folder / "providers-with-calls.yaml"
    async with a_world(
        folder / "world", postgres_dsn, template_database, definitions=CALL_DEFINITIONS, providers_file=str(providers)
    ) as world:
        let_call(world, providers)
        await world.start(public_url=world.serve.url)
        yield world
        await prove(world)


async def called(world: World, *keys: str, **more: Any) -> tuple[Debtor, SimulatedCall]:
    """Somebody is called about what falls due, and presses these keys, one item a question."""
    debtor = world.debtor(**more)
    world.provider.settings.callers[debtor.phone] = keys
    await world.tell(debtor.snapshot(), debtor.due())
    await world.until(lambda: _calls(world, debtor), f"a call to {debtor.ref}")
    (call,) = _calls(world, debtor)
    await world.until(lambda: call.status == "completed", "the call to end")
    return debtor, call


def _calls(world: World, debtor: Debtor) -> list[SimulatedCall]:
    return [call for call in world.provider.calls if call.to == debtor.phone]


async def test_the_right_person_promises_by_keys(phones: World) -> None:
    debtor, call = await called(phones, "1", "2", "2711", "1")
    assert f"¿Hablo con {debtor.given_name}?" in call.scripts[0]
    assert "mil" not in call.scripts[0]
    assert "mil cincuenta pesos" in call.scripts[1]
    delivered = await phones.outcome(debtor, "message.delivered")
    promise = await phones.outcome(debtor, "promise.recorded")
    assert promise.data["instalments"] == [{"date": "2026-11-27"}]
    assert delivered.data["channel"] == "voice"
    await phones.rest()
    assert phones.kinds(debtor) == ["scheduled", "accepted", "delivered"]


async def test_nine_is_an_opt_out_of_calls(phones: World) -> None:
    debtor, _ = await called(phones, "9")
    opted = await phones.outcome(debtor, "optout.recorded")
    assert (opted.data["channel"], opted.data["source"]) == ("voice", "reply")
    await phones.tell(debtor.due(number=8))
    await phones.rest()
    assert len(_calls(phones, debtor)) == 1


async def test_a_wrong_person_hears_no_debt_and_is_not_called_again(phones: World) -> None:
    debtor, call = await called(phones, "2")
    assert not any("pesos" in script for script in call.scripts)
    invalidated = await phones.outcome(debtor, "contactpoint.invalidated")
    assert invalidated.data["reason"] == "wrong_person"
    await phones.tell(debtor.due(number=8))
    await phones.rest()
    assert len(_calls(phones, debtor)) == 1


async def test_a_message_follows_a_call_that_reached_nobody_and_a_call_back_is_answered(phones: World) -> None:
    debtor, call = await called(phones, "hangup", product="nomina")
    assert len(call.scripts) == 1
    await phones.the_sms(debtor)
    await phones.outcome(debtor, "message.delivered")
    phones.provider.settings.callers[debtor.phone] = ("1", "9")
    url = f"{phones.serve.url}/callbacks/twilio/voice"
    back = await asyncio.wait_for(phones.provider.call_in(from_address=debtor.phone, to_address=CALLER, url=url), 20)
    assert f"¿Hablo con {debtor.given_name}?" in back.scripts[0]
    await phones.outcome(debtor, "optout.recorded")
