"""When a call may be dialled at all, what becomes of one that nobody takes, and one that comes too late."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.simulators.behaviour import MAGIC_PREFIX
from channels.twilio_voice import LONGEST_CALL_SECONDS, RING_SECONDS
from services.consider import LEAST_CALL
from tests.end_to_end.waiting import eventually
from tests.services.calls.conftest import MakeLine
from tests.services.calls.line import Line, spoken

# The law of MX closes at 22:00, the lender's own rule at 21:00, and 15 minutes of guard are taken off for calls.
CLOSES = datetime(2026, 11, 25, 2, 45, tzinfo=UTC)


def test_the_longest_call_fits_in_what_a_call_must_have_left() -> None:
    assert timedelta(seconds=RING_SECONDS + LONGEST_CALL_SECONDS) < LEAST_CALL


@pytest.mark.asyncio(loop_scope="module")
async def test_a_call_knows_its_end_and_its_limits(line: Line) -> None:
    call = await line.call("hangup")
    assert (call.fields["Timeout"], call.fields["TimeLimit"]) == (str(RING_SECONDS), str(LONGEST_CALL_SECONDS))
    (row,) = await line.rows("select ends_at from call where provider_ref = $1", call.sid)
    assert row["ends_at"] == CLOSES


async def test_the_last_instant_to_dial_is_before_the_end_by_the_longest_call(make_line: MakeLine) -> None:
    async with make_line(now=CLOSES - LEAST_CALL) as line:
        call = await line.call("1", "hangup")
        assert "mil cincuenta pesos" in spoken(call.scripts[1])


async def test_a_moment_later_nobody_is_called(make_line: MakeLine) -> None:
    async with make_line(now=CLOSES - LEAST_CALL + timedelta(seconds=1)) as line:
        await line.know()
        await line.due()

        async def considered() -> bool:
            (message,) = await line.rows("select due_at, state from message")
            return bool(message["due_at"] >= CLOSES or message["state"] != "planned")

        await eventually(considered, "the message to be put off")
        assert line.twilio.calls == []
        assert await line.rows("select 1 from attempt") == []


async def test_a_call_that_is_answered_after_its_end_says_nothing_but_goodbye(make_line: MakeLine) -> None:
    async with make_line(now=CLOSES - LEAST_CALL) as line:
        line.twilio.settings.receipts_lost = 1.0
        call = await line.call("hangup")
        line.clock.advance(LEAST_CALL.total_seconds())
        assert spoken(await line.press(call, 0, "1")) == "Gracias. Por ahora no hay nada más que decirle. Hasta luego."
        assert "delivered" not in await line.life()


async def test_near_the_end_there_is_no_agent_any_more(make_line: MakeLine) -> None:
    async with make_line(now=CLOSES - LEAST_CALL) as line:
        line.twilio.settings.receipts_lost = 1.0
        call = await line.call("1", "hangup")
        line.clock.advance(150)
        answer = await line.press(call, 1, "3")
        assert "Dial" not in answer
        assert "le devolverá la llamada" in spoken(answer)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("digits", ["00701", "00702", "00703"])
async def test_a_call_nobody_takes_failed_for_now_and_is_tried_once_more(line: Line, digits: str) -> None:
    call = await line.call(phone=MAGIC_PREFIX + digits)
    assert call.scripts == []
    (failed,) = await line.told("message.failed")
    assert (failed["failure"]["class"], failed["failure"]["code"]) == ("transient", "temporary")
    assert failed["willRetry"]
    assert failed["nextAttemptAt"] == "2026-11-24T16:15:00Z"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("keys", [(), ("hangup",), ("7", "8")])
async def test_the_next_channel_follows_a_call_that_reached_nobody(line: Line, keys: tuple[str, ...]) -> None:
    await line.call(*keys, product="nomina")
    (failed,) = await line.told("message.failed")
    assert failed["failure"]["code"] == "not_delivered_by_channel"
    assert (failed["willRetry"], failed["nextChannel"]) == (True, "sms")


@pytest.mark.asyncio(loop_scope="module")
async def test_no_other_channel_follows_a_call_that_was_heard(line: Line) -> None:
    await line.call("1", "hangup", product="nomina")
    assert await line.life() == ["scheduled", "accepted", "delivered"]
