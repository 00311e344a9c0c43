"""Promises of several days, made in a reply: each payment counts once, and a broken day ends the silence."""

import pytest

from schemas.enums import Channel
from tests.services.engine.asking import MakeEngine
from tests.services.engine.engine import Engine, definition, due, snapshot

BROKEN = "  - {id: rota, on: promise.broken, expires: 3d, channels: [sms], template: respuesta_asesor}"
WORDS = "pago 500 el viernes y 500 el 15/12"


async def promised(engine: MakeEngine, words: str = WORDS) -> Engine:
    """Somebody with a thousand pesos due at Christmas promised on Tuesday, 24 November."""
    e = await engine(definition(BROKEN))
    await e.happen_all([snapshot(), due(on="2026-12-24")])
    await e.reply("D-1", words)
    return e


async def paid(e: Engine, ref: str, amount: str) -> None:
    money = {"amount": amount, "currency": "MXN"}
    loan = {"debtorRef": "D-1", "loanRef": "D-1-L0"}
    await e.happen("payment.received", **loan, paymentRef=ref, kind="repayment", valueDate="2026-11-26", amount=money)


async def judged(e: Engine, days: float) -> list[str]:
    """What is said of promises in all, after so many more days."""
    await e.move(days=days)
    async with e.database.transaction() as connection:
        await e.promises.judge(connection, e.clock.now(), limit=10)
    return [name for name in await e.names() if name in ("promise.kept", "promise.broken")]


@pytest.mark.parametrize("words", [WORDS, "500 el viernes y el resto el 15/12 te pago"])
async def test_one_payment_keeps_one_day_of_two(engine: MakeEngine, words: str) -> None:
    e = await promised(engine, words)
    await paid(e, "p1", "500")
    assert await judged(e, 6) == ["promise.kept"]
    assert await e.rows("select 1 from hold where released_at is null and until > $1", e.clock.now()) != []
    assert await judged(e, 18) == ["promise.kept", "promise.broken"]
    assert await e.dispatch() == 1


async def test_a_payment_for_each_day_keeps_both(engine: MakeEngine) -> None:
    e = await promised(engine)
    await paid(e, "p1", "500")
    assert await judged(e, 6) == ["promise.kept"]
    await paid(e, "p2", "400")
    await paid(e, "p3", "100")
    assert await judged(e, 18) == ["promise.kept", "promise.kept"]


async def test_the_first_broken_day_ends_the_silence(engine: MakeEngine) -> None:
    e = await promised(engine)
    assert await judged(e, 6) == ["promise.broken"]
    assert await e.dispatch() == 1, "the step for broken promises"
    await paid(e, "p1", "500")
    assert await judged(e, 18) == ["promise.broken", "promise.kept"]


async def test_a_promise_on_one_of_several_loans_is_for_people_to_place(engine: MakeEngine) -> None:
    e = await engine(definition(BROKEN))
    await e.happen_all([snapshot(loans=2), due(), due(loan=1)])
    await e.reply("D-1", "pago el viernes", channel=Channel.WHATSAPP)
    (received,) = [data for name, data in await e.outcomes() if name == "reply.received"]
    assert (received["intent"], received["promise"]) == ("promise", [{"date": "2026-11-27"}])
    assert [data["type"] for name, data in await e.outcomes() if name == "task.created"] == ["unclear_reply"]
    (hold,) = await e.rows("select loan_ref, until from hold")
    assert (hold["loan_ref"], hold["until"]) == (None, None)
