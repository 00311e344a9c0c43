"""Numbers, amounts and dates in words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.money import Money
from templates.number_words import english, portuguese, spanish
from templates.spoken import spoken_amount, spoken_date, spoken_number


@pytest.mark.parametrize(
    ("number", "in_spanish", "in_portuguese", "in_english"),
    [
        (0, "cero", "zero", "zero"),
        (1, "uno", "um", "one"),
        (16, "dieciséis", "dezesseis", "sixteen"),
        (21, "veintiuno", "vinte e um", "twenty-one"),
        (31, "treinta y uno", "trinta e um", "thirty-one"),
        (100, "cien", "cem", "one hundred"),
        (101, "ciento uno", "cento e um", "one hundred and one"),
        (500, "quinientos", "quinhentos", "five hundred"),
        (999, "novecientos noventa y nueve", "novecentos e noventa e nove", "nine hundred and ninety-nine"),
        (1000, "mil", "mil", "one thousand"),
        (1050, "mil cincuenta", "mil e cinquenta", "one thousand and fifty"),
        (1250, "mil doscientos cincuenta", "mil duzentos e cinquenta", "one thousand two hundred and fifty"),
        (1300, "mil trescientos", "mil e trezentos", "one thousand three hundred"),
        (21000, "veintiún mil", "vinte e um mil", "twenty-one thousand"),
        (101000, "ciento un mil", "cento e um mil", "one hundred and one thousand"),
        (1000000, "un millón", "um milhão", "one million"),
        (31000000, "treinta y un millones", "trinta e um milhões", "thirty-one million"),
        (2000001, "dos millones uno", "dois milhões e um", "two million and one"),
        (10**9, "mil millones", "um bilhão", "one billion"),
        (-5, "menos cinco", "menos cinco", "minus five"),
    ],
)
def test_numbers_in_words(number: int, in_spanish: str, in_portuguese: str, in_english: str) -> None:
    assert spanish(number) == in_spanish
    assert portuguese(number) == in_portuguese
    assert english(number) == in_english


@given(
    st.integers(min_value=0, max_value=10**12 - 1),
    st.integers(min_value=0, max_value=10**12 - 1),
)
def test_different_numbers_never_sound_the_same(one: int, other: int) -> None:
    for words in (spanish, portuguese, english):
        assert (words(one) == words(other)) == (one == other)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        ("1050.50", "MXN", "es-MX", "mil cincuenta pesos con cincuenta centavos"),
        ("1", "MXN", "es-MX", "un peso"),
        ("21.01", "MXN", "es-MX", "veintiún pesos con un centavo"),
        ("0.50", "MXN", "es-MX", "cincuenta centavos"),
        ("0", "MXN", "es-MX", "cero pesos"),
        ("2000000", "COP", "es-CO", "dos millones de pesos"),
        ("2000001", "COP", "es-CO", "dos millones un pesos"),
        ("201", "GBP", "es-ES", "doscientas una libras"),
        ("1050.50", "PEN", "es-PE", "mil cincuenta soles con cincuenta céntimos"),
        ("1050.50", "CLP", "es-CL", "mil cincuenta y un pesos"),
        ("1050.50", "BRL", "pt-BR", "mil e cinquenta reais e cinquenta centavos"),
        ("1000000", "BRL", "pt-BR", "um milhão de reais"),
        ("2", "GBP", "pt-PT", "duas libras"),
        ("1050.50", "USD", "en-US", "one thousand and fifty dollars and fifty cents"),
        ("1", "EUR", "en", "one euro"),
        ("3", "ZAR", "es", "tres rands sudafricanos"),
        ("-2", "MXN", "es", "menos dos pesos"),
        ("1000000000000", "MXN", "es-MX", "$1,000,000,000,000.00 MXN"),
        ("1050.50", "EUR", "fr-FR", "1 050,50 €"),
    ],
)
def test_amounts_in_words(amount: str, currency: str, language: str, said: str) -> None:
    assert spoken_amount(Money(Decimal(amount), currency), language) == said


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        (date(2026, 11, 3), "es-MX", "tres de noviembre de dos mil veintiséis"),
        (date(2026, 12, 1), "es-MX", "primero de diciembre de dos mil veintiséis"),
        (date(2026, 11, 3), "pt-BR", "três de novembro de dois mil e vinte e seis"),
        (date(2026, 11, 1), "pt-BR", "primeiro de novembro de dois mil e vinte e seis"),
        (date(2026, 11, 3), "en-US", "November third, twenty twenty-six"),
        (date(2009, 10, 31), "en-US", "October thirty-first, two thousand and nine"),
        (date(1905, 5, 20), "en", "May twentieth, nineteen oh five"),
        (date(2026, 11, 12), "en", "November twelfth, twenty twenty-six"),
        (date(2026, 11, 22), "en", "November twenty-second, twenty twenty-six"),
        (date(2100, 11, 4), "en", "November fourth, twenty-one hundred"),
        (date(2026, 11, 3), "fr-FR", "3 novembre 2026"),
    ],
)
def test_dates_in_words(day: date, language: str, said: str) -> None:
    assert spoken_date(day, language) == said


def test_numbers_of_other_languages_stay_digits() -> None:
    assert spoken_number(5, "fr") == "5"
    assert spoken_number(5, "es-MX") == "cinco"
