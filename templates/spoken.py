"""Amounts and dates as a voice says them; a language without words of its own gets the written form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_name, get_currency_precision

from schemas.money import Money
from templates import tags
from templates.locale_styles import amount_text, cldr_locale, date_style
from templates.number_words import LIMIT, before_noun, english, portuguese, spanish


@dataclass(frozen=True, slots=True)
class CurrencyWords:
    """How a currency and its hundredth part are called."""

    one: str
    many: str
    cent: str
    cents: str
    feminine: bool = False


_PESO = CurrencyWords("peso", "pesos", "centavo", "centavos")
_PESOS = dict.fromkeys(("MXN", "COP", "CLP", "ARS", "DOP", "CUP"), _PESO)

_NAMES: dict[str, dict[str, CurrencyWords]] = {
    "es": {
        **_PESOS,
        "UYU": CurrencyWords("peso", "pesos", "centésimo", "centésimos"),
        "PEN": CurrencyWords("sol", "soles", "céntimo", "céntimos"),
        "USD": CurrencyWords("dólar", "dólares", "centavo", "centavos"),
        "EUR": CurrencyWords("euro", "euros", "céntimo", "céntimos"),
        "BOB": CurrencyWords("boliviano", "bolivianos", "centavo", "centavos"),
        "CRC": CurrencyWords("colón", "colones", "céntimo", "céntimos"),
        "GTQ": CurrencyWords("quetzal", "quetzales", "centavo", "centavos"),
        "HNL": CurrencyWords("lempira", "lempiras", "centavo", "centavos"),
        "NIO": CurrencyWords("córdoba", "córdobas", "centavo", "centavos"),
        "PAB": CurrencyWords("balboa", "balboas", "centésimo", "centésimos"),
        "PYG": CurrencyWords("guaraní", "guaraníes", "céntimo", "céntimos"),
        "VES": CurrencyWords("bolívar", "bolívares", "céntimo", "céntimos"),
        "BRL": CurrencyWords("real", "reales", "centavo", "centavos"),
        "GBP": CurrencyWords("libra", "libras", "penique", "peniques", feminine=True),
    },
    "pt": {
        **_PESOS,
        "BRL": CurrencyWords("real", "reais", "centavo", "centavos"),
        "USD": CurrencyWords("dólar", "dólares", "centavo", "centavos"),
        "EUR": CurrencyWords("euro", "euros", "centavo", "centavos"),
        "AOA": CurrencyWords("kwanza", "kwanzas", "cêntimo", "cêntimos"),
        "MZN": CurrencyWords("metical", "meticais", "centavo", "centavos"),
        "GBP": CurrencyWords("libra", "libras", "centavo", "centavos", feminine=True),
    },
    "en": {
        **_PESOS,
        "USD": CurrencyWords("dollar", "dollars", "cent", "cents"),
        "EUR": CurrencyWords("euro", "euros", "cent", "cents"),
        "GBP": CurrencyWords("pound", "pounds", "penny", "pence"),
        "INR": CurrencyWords("rupee", "rupees", "paisa", "paise"),
        "PHP": CurrencyWords("peso", "pesos", "centavo", "centavos"),
        "KES": CurrencyWords("shilling", "shillings", "cent", "cents"),
        "NGN": CurrencyWords("naira", "naira", "kobo", "kobo"),
        "ZAR": CurrencyWords("rand", "rand", "cent", "cents"),
    },
}
_CENTS = {"es": ("centavo", "centavos"), "pt": ("centavo", "centavos"), "en": ("cent", "cents")}
_JOINT = {"es": "con", "pt": "e", "en": "and"}


def spoken_amount(money: Money, language: str) -> str:
    """`1050.50 MXN` → mil cincuenta pesos con cincuenta centavos; below the limit of words, else as written."""
    spoken_language = tags.base(language)
    units, cents = _split(money)
    if spoken_language not in _NAMES or units >= LIMIT or get_currency_precision(money.currency) not in (0, 2):
        return amount_text(money, language)
    names = _names(money.currency, language)
    said = []
    if units or not cents:
        said.append(_counted(units, names.one, names.many, language=spoken_language, feminine=names.feminine))
    if cents:
        said.append(_counted(cents, names.cent, names.cents, language=spoken_language, feminine=False))
    minus = {"es": "menos ", "pt": "menos ", "en": "minus "}[spoken_language] if money.amount < 0 else ""
    return minus + f" {_JOINT[spoken_language]} ".join(said)


def _split(money: Money) -> tuple[int, int]:
    step = Decimal(1).scaleb(-get_currency_precision(money.currency))
    rounded = abs(money.amount).quantize(step, ROUND_HALF_UP)
    return int(rounded), int(rounded % 1 * 100)


def _names(currency: str, language: str) -> CurrencyWords:
    spoken_language = tags.base(language)
    known = _NAMES[spoken_language].get(currency)
    if known is not None:
        return known
    locale = cldr_locale(language, currency)
    one, many = (get_currency_name(currency, count=count, locale=locale) for count in (1, 2))
    return CurrencyWords(one, many, *_CENTS[spoken_language])


def _counted(number: int, one: str, many: str, *, language: str, feminine: bool) -> str:
    noun = one if number == 1 else many
    if language == "es":
        words = spanish(number, feminine=feminine)
        words = words if feminine else before_noun(words)
    elif language == "pt":
        words = portuguese(number, feminine=feminine)
    else:
        return f"{english(number)} {noun}"
    of = " de" if number and number % 10**6 == 0 else ""
    return f"{words}{of} {noun}"


def spoken_number(number: int, language: str) -> str:
    """A whole number in words: 5 → cinco; digits where the language has no words here."""
    words: dict[str, Callable[[int], str]] = {"es": spanish, "pt": portuguese, "en": english}
    in_words = words.get(tags.base(language))
    return in_words(number) if in_words is not None and abs(number) < LIMIT else str(number)


def spoken_date(day: date, language: str) -> str:
    """A date in words: tres de noviembre de dos mil veintiséis."""
    spoken_language = tags.base(language)
    style = date_style(language)
    if spoken_language == "es":
        return f"{_first_day(day, spanish, 'primero')} de {style.month(day)} de {spanish(day.year)}"
    if spoken_language == "pt":
        return f"{_first_day(day, portuguese, 'primeiro')} de {style.month(day)} de {portuguese(day.year)}"
    if spoken_language == "en":
        return f"{style.month(day)} {_english_ordinal(day.day)}, {_english_year(day.year)}"
    return style.long(day)


def _first_day(day: date, words: Callable[[int], str], first: str) -> str:
    return first if day.day == 1 else words(day.day)


_ORDINALS = {
    1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth", 20: "twentieth",
    30: "thirtieth",
}  # fmt: skip


def _english_ordinal(number: int) -> str:
    if number in _ORDINALS:
        return _ORDINALS[number]
    tens, unit = divmod(number, 10)
    return f"{english(tens * 10)}-{_english_ordinal(unit)}" if number > 20 else f"{english(number)}th"


def _english_year(year: int) -> str:
    century, rest = divmod(year, 100)
    if (century % 10 == 0 and rest < 10) or not 1000 < year < 10_000:
        return english(year)
    if rest == 0:
        return f"{english(century)} hundred"
    return f"{english(century)} {'oh ' if rest < 10 else ''}{english(rest)}"
