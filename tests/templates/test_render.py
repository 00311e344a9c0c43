"""What rendering gives, by channel, language and filter."""

from dataclasses import replace

import pytest

from schemas.enums import Channel, Encoding
from tests.templates.texts import CONTEXT, in_language, rendered


def test_an_amount_in_an_sms_prints_ready_in_gsm7() -> None:
    message = rendered("Pague {{ installment.amount }} el {{ installment.due_date }}")
    assert message.text == "Pague $1,050.50 MXN el 24 de noviembre de 2026"
    assert (message.encoding, message.parts, message.channel) == (Encoding.GSM7, 1, Channel.SMS)


@pytest.mark.parametrize(
    ("debtor", "template", "printed", "language"),
    [
        ("es-MX", "es", "$1,050.50 MXN 24 de noviembre de 2026", "es-MX"),
        ("es", "es-MX", "$1,050.50 MXN 24 de noviembre de 2026", "es-MX"),
        ("es-ES", "es", "1.050,50 MXN 24 de noviembre de 2026", "es-ES"),
        ("pt-BR", "es", "$1,050.50 MXN 24 de noviembre de 2026", "es"),
        ("pt-BR", "pt", "MX$ 1.050,50 24 de novembro de 2026", "pt-BR"),
        ("en-US", "en", "MX$1,050.50 November 24, 2026", "en-US"),
        ("", "es", "$1,050.50 MXN 24 de noviembre de 2026", "es"),
    ],
)
def test_the_debtors_variant_of_the_templates_language_rules(
    debtor: str, template: str, printed: str, language: str
) -> None:
    message = rendered("{{ installment.amount }} {{ installment.due_date }}", in_language(debtor), language=template)
    assert (message.text, message.language) == (printed, language)


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("installment.amount|amount", "$1,050.50 MXN"),
        ("installment.amount|amount_plain", "1,050.50"),
        ("installment.amount|amount_short", "$1,050.50 MXN"),
        ("loan.total_outstanding|amount_short", "$9,800 MXN"),
        ("installment.amount|amount_code", "1,050.50 MXN"),
        ("installment.amount|currency", "MXN"),
        ("installment.amount|words", "mil cincuenta pesos con cincuenta centavos"),
        ("installment.due_date|date_short", "24 nov 2026"),
        ("installment.due_date|date_long", "24 de noviembre de 2026"),
        ("installment.due_date|date_day", "24 de noviembre"),
        ("installment.due_date|date_iso", "2026-11-24"),
        ("installment.due_date|weekday", "martes"),
        ("installment.due_date|words", "veinticuatro de noviembre de dos mil veintiséis"),
        ("loan.days_past_due|words", "cinco"),
        ("creditor.phone|digits", "5 2 5 5 5 0 0 0 0 0 0 0"),
        ("debtor.first_name|upper", "MARIA FERNANDA"),
        ("debtor.name.upper()", "MARIA FERNANDA HERNANDEZ RUIZ"),
        ("debtor.name|replace('Ruiz', 'R.')", "Maria Fernanda Hernandez R."),
        ("debtor['name']|truncate(8, true, '.')", "Maria F."),
        ("payment.references", "SPEI 012345678901234567, OXXO 9300 1234 5678"),
        ("payment.references|length", "2"),
        ("'si' if installment.amount > 1000 else 'no'", "si"),
        ("'si' if installment.amount <= loan.total_outstanding else 'no'", "si"),
        ("'si' if installment.amount == loan.overdue_amount else 'no'", "si"),
        ("installment.days_to_due + 1", "4"),
        ("creditor.name ~ '!'", "Financiera Demo, S.A. de C.V., SOFOM, E.N.R.!"),
        ("nada|default('algo') if false else 'x'", "x"),
    ],
)
def test_filters_and_expressions(expression: str, printed: str) -> None:
    text = "{% set nada = '' %}{{ " + expression + " }}"
    assert rendered(text).text == printed


def test_references_are_a_list_of_scheme_and_value() -> None:
    by_name = "{% for r in payment.references %}{{ r.scheme }}={{ r.value }};{% endfor %}"
    by_pair = "{% for scheme, value in payment.references %}{{ scheme }}={{ value }};{% endfor %}"
    expected = "SPEI=012345678901234567;OXXO=9300 1234 5678;"
    assert rendered(by_name).text == rendered(by_pair).text == expected


def test_emoji_in_a_name_counts_as_ucs2() -> None:
    message = rendered("Hola {{ debtor.name }}", replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="Sol 🌞")))
    assert (message.encoding, message.text) == (Encoding.UCS2, "Hola Sol 🌞")


def test_transliteration_can_be_turned_off() -> None:
    assert rendered("---\ntransliterate: false\n---\nMás").text == "Más"


def test_line_ends_are_kept_where_a_line_has_text_and_dropped_where_it_has_only_tags() -> None:
    text = "uno{% if loan %} y dos{% endif %}\n{% if loan %}\ntres\n{% endif %}\ncuatro  cinco \n\n\n\nseis"
    assert rendered(text).text == "uno y dos\ntres\ncuatro cinco\n\nseis"


def test_a_macro_ends_where_its_text_ends() -> None:
    assert rendered("{% from '_m.j2' import salida %}\n[{{ salida() }}]").text.startswith("[Responda BAJA")
    assert rendered("{% from '_m.j2' import salida %}\n({{ salida() }})").text.endswith("mensajes)")


def test_a_whatsapp_body_gives_numbered_variables() -> None:
    macro = "{% from '_m.j2' import salida %}{{ salida() }}"
    text = "Hola {{ debtor.first_name }}, {{ installment.amount }}; {{ debtor.first_name }} " + macro
    message = rendered(text + ".", channel=Channel.WHATSAPP)
    assert message.content_id == "HX1"
    assert message.content_variables == {
        "1": "María Fernanda",
        "2": "$1,050.50 MXN",
        "3": "Responda BAJA para no recibir más mensajes",
    }
    assert message.text == (
        "Hola María Fernanda, $1,050.50 MXN; María Fernanda Responda BAJA para no recibir más mensajes."
    )


def test_a_call_script_says_amounts_and_dates_in_words() -> None:
    text = "---\nvoice: Polly.Mia-Neural\n---\nPague {{ installment.amount }}\nel {{ installment.due_date }}."
    message = rendered(text, channel=Channel.VOICE)
    amount, day = "mil cincuenta pesos con cincuenta centavos", "veinticuatro de noviembre de dos mil veintiséis"
    assert message.text == f"Pague {amount} el {day}."
    assert message.voice == "Polly.Mia-Neural"
