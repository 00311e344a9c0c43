"""Every way through a call, walked by a simulated callee."""

from datetime import date

import pytest

from tests.end_to_end.waiting import eventually
from tests.services.calls.line import Line, spoken

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_right_person_hears_the_words_and_the_message_is_delivered(line: Line) -> None:
    call = await line.call("1", "hangup")
    greeting, words = map(spoken, call.scripts)
    assert greeting.startswith("Hola, llamamos de Demo. ¿Hablo con Zarvol?")
    assert "mil cincuenta pesos con cincuenta centavos" in words
    assert "Para escucharlo de nuevo, uno." in words
    assert await line.life() == ["scheduled", "accepted", "delivered"]


async def test_what_is_spoken_is_what_was_decided_on_and_is_kept_sealed(line: Line) -> None:
    call = await line.call("1", "1", "hangup")
    assert spoken(call.scripts[1]) == spoken(call.scripts[2])
    for row in await line.rows("select script as kept from call union all select answer from call_step"):
        assert b"pesos" not in row["kept"]
        assert b"Zarvol" not in row["kept"]


async def test_silence_is_asked_twice_and_nothing_was_delivered(line: Line) -> None:
    call = await line.call()
    assert [spoken(script) for script in call.scripts[:2]] == [spoken(call.scripts[0])] * 2
    assert spoken(call.scripts[2]) == "Gracias. Hasta luego."
    assert await line.life() == ["scheduled", "accepted", "failed"]
    (failed,) = await line.told("message.failed")
    assert failed["failure"]["code"] == "not_delivered_by_channel"
    assert not failed["willRetry"]


@pytest.mark.parametrize("keys", [("7", "7"), ("", "0"), ("hangup",), ("7", "hangup")])
async def test_nobody_in_particular_hears_nothing(line: Line, keys: tuple[str, ...]) -> None:
    call = await line.call(*keys)
    assert not any("pesos" in script for script in call.scripts)
    assert "delivered" not in await line.life()


async def test_a_wrong_person_is_apologised_to_and_the_number_is_not_used_again(line: Line) -> None:
    call = await line.call("2")
    assert spoken(call.scripts[-1]).startswith("Disculpe")
    (fault,) = await line.told("contactpoint.invalidated")
    assert (fault["contactPointRef"], fault["reason"]) == ("cp1", "wrong_person")
    (reply,) = await line.told("reply.received")
    assert (reply["intent"], reply["channel"]) == ("wrong_person", "voice")
    await line.due(event_id="next", installmentNumber=8)

    async def suppressed() -> bool:
        return (await line.life())[-1] == "suppressed"

    await eventually(suppressed, "the next message to be given up")
    assert len(line.calls()) == 1


@pytest.mark.parametrize("keys", [("9",), ("", "9"), ("1", "9"), ("1", "2", "9"), ("1", "2", "2511", "9")])
async def test_nine_ends_calls_wherever_it_is_pressed(line: Line, keys: tuple[str, ...]) -> None:
    call = await line.call(*keys)
    assert spoken(call.scripts[-1]).startswith("Listo. No recibirá más llamadas")
    (opted,) = await line.told("optout.recorded")
    assert (opted["channel"], opted["source"]) == ("voice", "reply")
    assert await line.told("promise.recorded") == []
    (stop,) = await line.rows("select scope, channel, reason from suppression where debtor_ref = $1", line.ref)
    assert tuple(stop) == ("channel", "voice", "opt_out")


async def test_a_stop_before_the_words_ends_the_message_on_every_channel(line: Line) -> None:
    await line.call("9", product="nomina")
    (failed,) = await line.told("message.failed")
    assert (failed["failure"]["code"], failed["willRetry"]) == ("opted_out", False)
    assert len(await line.told("optout.recorded")) == 1
    assert [message for message in line.twilio.messages if message.to == line.number] == []


async def test_a_promise_is_read_back_confirmed_and_holds_the_loan(line: Line) -> None:
    call = await line.call("1", "2", "2711", "1")
    assert "veintisiete de noviembre" in spoken(call.scripts[3])
    assert spoken(call.scripts[4]).startswith("Gracias. Anotamos")
    (promise,) = await line.told("promise.recorded")
    assert (promise["loanRef"], promise["instalments"]) == (f"L-{line.ref}", [{"date": "2026-11-27"}])
    (reply,) = await line.told("reply.received")
    assert reply["intent"] == "promise"
    (hold,) = await line.rows("select reason from hold where loan_ref = $1 and released_at is null", f"L-{line.ref}")
    assert hold["reason"] == "promise"
    (row,) = await line.rows("select promised_for from promise where loan_ref = $1", f"L-{line.ref}")
    assert row["promised_for"] == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (("1", "2", "2711", "2", "2811", "1"), "2026-11-28"),
        (("1", "2", "9999", "2811", "1"), "2026-11-28"),
        (("1", "2", "2811", "", "1"), "2026-11-28"),
        (("1", "2", "2411", "1"), "2026-11-24"),
        (("1", "2", "0501", "1"), "2027-01-05"),
    ],
)
async def test_a_day_may_be_changed_repeated_and_lies_ahead(line: Line, keys: tuple[str, ...], day: str) -> None:
    await line.call(*keys)
    (promise,) = await line.told("promise.recorded")
    assert promise["instalments"] == [{"date": day}]


@pytest.mark.parametrize(
    "keys",
    [
        ("1", "2", "2711", "hangup"),
        ("1", "2", "2711", "", ""),
        ("1", "2", "2311", "3002", "hangup"),
        ("1", "2", "1", "", ""),
        ("1", "2", "", "", "", ""),
    ],
)
async def test_without_a_confirmed_day_there_is_no_promise(line: Line, keys: tuple[str, ...]) -> None:
    call = await line.call(*keys)
    assert await line.told("promise.recorded") == []
    assert call.status == "completed"


async def test_an_agent_is_connected_within_the_time_of_the_call(line: Line) -> None:
    call = await line.call("1", "3")
    assert "<Number>+525550000000</Number>" in call.scripts[2]
    assert 'timeLimit="175"' in call.scripts[2]
    assert 'callerId="+525550000002"' in call.scripts[2]
    assert spoken(call.scripts[3]) == "Gracias. Hasta luego."
    assert await line.told("task.created") == []


@pytest.mark.parametrize("ended", ["busy", "no-answer", "failed", "canceled"])
async def test_an_agent_who_does_not_answer_calls_back(line: Line, ended: str) -> None:
    line.twilio.settings.agent = ended
    call = await line.call("1", "3")
    assert "le devolverá la llamada" in spoken(call.scripts[-1])
    (task,) = await line.told("task.created")
    assert (task["type"], task["reason"]) == ("call_back", "agent")
    assert task["messageRef"]


@pytest.mark.parametrize("keys", [("1", "", ""), ("1", "5", "6"), ("1", "#", "0")])
async def test_a_menu_nobody_uses_is_offered_twice(line: Line, keys: tuple[str, ...]) -> None:
    call = await line.call(*keys)
    assert spoken(call.scripts[2]).startswith("No le entendimos.")
    assert spoken(call.scripts[3]) == "Gracias. Hasta luego."
    assert await line.life() == ["scheduled", "accepted", "delivered"]


async def test_a_machine_hears_a_greeting_at_most(line: Line) -> None:
    await line.know()
    line.twilio.settings.machines = (line.number,)
    await line.due()
    call = await line.ended()
    assert spoken(call.scripts[0]).startswith("Hola, llamamos de Demo.")
    assert [spoken(script) for script in call.scripts[1:]] == [""]
    assert (await line.life())[-1] == "failed"
    assert await line.outcome(call) == "answered_by_machine"
    sql = "select state from receipt where status = 'answered_by_machine' and debtor_ref = $1"
    (heard,) = await line.rows(sql, line.ref)
    assert heard["state"] is None
