"""A link to pay, asked for by a key and sent as an SMS of its own."""

from typing import Any

import pytest

from tests.end_to_end.waiting import eventually
from tests.services.calls.line import Line, spoken

pytestmark = pytest.mark.asyncio(loop_scope="module")

OFFER = "Para recibir por mensaje de texto la liga de pago, cuatro."


def point(number: str, **more: Any) -> dict[str, Any]:
    return {"contactPoints": [{"contactPointRef": "cp1", "kind": "phone", "value": number, **more}]}


async def texted(line: Line) -> list[Any]:
    """The text messages to this person, once there is one."""

    async def sent() -> list[Any]:
        return [message for message in line.twilio.messages if message.to == line.number]

    return list(await eventually(sent, "a text message"))


async def accepted_twice(line: Line) -> list[Any]:
    """What is told of the call and of the text message, once the provider's answers to both are settled."""

    async def both() -> list[Any] | None:
        told = await line.told("message.accepted")
        return told if len(told) > 1 else None

    return list(await eventually(both, "two messages that were accepted"))


async def test_the_link_comes_once_to_the_number_on_the_line_and_is_a_message_of_its_own(line: Line) -> None:
    line.twilio.settings.script_requests = 2
    number = "+525520007701"
    call = await line.call("1", "4", phone=number, **point(number, verified=True))
    assert OFFER in spoken(call.scripts[1])
    assert spoken(call.scripts[2]) == "Gracias. Le enviaremos la liga por mensaje de texto. Hasta luego."
    (message,) = await texted(line)
    assert "http" in message.body
    assert await line.outcome(call) == "link"
    (reply,) = await line.told("reply.received")
    assert (reply["intent"], reply["channel"]) == ("payment_link", "voice")
    accepted = {event["channel"]: event["messageRef"] for event in await accepted_twice(line)}
    assert set(accepted) == {"voice", "sms"}
    assert accepted["voice"] != accepted["sms"]
    (answer,) = await line.rows("select channel, contact_point_ref from answer where debtor_ref = $1", line.ref)
    assert tuple(answer) == ("sms", "cp1")


async def test_who_calls_back_may_have_the_link_too(line: Line) -> None:
    number = "+525520007702"
    await line.call("hangup", phone=number, **point(number, verified=True))
    await line.call_in(number, "1", "4")
    (message,) = await texted(line)
    assert "http" in message.body


@pytest.mark.parametrize(
    ("last", "more"), [(3, {}), (4, {"verified": False}), (5, {"verified": True, "phoneType": "landline"})]
)
async def test_it_is_not_offered_to_a_number_nobody_vouches_for_nor_where_it_cannot_be_read(
    line: Line, last: int, more: dict[str, Any]
) -> None:
    number = f"+52552000770{last}"
    call = await line.call("1", "4", phone=number, **point(number, **more))
    assert OFFER not in spoken(call.scripts[1])
    assert spoken(call.scripts[2]).startswith("No le entendimos.")
    assert await line.told("reply.received") == []


async def test_who_stopped_text_messages_is_not_offered_one(line: Line) -> None:
    number = "+525520007706"
    stop = [{"channel": "sms", "purpose": "collections", "state": "withdrawn"}]
    call = await line.call("1", "hangup", phone=number, consents=stop, **point(number, verified=True))
    assert OFFER not in spoken(call.scripts[1])
