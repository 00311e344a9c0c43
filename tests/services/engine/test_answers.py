"""Replies that ask for something are answered once, lawfully, and by nobody who may not be."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.enums import AttemptState, Channel
from services.answers import MOST_AN_HOUR
from tests.services.engine.asking import ANSWERS, CONFIRMED, EVENING, MONDAY, SATURDAY, MakeEngine, known, person
from tests.services.engine.engine import OURS, TUESDAY, Engine, due, phone


async def test_a_question_gets_its_answer_however_often_it_is_told(engine: MakeEngine) -> None:
    e = await known(engine)
    for _ in range(3):
        await e.reply("D-1", "cuánto debo?", sid="SM-one")
    assert await e.dispatch() == 1
    (text,) = e.texts
    assert "Pago de $1,000.00 MXN con fecha 24 de noviembre" in text
    assert "D-1-L0" in text
    (row,) = await e.rows("select lane, purpose, step, channel from message")
    assert (row["lane"], row["purpose"], row["channel"]) == (0, "service", "sms")
    assert row["step"].startswith("saldo:")
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 1
    assert (await e.names()).count("reply.received") == 2


@pytest.mark.parametrize(
    ("words", "intent", "says"),
    [
        ("menu", "help", "1 Saldo. 2 Enlace de pago."),
        ("me pasa el link de pago", "payment_link", "Pague en https://puntual.test/l/"),
        ("quiero hablar con un asesor", "agent", "una persona le atenderá"),
    ],
)
async def test_each_question_has_its_own_answer(engine: MakeEngine, words: str, intent: str, says: str) -> None:
    e = await known(engine)
    await e.reply("D-1", words)
    assert await e.dispatch() == 1
    told = [data["intent"] for name, data in await e.outcomes() if name == "reply.received"]
    assert told == [intent]
    assert says in e.texts[0].replace("atendera", "atenderá")


async def test_a_conversation_by_numbers(engine: MakeEngine) -> None:
    e = await known(engine)
    for words in ("hola, ayuda", "1", "2️⃣", "opción 4"):
        await e.reply("D-1", words)
        await e.dispatch()
    kinds = [row["kind"] for row in await e.rows("select kind from answer order by at, message_id")]
    assert kinds == ["reply.help", "reply.balance", "reply.payment_link", "reply.agent"]
    assert [data["type"] for name, data in await e.outcomes() if name == "task.created"] == ["call_back"]
    await e.reply("D-1", "3")
    await e.dispatch()
    await e.reply("D-1", "el viernes 500")
    assert [d["instalments"][0]["date"] for n, d in await e.outcomes() if n == "promise.recorded"] == ["2026-11-27"]
    await e.reply("D-1", "2")
    assert await e.dispatch() == 0, "after a question for a day a number is no choice"


async def test_a_number_means_nothing_without_a_menu_or_a_day_after_it(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.reply("D-1", "1")
    assert [d["intent"] for n, d in await e.outcomes() if n == "reply.received"] == ["other"]
    other = await engine_with_old_menu(e)
    assert other == ["help", "other"]


async def engine_with_old_menu(e: Engine) -> list[str]:
    await e.happen_all([person("D-2"), due("D-2")])
    await e.reply("D-2", "ayuda")
    await e.dispatch()
    await e.move(hours=24, minutes=1)
    await e.reply("D-2", "2")
    return [d["intent"] for n, d in await e.outcomes() if n == "reply.received" and d["debtorRef"] == "D-2"]


async def test_the_fifth_choice_stops(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.reply("D-1", "ayuda")
    await e.dispatch()
    await e.reply("D-1", "5")
    assert [(d["channel"], d["source"]) for n, d in await e.outcomes() if n == "optout.recorded"] == [("sms", "reply")]
    await e.reply("D-1", "menu")
    assert await e.dispatch() == 0, "after a stop nobody is answered"
    assert [d["reason"] for n, d in await e.outcomes() if n == "message.suppressed"] == ["opt_out"]


async def test_a_phone_that_is_shared_or_not_surely_theirs_is_told_of_no_debt(engine: MakeEngine) -> None:
    e = await engine(ANSWERS)
    same = phone("D-7")
    await e.happen_all([person("D-1", number=same), person("D-2", number=same), due(), due("D-2")])
    await e.happen_all([person("D-3", verified=False), due("D-3")])
    await e.reply("D-1", "cuánto debo", address=same)
    await e.reply("D-3", "mándeme la liga de pago")
    assert await e.dispatch() == 2
    for text in e.texts:
        assert "llámenos al +525550000000" in text.replace("llamenos", "llámenos")
        assert not [word for word in ("$", "MXN", "pago", "http", "L0") if word in text]


@pytest.mark.parametrize(
    "words",
    [
        "Respuesta automática: saldo, menú y ayuda",
        "I'm driving, ayuda",
        "Fuera de la oficina. Ayuda",
        "número equivocado, ayuda",
        "me voy a matar, cuánto debo",
        "gracias",
        "ok",
    ],
)
async def test_machines_strangers_to_the_debt_and_the_desperate_get_no_answer(engine: MakeEngine, words: str) -> None:
    e = await known(engine)
    await e.reply("D-1", words)
    assert await e.dispatch() == 0
    assert await e.rows("select 1 from answer") == []


async def test_strangers_and_our_own_numbers_get_no_answer(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.happen_all([person("D-5", number=OURS), due("D-5")])
    for address in ("+525599998888", "55555", OURS, "MX.123456789"):
        await e.reply("D-1", "saldo", address=address)
    assert await e.dispatch() == 0
    assert (await e.names()).count("reply.received") == 4


async def test_two_machines_talking_stop(engine: MakeEngine) -> None:
    e = await known(engine)
    for _ in range(MOST_AN_HOUR + 4):
        await e.reply("D-1", "ayuda")
        await e.dispatch()
        await e.move(seconds=20)
    assert len(e.texts) == MOST_AN_HOUR
    await e.move(hours=1)
    await e.reply("D-1", "ayuda")
    assert await e.dispatch() == 1


async def test_the_lenders_own_cap_does_not_count_and_its_hours_do(engine: MakeEngine) -> None:
    reminder = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}\n"
    e = await known(engine, ANSWERS + reminder)
    assert await e.dispatch() == 1, "the one message a day"
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 1
    e.clock.advance(EVENING - e.clock.now())
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 0
    e.clock.advance(timedelta(hours=10))
    assert await e.dispatch() == 1


async def test_a_promise_is_no_reason_for_silence_and_a_dispute_is(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.reply("D-1", "pago el viernes")
    await e.reply("D-1", "mándeme el link de pago")
    assert await e.dispatch() == 1
    await e.reply("D-1", "yo no debo nada, es un fraude")
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 0


async def test_a_stop_is_confirmed_once_and_at_once_whatever_the_hour(engine: MakeEngine) -> None:
    e = await known(engine, CONFIRMED, now=EVENING)
    await e.reply("D-1", "BAJA")
    assert await e.dispatch() == 1
    assert "BAJA registrada" in e.texts[0]
    await e.reply("D-1", "BAJA")
    await e.reply("D-1", "ya dije BAJA")
    assert await e.dispatch() == 0
    (row,) = await e.rows("select reasons::text as reasons from decision where verdict = 'allow'")
    assert "stop-confirmed" in row["reasons"]


async def test_a_confirmation_that_comes_late_or_twice_is_not_sent(engine: MakeEngine) -> None:
    e = await known(engine, CONFIRMED)
    await e.reply("D-1", "STOP", opt_out_hint="STOP")
    assert await e.dispatch() == 0, "the provider says it already"
    await e.happen_all([person("D-2")])
    await e.reply("D-2", "BAJA")
    await e.move(minutes=5)
    assert await e.dispatch() == 0
    assert (await e.names())[-1] == "message.expired"


async def test_without_such_a_step_a_stop_is_not_confirmed(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.reply("D-1", "BAJA")
    assert await e.dispatch() == 0


async def test_whatsapp_takes_free_text_for_a_day_and_then_an_sms_goes(engine: MakeEngine) -> None:
    e = await known(engine, whatsapp=True)
    await e.reply("D-1", "saldo", channel=Channel.WHATSAPP)
    assert await e.dispatch() == 1
    (handed,) = e.provider.handed
    assert (handed.content.channel, handed.content.content_id) == (Channel.WHATSAPP, None)
    await e.receipt(handed.attempt_id, AttemptState.DELIVERED)
    e.clock.advance(SATURDAY - e.clock.now())
    await e.reply("D-1", "saldo", channel=Channel.WHATSAPP)
    assert await e.dispatch() == 0, "the lender's weekend"
    e.clock.advance(MONDAY - SATURDAY)
    assert await e.dispatch() == 1
    assert e.provider.handed[-1].content.channel is Channel.SMS


async def test_who_asks_again_before_the_answer_may_go_gets_it_once(engine: MakeEngine) -> None:
    e = await known(engine, now=SATURDAY)
    for words in ("ayuda", "cuánto debo", "saldo", "AYUDA"):
        await e.reply("D-1", words)
    e.clock.advance(MONDAY - SATURDAY)
    assert await e.dispatch() == 2
    await e.reply("D-1", "1")
    assert await e.dispatch() == 1, "the menu came this morning, and so its numbers hold"
    assert [row["kind"] for row in await e.rows("select kind from answer order by at, message_id")] == [
        "reply.help",
        "reply.balance",
        "reply.balance",
    ]


@pytest.mark.parametrize(
    ("expires", "until"),
    [("expires: 2h, ", TUESDAY + timedelta(hours=2)), ("", datetime(2026, 11, 25, 6, tzinfo=UTC))],
)
async def test_an_answer_waits_until_its_step_expires(engine: MakeEngine, expires: str, until: datetime) -> None:
    e = await known(engine, ANSWERS.replace("expires: 72h, ", expires))
    await e.reply("D-1", "saldo")
    (row,) = await e.rows("select expires_at from message")
    assert row["expires_at"] == until


async def test_a_campaign_answers_nobody_before_its_term(engine: MakeEngine) -> None:
    e = await known(engine, ANSWERS.replace("audience:", "starts: 2026-12-01\naudience:"))
    await e.reply("D-1", "saldo")
    assert await e.rows("select 1 from answer") == []


async def test_whatsapp_that_was_not_approved_is_answered_by_sms(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.reply("D-1", "saldo", channel=Channel.WHATSAPP)
    assert await e.dispatch() == 1
    assert e.provider.handed[0].content.channel is Channel.SMS


async def test_a_campaign_that_is_stopped_answers_nobody(engine: MakeEngine) -> None:
    e = await known(engine)
    async with e.database.transaction() as connection:
        await connection.execute(
            "insert into stop (id, scope, name, reason, made_by, since) "
            "values (gen_random_uuid(), 'campaign', 'respuestas', 'r', 'x', $1)",
            e.clock.now(),
        )
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 0
