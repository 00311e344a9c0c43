"""When a call may be dialled at all, what becomes of one that nobody takes, and one that comes too late."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.simulators.behaviour import MAGIC_PREFIX
from channels.twilio_voice import LONGEST_CALL_SECONDS, RING_SECONDS
from services.consider import LEAST_CALL
from tests.end_to_end.waiting import eventually
from tests.services.calls.conftest import MakeLine
from tests.services.calls.line import TUESDAY, Line, spoken

# The lender's own rule for MX closes at 21:00, and 15 minutes of guard are taken off for calls.
CLOSES = datetime(2026, 11, 25, 2, 45, tzinfo=UTC)
# The step of `breve` lives for ten hours from the debtor's midnight.
EXPIRES = datetime(2026, 11, 24, 16, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


def test_the_longest_call_fits_in_what_a_call_must_have_left() -> None:
    assert timedelta(seconds=RING_SECONDS + LONGEST_CALL_SECONDS) < LEAST_CALL


@pytest.mark.asyncio(loop_scope="module")
async def test_a_call_knows_its_end_and_its_limits(line: Line) -> None:
    call = await line.call("hangup")
    assert (call.fields["Timeout"], call.fields["TimeLimit"]) == (str(RING_SECONDS), str(LONGEST_CALL_SECONDS))
    (row,) = await line.rows("select ends_at from call where provider_ref = $1", call.sid)
    assert row["ends_at"] == TUESDAY + LEAST_CALL


@pytest.mark.parametrize(
    ("now", "product"), [(EXPIRES - LEAST_CALL, "breve"), (CLOSES - MOMENT, "consumo")], ids=["step", "hours"]
)
async def test_at_the_last_instant_a_call_is_made_and_heard(make_line: MakeLine, now: datetime, product: str) -> None:
    async with make_line(now=now) as line:
        line.twilio.settings.receipts_lost = 1.0
        call = await line.call("hangup", product=product)
        line.clock.advance(timedelta(seconds=RING_SECONDS))
        assert "mil cincuenta pesos" in spoken(await line.press(call, 0, "1"))


@pytest.mark.parametrize(
    ("now", "product"), [(EXPIRES - LEAST_CALL + MOMENT, "breve"), (CLOSES, "consumo")], ids=["step", "hours"]
)
async def test_a_moment_later_nobody_is_called(make_line: MakeLine, now: datetime, product: str) -> None:
    async with make_line(now=now) as line:
        await line.know(product=product)
        await line.due()

        async def put_off() -> bool:
            (message,) = await line.rows("select due_at, state from message")
            return bool(message["due_at"] > now or message["state"] != "planned")

        await eventually(put_off, "the message to be put off")
        assert line.twilio.calls == []
        assert await line.rows("select 1 from attempt") == []


async def test_a_call_that_comes_late_says_nothing_but_goodbye(make_line: MakeLine) -> None:
    async with make_line() as line:
        line.twilio.settings.receipts_lost = 1.0
        call = await line.call("hangup")
        line.clock.advance(LEAST_CALL)
        assert spoken(await line.press(call, 0, "1")) == "Gracias. Hasta luego."
        assert "delivered" not in await line.life()


@pytest.mark.parametrize(("now", "later"), [(TUESDAY, 150), (CLOSES - MOMENT, 10)], ids=["the call's end", "hours"])
async def test_near_the_end_there_is_no_agent_any_more(make_line: MakeLine, now: datetime, later: int) -> None:
    async with make_line(now=now) as line:
        line.twilio.settings.receipts_lost = 1.0
        call = await line.call("1", "hangup")
        line.clock.advance(timedelta(seconds=later))
        answer = await line.press(call, 1, "3")
        assert "Dial" not in answer
        assert "le devolverá la llamada" in spoken(answer)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("digits", "outcome"), [("00701", "busy"), ("00702", "no_answer"), ("00703", "failed")])
async def test_a_call_nobody_takes_failed_for_now_and_is_tried_once_more(line: Line, digits: str, outcome: str) -> None:
    call = await line.call(phone=MAGIC_PREFIX + digits)
    assert call.scripts == []
    (failed,) = await line.told("message.failed")
    assert (failed["failure"]["class"], failed["failure"]["code"]) == ("transient", "temporary")
    assert failed["willRetry"]
    assert failed["nextAttemptAt"] == "2026-11-24T16:15:00Z"
    assert await line.outcome(call) == outcome


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
