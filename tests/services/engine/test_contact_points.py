"""What is learnt of numbers: doubts that need a second word, and stops of those who were nobody yet."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from channels.provider import Rejected
from schemas.enums import AttemptState, Channel, FailureClass
from tests.services.engine.engine import Engine, definition, due, phone, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TODAY = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}"
DAILY = """\
  - {id: uno, at: due_date, channels: [sms], template: vence_hoy}
  - {id: dos, at: due_date + 1d, channels: [sms], template: vencido_1}
  - {id: tres, at: due_date + 2d, channels: [sms], template: vencido_1}"""
DOUBT: dict[str, Any] = {"failure": FailureClass.INVALID_ADDRESS, "code": "30005", "doubtful": True}


async def told(e: Engine, name: str) -> list[dict[str, Any]]:
    return [data for kind, data in await e.outcomes() if kind == name]


async def test_a_doubted_number_is_believed_to_be_useless_the_second_time(engine: MakeEngine) -> None:
    e = await engine(definition(DAILY))
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    await e.receipt(e.provider.handed[0].attempt_id, AttemptState.UNDELIVERED, **DOUBT)
    assert await told(e, "contactpoint.invalidated") == []
    await e.move(days=1)
    assert await e.dispatch() == 1
    await e.receipt(e.provider.handed[1].attempt_id, AttemptState.UNDELIVERED, **DOUBT)
    (invalid,) = await told(e, "contactpoint.invalidated")
    assert (invalid["reason"], invalid["providerCode"]) == ("unallocated", "30005")
    await e.move(days=1)
    assert await e.dispatch() == 0
    await e.happen_all([snapshot()])
    assert await e.dispatch() == 0


async def test_a_landline_is_called_one(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    e.provider.answers[phone("D-1")] = lambda _: Rejected(FailureClass.INVALID_ADDRESS, "21614", True, landline=True)
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    assert [data["reason"] for data in await told(e, "contactpoint.invalidated")] == ["landline"]


@pytest.mark.parametrize(
    ("address", "channel", "point", "stopped"),
    [
        (phone("D-1"), Channel.SMS, {"kind": "phone", "value": "55 1230 0001"}, "sms"),
        ("MX.1349123456", Channel.WHATSAPP, {"kind": "whatsapp", "value": "MX.1349123456"}, "whatsapp"),
    ],
)
async def test_a_strangers_stop_holds_for_whoever_it_turns_out_to_be(
    engine: MakeEngine, address: str, channel: Channel, point: dict[str, str], stopped: str
) -> None:
    e = await engine(definition(TODAY))
    await e.reply("D-1", "BAJA", address=address, channel=channel)
    (unknown,) = await told(e, "optout.recorded")
    assert "debtorRef" not in unknown
    points = [{"contactPointRef": "p1", **point}]
    await e.happen_all([snapshot(contactPoints=points), due()])
    known = (await told(e, "optout.recorded"))[1:]
    assert [(data["debtorRef"], data["channel"], data["contactPointRef"]) for data in known] == [("D-1", stopped, "p1")]
    assert await e.dispatch() == 0
    await e.happen_all([snapshot(contactPoints=points)])
    assert len(await told(e, "optout.recorded")) == 2


async def test_a_stranger_who_came_back_is_not_stopped(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.reply("D-1", "BAJA")
    await e.reply("D-1", "ALTA")
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1


async def test_a_deployment_may_widen_every_stop(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY), stop_everywhere=True)
    await e.happen_all([snapshot(), due()])
    assert await e.dispatch() == 1
    failed = {"failure": FailureClass.OPTED_OUT, "code": "21610"}
    await e.receipt(e.provider.handed[0].attempt_id, AttemptState.FAILED, **failed)
    await e.happen_all([snapshot("D-2")])
    await e.reply("D-2", "BAJA")
    await e.reply("D-9", "STOP")
    assert [data["channel"] for data in await told(e, "optout.recorded")] == ["all", "all", "all"]
    rows = await e.rows("select scope, channel from suppression")
    assert {tuple(row) for row in rows} == {("person", None)}
    assert [row["channel"] for row in await e.rows("select channel from stranger_stop")] == [None]


async def test_a_strangers_reply_is_read_in_the_lenders_own_calendar(engine: MakeEngine) -> None:
    e = await engine(definition(TODAY))
    await e.happen_all([snapshot(timezone=None), due()])
    await e.reply("D-1", "pago mañana")
    assert [data["instalments"][0]["date"] for data in await told(e, "promise.recorded")] == ["2026-11-25"]
