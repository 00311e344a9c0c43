"""Amounts and dates against Babel, and free of anything that makes an SMS expensive or unclear."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from schemas.enums import Encoding
from schemas.money import Money
from templates.locale_styles import amount_text, date_style
from templates.parts import measure, transliterate

HOMES = {
    "es-MX": "MXN", "es-CO": "COP", "es-CL": "CLP", "es-PE": "PEN", "es-AR": "ARS", "es-UY": "UYU",
    "es-DO": "DOP", "es-GT": "GTQ", "es-HN": "HNL", "es-NI": "NIO", "es-BO": "BOB", "es-PY": "PYG",
    "es-EC": "USD", "es-SV": "USD", "es-US": "USD", "es-PA": "PAB", "es-VE": "VES", "es-ES": "EUR",
    "pt-BR": "BRL", "pt-PT": "EUR", "en-US": "USD", "en-GB": "GBP", "en-KE": "KES", "en-ZA": "ZAR",
    "fr-FR": "EUR",
}  # fmt: skip
AMOUNTS = st.decimals(min_value=0, max_value=10**10, places=2).filter(lambda d: d % 1 != Decimal("0.5"))
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


def plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("language", "currency"), HOMES.items())
@given(amount=AMOUNTS)
def test_amounts_read_as_babel_writes_them(language: str, currency: str, amount: Decimal) -> None:
    expected = plain_spaces(format_currency(amount, currency, locale=language.replace("-", "_")))
    printed = amount_text(Money(amount, currency), language)
    assert printed in (expected, f"{expected} {currency}")
    assert printed.endswith(currency) == ("$" in expected and not expected.strip("0123456789., ").strip("$"))


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1050.50", "MXN", "es-MX", "$1,050.50 MXN"),
        ("1050.5", "MXN", "es", "$1,050.50 MXN"),
        ("1234567.50", "COP", "es-CO", "$1.234.567,50 COP"),
        ("1234567.50", "CLP", "es-CL", "$1.234.568 CLP"),
        ("1050.50", "PEN", "es-PE", "S/ 1,050.50"),
        ("1050.50", "BRL", "pt", "R$ 1.050,50"),
        ("1050.50", "CRC", "es-CR", "CRC 1 050,50"),
        ("1234567.50", "INR", "en-IN", "INR 12,34,567.50"),
        ("1050.50", "USD", "es-MX", "USD 1,050.50"),
        ("0.005", "MXN", "es-MX", "$0.01 MXN"),
        ("-12.30", "MXN", "es-MX", "-$12.30 MXN"),
        ("999.99", "MXN", "es-ZZ", "$999.99 MXN"),
        ("0", "MXN", "es_mx", "$0.00 MXN"),
        ("5", "MXN", "not a language", "$5.00 MXN"),
    ],
)
def test_amounts_by_example(amount: str, currency: str, language: str, text: str) -> None:
    assert amount_text(Money(Decimal(amount), currency), language) == text


@given(
    amount=AMOUNTS,
    currency=st.sampled_from([*HOMES.values(), "CRC", "INR", "NGN", "JPY", "XXX", "PHP"]),
    language=st.sampled_from([*HOMES, "es", "pt", "en", "en-IN", "es-CR", "es-419", "de-CH"]),
)
def test_no_amount_forces_ucs2(amount: Decimal, currency: str, language: str) -> None:
    assert measure(amount_text(Money(amount, currency), language)).encoding is Encoding.GSM7


@pytest.mark.parametrize("language", [*HOMES, "es", "pt", "en", "de"])
@given(day=DAYS)
def test_long_dates_read_as_babel_writes_them(language: str, day: date) -> None:
    expected = plain_spaces(format_date(day, "long", locale=language.replace("-", "_")))
    assert date_style(language).long(day) == expected


@pytest.mark.parametrize("language", [*HOMES, "es", "pt", "en"])
def test_short_dates_never_leave_day_and_month_to_guess(language: str) -> None:
    style = date_style(language)
    months = [style.short(date(2026, month, 3)) for month in range(1, 13)]
    assert all(any(letter.isalpha() for letter in text) for text in months)
    assert len(set(months)) == 12


def test_weekdays_follow_the_calendar() -> None:
    monday = date(2026, 11, 23)
    names = [date_style("es-MX").weekdays[(monday + timedelta(n)).weekday()] for n in range(7)]
    assert names == ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]


def test_dates_of_portuguese_reach_gsm7() -> None:
    assert transliterate(date_style("pt-BR").long(date(2026, 3, 9))) == "9 de março de 2026".replace("ç", "c")
