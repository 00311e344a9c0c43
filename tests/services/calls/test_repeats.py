"""Webhooks come again, late, twice at once or out of turn: the same is answered, and nothing happens a second time."""

import asyncio

import pytest

from tests.services.calls.line import Line, spoken

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "keys", [(), ("1", "hangup"), ("2",), ("9",), ("1", "2", "2711", "1"), ("1", "3"), ("1", "1", "", "4")]
)
async def test_every_webhook_three_times_is_answered_alike_and_has_one_effect(
    line: Line, keys: tuple[str, ...]
) -> None:
    line.twilio.settings.agent = "busy"
    once = await line.call(*keys)
    said = [event["kind"] for event in await line.told()]
    line.twilio.settings.script_requests = 3
    thrice = await line.call(*keys)
    assert [event["kind"] for event in await line.told()] == said
    assert thrice.repeats == [script for script in thrice.scripts for _ in range(2)]
    assert [spoken(script) for script in thrice.scripts] == [spoken(script) for script in once.scripts]


async def test_webhooks_at_the_same_instant_have_one_effect(line: Line) -> None:
    call = await line.call("1", "2", "2711", "hangup")
    answers = await asyncio.gather(*(line.press(call, 3, "1") for _ in range(8)))
    assert len(set(answers)) == 1
    assert len(await line.told("promise.recorded")) == 1


async def test_other_keys_under_the_same_turn_change_nothing(line: Line) -> None:
    call = await line.call("1", "2", "2711", "1")
    assert await line.press(call, 3, "9") == call.scripts[4]
    assert await line.told("optout.recorded") == []


async def test_a_call_that_is_over_tells_nothing_more_but_still_takes_a_stop(line: Line) -> None:
    call = await line.call("hangup")
    assert (await line.life())[-1] == "failed"
    assert "Say" not in await line.press(call, 0, "1")
    assert (await line.life())[-1] == "failed"
    other = await line.call("hangup")
    assert spoken(await line.press(other, 0, "9")).startswith("Listo.")
    assert len(await line.told("optout.recorded")) == 1


async def test_a_turn_that_cannot_be_next_ends_the_call(line: Line) -> None:
    call = await line.call("1", "hangup")
    sql = "delete from call_step where call_id = (select id from call where provider_ref = $1)"
    async with line.parts.database.transaction() as connection:
        await connection.execute(sql, call.sid)
    assert "Say" not in await line.press(call, 1, "2")


async def test_who_was_erased_meanwhile_hears_nothing(line: Line) -> None:
    line.twilio.settings.receipts_lost = 1.0
    call = await line.call("hangup")
    await line.erase()
    assert "Say" not in await line.press(call, 0, "1")


async def test_who_paid_meanwhile_hears_of_no_debt(line: Line) -> None:
    line.twilio.settings.receipts_lost = 1.0
    call = await line.call("hangup")
    await line.pay("1050.50")
    answer = await line.press(call, 0, "1")
    assert spoken(answer) == "Gracias. Por ahora no hay nada más que decirle. Hasta luego."
    assert "delivered" not in await line.life()
