"""What stands beside the words: hints, buttons, prompts, the calendar, mail and hostile input."""

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.replies import HoldReason, Intent, Prompt, ReplyMeaning, StopScope, Task, understand
from campaigns.replies.phrases import word_set

MONDAY = date(2026, 11, 23)


def read(text: str, **options: str) -> ReplyMeaning:
    return understand(text, today=MONDAY, **options)


def test_the_providers_stop_binds_whatever_the_text() -> None:
    meaning = read("gracias", opt_out_hint="STOP")
    assert (meaning.intent, meaning.stop, meaning.hold) == (Intent.OPT_OUT, StopScope.THIS_CHANNEL, None)


def test_the_providers_stop_does_not_narrow_a_wider_one() -> None:
    assert read("no me contacten", opt_out_hint="stop").stop is StopScope.EVERY_CHANNEL


def test_the_providers_start_and_help_bind() -> None:
    assert read("yes", opt_out_hint="START").intent is Intent.OPT_IN
    assert read("??", opt_out_hint="HELP").intent is Intent.HELP


def test_an_unknown_hint_changes_nothing() -> None:
    assert read("saldo", opt_out_hint="MAYBE").intent is Intent.BALANCE


@pytest.mark.parametrize(
    ("button", "intent"),
    [
        ("BAJA", Intent.OPT_OUT),
        ("opt_out", Intent.OPT_OUT),
        ("payment_link", Intent.PAYMENT_LINK),
        ("balance", Intent.BALANCE),
        ("Hablar con un asesor", Intent.AGENT),
        ("Ya pagué", Intent.PAID_CLAIM),
        ("paid_claim", Intent.PAID_CLAIM),
        ("Pago mañana", Intent.PROMISE),
        ("No soy yo", Intent.WRONG_PERSON),
    ],
)
def test_a_button_is_read_like_text(button: str, intent: Intent) -> None:
    assert read("", button=button).intent is intent


def test_a_stop_in_the_text_beats_the_button() -> None:
    meaning = read("STOP", button="payment_link")
    assert (meaning.intent, meaning.stop) == (Intent.OPT_OUT, StopScope.THIS_CHANNEL)


def test_an_opaque_button_leaves_the_text_its_meaning() -> None:
    assert read("ya pagué", button="b-17").intent is Intent.PAID_CLAIM


@pytest.mark.parametrize("yes", ["sí", "SI", "yes", "Sim", "YES!"])
def test_yes_is_an_opt_in_only_after_the_question(yes: str) -> None:
    assert read(yes, last_prompt=Prompt.OPT_IN).intent is Intent.OPT_IN
    assert read(yes).intent is Intent.OTHER
    assert read(yes).hold is HoldReason.UNCLEAR


def test_no_is_a_wrong_person_only_after_the_question_who() -> None:
    assert read("no", last_prompt=Prompt.IDENTITY).wrong_person
    assert not read("no").wrong_person


def test_a_bare_day_is_a_promise_only_after_the_question_when() -> None:
    assert read("el viernes", last_prompt=Prompt.PROMISE).promise[0].date == date(2026, 11, 27)
    assert read("el viernes").promise == ()


def test_a_denied_day_is_no_promise_even_after_the_question() -> None:
    assert read("el viernes no", last_prompt=Prompt.PROMISE).promise == ()


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekday_is_always_one_to_seven_days_ahead(weekday: int) -> None:
    today = MONDAY + timedelta(days=weekday)
    promised = understand("pago el lunes", today=today).promise[0].date
    assert 1 <= (promised - today).days <= 7
    assert promised.weekday() == 0


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 12, 31), "pago mañana", date(2027, 1, 1)),
        (date(2026, 12, 20), "pago el 15", date(2027, 1, 15)),
        (date(2026, 12, 31), "pago a fin de mes", date(2026, 12, 31)),
        (date(2027, 2, 10), "pago a fin de mes", date(2027, 2, 28)),
        (date(2028, 2, 10), "pago el 29 de febrero", date(2028, 2, 29)),
        (date(2026, 11, 15), "pago en la quincena", date(2026, 11, 15)),
        (date(2026, 11, 15), "pago la próxima quincena", date(2026, 11, 30)),
        (date(2026, 11, 10), "pago en la quincena", date(2026, 11, 15)),
        (date(2026, 12, 30), "pago el 5 de enero", date(2027, 1, 5)),
    ],
)
def test_days_fall_on_the_debtors_calendar(today: date, text: str, day: date) -> None:
    assert [part.date for part in understand(text, today=today).promise] == [day]


@pytest.mark.parametrize("text", ["pago el 31", "pago el 29 de febrero", "pago el 32 de enero", "pago el 0/12"])
def test_a_day_that_its_month_lacks_is_no_promise(text: str) -> None:
    meaning = understand(text, today=date(2026, 11, 23))
    assert (meaning.promise, meaning.task) == ((), Task.UNCLEAR_REPLY)


def test_an_english_day_and_month_count_only_where_they_cannot_be_swapped() -> None:
    assert read("I'll pay on 05/12").promise == ()
    assert read("I'll pay on 12/05", currency="USD").promise[0].date == date(2026, 12, 5)
    assert read("I'll pay on 12/12").promise[0].date == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("500", "500"), ("$1,050.50", "1050.50"), ("1.050,50", "1050.50"), ("1.500", "1500"), ("2 mil", "2000"),
        ("2k", "2000"), ("1.000.000", "1000000"), ("quinientos", "500"), ("mil quinientos", "1500"),
        ("dos mil trescientos", "2300"), ("treinta y cinco", "35"), ("1050.5", "1050.5"), ("10,5", "10.5"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_written(written: str, amount: str) -> None:
    assert read(f"deposito {written} el viernes").promise[0].amount == Decimal(amount)


@pytest.mark.parametrize("text", ["pago la mitad el viernes", "pago el 50% el viernes", "pago en 2 partes el viernes"])
def test_shares_and_counts_are_no_amounts(text: str) -> None:
    assert read(text).promise[0].amount is None


def test_an_amount_takes_the_loans_currency_unless_it_names_its_own() -> None:
    assert read("pago 500 el viernes").promise[0].currency is None
    assert read("pago 500 el viernes", currency="COP").promise[0].currency == "COP"
    assert read("pago US$ 50 el viernes", currency="COP").promise[0].currency == "USD"


def test_a_quoted_mail_is_not_the_debtors_word() -> None:
    text = (
        "Pago el viernes\n\nEl lun, 23 nov 2026 a las 9:00, Financiera escribió:\n> Responda BAJA para no recibir más"
    )
    assert read(text).intent is Intent.PROMISE
    assert read("gracias\n> STOP\n> BAJA").stop is None


def test_a_stop_at_the_end_of_a_very_long_text_is_found() -> None:
    assert read("hola " * 5000 + ". no me manden mensajes").stop is StopScope.THIS_CHANNEL


def test_the_language_is_told_from_the_words() -> None:
    texts = {"es": "ya no quiero mensajes", "pt": "não quero mais receber mensagens", "en": "please stop texting"}
    assert {read(text).language for text in texts.values()} == set(texts)
    assert read("500").language is None


@settings(max_examples=300, deadline=None)
@given(text=st.text(), button=st.none() | st.text(), hint=st.none() | st.text(), day=st.dates(date(2026, 1, 1)))
def test_any_text_has_exactly_one_meaning(text: str, button: str | None, hint: str | None, day: date) -> None:
    meaning = understand(text, button=button, opt_out_hint=hint, today=day)
    assert meaning.intent in Intent
    assert (meaning.stop is not None) == (meaning.intent is Intent.OPT_OUT)
    assert 0 <= meaning.confidence <= 1
    assert all(part.date >= day for part in meaning.promise)


WORDS = word_set(
    """
    no me manden el viernes pago 500 y que de la si quiero ya , . ? stop dejen voy a pagar fin mes próximo 31/02 15
    febrero mil mañana vou não amanhã I'll pay next friday 1.050,50 $ R$ abogado equivocado número en 3 días 99 semanas
    """
)


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.sampled_from(sorted(WORDS)), max_size=40), day=st.dates(MONDAY, date(2190, 1, 1)))
def test_any_heap_of_our_own_words_has_a_meaning(words: list[str], day: date) -> None:
    meaning = understand(" ".join(words), today=day, currency="MXN")
    assert meaning.intent in Intent
    assert all(part.date >= day for part in meaning.promise)


@pytest.mark.parametrize("text", ["a", "no ", "el ", "s.t.", "1,", "no me ", "fin de del ", "🛑", "ﷺ", "> a\n", "mil "])
def test_a_hundred_thousand_characters_take_bounded_time(text: str) -> None:
    started = time.perf_counter()
    read(text * (100_000 // len(text)))
    assert time.perf_counter() - started < 5
