"""Somebody calls back."""

from datetime import timedelta

import pytest

from tests.services.calls.conftest import MakeLine
from tests.services.calls.line import Line, spoken
from tests.services.calls.structure import check_structure

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def missed(line: Line) -> str:
    """Somebody who did not take our call; gives their number."""
    await line.call("hangup")
    return line.number


async def test_who_calls_back_is_asked_first_and_hears_the_words_of_the_call(line: Line) -> None:
    number = await missed(line)
    call = await line.call_in(number, "1", "hangup")
    assert spoken(call.scripts[0]).startswith("Hola, llamamos de Demo. ¿Hablo con Zarvol?")
    assert "mil cincuenta pesos" in spoken(call.scripts[1])
    for script in call.scripts:
        check_structure(script)


async def test_a_talk_that_the_debtor_began_counts_as_a_contact_once(line: Line) -> None:
    line.twilio.settings.script_requests = 2
    number = await missed(line)
    await line.call_in(number, "1", "", "")
    contacts = await line.rows("select channel from other_contact where debtor_ref = $1", line.ref)
    assert [row["channel"] for row in contacts] == ["call"]


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        (("2",), "contactpoint.invalidated"),
        (("9",), "optout.recorded"),
        (("1", "9"), "optout.recorded"),
        (("1", "2", "2711", "1"), "promise.recorded"),
    ],
)
async def test_keys_do_the_same_whoever_called(line: Line, keys: tuple[str, ...], kind: str) -> None:
    number = await missed(line)
    await line.call_in(number, *keys)
    assert len(await line.told(kind)) == 1
    (reply,) = await line.told("reply.received")
    assert reply["channel"] == "voice"
    assert reply["inReplyTo"]


@pytest.mark.parametrize(
    ("number", "words"),
    [("+525587654321", "Gracias. Hasta luego."), ("+5511987654321", "Obrigado. Até logo."), ("anonymous", "Gracias.")],
)
async def test_a_stranger_hears_a_goodbye(line: Line, number: str, words: str) -> None:
    before = await line.rows("select count(*) as calls from call")
    call = await line.call_in(number, "1")
    (script,) = call.scripts
    assert spoken(script).startswith(words)
    assert await line.rows("select count(*) as calls from call") == before


async def test_who_was_never_contacted_is_a_stranger(line: Line) -> None:
    await line.know()
    call = await line.call_in(line.number, "1")
    assert [spoken(script) for script in call.scripts] == ["Gracias. Hasta luego."]


async def test_who_said_that_they_are_somebody_else_is_a_stranger(line: Line) -> None:
    await line.call("2")
    call = await line.call_in(line.number, "1")
    assert [spoken(script) for script in call.scripts] == ["Gracias. Hasta luego."]


async def test_who_stopped_calls_may_still_call_and_hears_no_debt(line: Line) -> None:
    await line.call("9")
    call = await line.call_in(line.number, "1", "2", "2711", "1")
    assert not any("pesos" in script for script in call.scripts)
    assert len(await line.told("promise.recorded")) == 1


async def test_the_next_day_the_words_are_over_but_the_menu_is_not(make_line: MakeLine) -> None:
    async with make_line() as line:
        number = await missed(line)
        line.clock.advance(timedelta(days=1))
        call = await line.call_in(number, "1", "1", "2", "2711", "1")
        assert not any("pesos" in script for script in call.scripts)
        assert spoken(call.scripts[1]).startswith("Para decirnos qué día pagará, dos.")
        assert len(await line.told("promise.recorded")) == 1


async def test_at_night_there_is_no_agent_but_a_call_back(make_line: MakeLine) -> None:
    async with make_line() as line:
        number = await missed(line)
        line.clock.advance(timedelta(hours=13))
        call = await line.call_in(number, "1", "3")
        assert "Dial" not in call.scripts[-1]
        assert "le devolverá la llamada" in spoken(call.scripts[-1])
        (task,) = await line.told("task.created")
        assert task["type"] == "call_back"
