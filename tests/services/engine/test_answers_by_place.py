"""What the law of a place says of answering: an exception where a text has one, the caps where none has."""

from schemas.enums import Channel
from tests.services.engine.asking import ANSWERS, MakeEngine, known, person
from tests.services.engine.engine import due

BOGOTA = {"country": "CO", "timezone": "America/Bogota"}
AUTHORISED = [
    {
        "channel": channel,
        "purpose": purpose,
        "state": "granted",
        "capturedAt": "2026-01-10T10:00:00Z",
        "capturedVia": "contract",
    }
    for channel in ("sms", "whatsapp")
    for purpose in ("collections", "service")
]


async def test_colombia_answers_a_question_beside_the_days_one_contact_and_by_its_channel_alone(
    engine: MakeEngine,
) -> None:
    reminder = "  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}\n"
    e = await engine(ANSWERS + reminder, whatsapp=True)
    await e.happen_all([person("D-1", consents=AUTHORISED, **BOGOTA), due()])
    assert await e.dispatch() == 1, "the one contact of the day"
    await e.reply("D-1", "ayuda")
    assert await e.dispatch() == 1
    await e.reply("D-1", "3")
    assert await e.dispatch() == 0, "to ask for a day is no information they asked for"
    await e.reply("D-1", "saldo", channel=Channel.WHATSAPP)
    assert await e.dispatch() == 1
    assert [handed.content.channel for handed in e.provider.handed] == [Channel.SMS, Channel.SMS, Channel.WHATSAPP]
    (row,) = await e.rows("select reasons::text as reasons from decision where channel = 'whatsapp'")
    assert "co-asked-information" in row["reasons"]


async def test_colombia_sends_no_sms_in_the_place_of_whatsapp(engine: MakeEngine) -> None:
    e = await engine(ANSWERS)
    await e.happen_all([person("D-1", consents=AUTHORISED, **BOGOTA), due()])
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 1
    await e.reply("D-1", "saldo", channel=Channel.WHATSAPP)
    assert await e.dispatch() == 0, "no WhatsApp here, and the day's contact was made"


async def test_ecuador_counts_an_answer_like_any_contact(engine: MakeEngine) -> None:
    e = await known(engine)
    await e.happen_all([person(country="EC", timezone="America/Guayaquil")])
    await e.reply("D-1", "saldo")
    assert await e.dispatch() == 1
    await e.reply("D-1", "link de pago")
    assert await e.dispatch() == 0
    await e.move(days=1)
    assert await e.dispatch() == 1
