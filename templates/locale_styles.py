"""How amounts and dates are written in a locale: read from CLDR once, then printed by plain string work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names
from babel.dates import parse_pattern as parse_date_pattern
from babel.numbers import get_currency_precision, get_currency_symbol, get_decimal_symbol, get_group_symbol

from schemas.money import Money
from templates import tags
from templates.parts import transliterate

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " "})


@dataclass(frozen=True, slots=True)
class AmountStyle:
    """The marks around and inside an amount of one currency in one locale."""

    before: str
    after: str
    separators: dict[int, str]
    indian_groups: bool
    step: Decimal
    digits: int

    def number(self, amount: Decimal) -> str:
        """The amount without its currency, rounded half up to the currency's smallest unit."""
        rounded = amount.quantize(self.step, ROUND_HALF_UP)
        text = f"{rounded:,.{self.digits}f}"
        if self.indian_groups:
            text = _in_indian_groups(text)
        return text.translate(self.separators)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """Month and day names of a locale, and writers for its long, short and yearless dates."""

    long: Callable[[date], str]
    short: Callable[[date], str]
    day_month: Callable[[date], str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def month(self, day: date) -> str:
        """The month's name inside a date."""
        return self.months[day.month - 1]


def _in_indian_groups(text: str) -> str:
    """`1,234,567.50` → `12,34,567.50`."""
    whole, point, fraction = text.replace(",", "").partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.removeprefix("-")
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    return sign + ",".join([*groups, tail]) + point + fraction


def amount_text(money: Money, language: str) -> str:
    """The amount as read by people: `$1,050.50 MXN` for es-MX; plain spaces only, no sign that forces UCS-2."""
    style = amount_style(language, money.currency)
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{style.before}{style.number(abs(money.amount))}{style.after}"


@lru_cache(maxsize=1024)
def amount_style(language: str, currency: str) -> AmountStyle:
    """The style of a currency for a language tag; without a region the currency's own country is taken."""
    locale = cldr_locale(language, currency)
    before, after = _around(locale, currency)
    separators = {
        ord(","): transliterate(get_group_symbol(locale)),
        ord("."): transliterate(get_decimal_symbol(locale)),
    }
    digits = get_currency_precision(currency)
    return AmountStyle(
        before=before,
        after=after,
        separators=separators,
        indian_groups=locale.currency_formats["standard"].grouping == (3, 2),
        step=Decimal(1).scaleb(-digits),
        digits=digits,
    )


def _around(locale: Locale, currency: str) -> tuple[str, str]:
    """What stands before and after the number; the ISO code follows a bare `$`, which four countries share."""
    pattern = locale.currency_formats["standard"]
    prefix, suffix = pattern.prefix[0].translate(_SPACES), pattern.suffix[0].translate(_SPACES)
    symbol = transliterate(get_currency_symbol(currency, locale).translate(_SPACES))
    if symbol == currency or (not transliterate(symbol).isascii() and symbol not in "£€¥"):
        symbol = currency
        prefix = prefix.replace("¤", "¤ ") if prefix.endswith("¤") else prefix
    code = f" {currency}" if symbol == "$" else ""
    return prefix.replace("¤", symbol), suffix.replace("¤", symbol) + code


@lru_cache(maxsize=1024)
def cldr_locale(language: str, currency: str = "") -> Locale:
    """The nearest locale CLDR knows; the first two letters of a currency code are its country's."""
    tag = tags.canonical(language) or "es"
    home = f"{tags.base(tag)}-{currency[:2]}"
    candidates = [tag, home, tags.base(tag)] if "-" in tag else [home, tag]
    for candidate in candidates:
        try:
            return Locale.parse(candidate, sep="-", resolve_likely_subtags=False)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=256)
def date_style(language: str) -> DateStyle:
    """The style of dates for a language tag; its short form names the month, so day and month never mix."""
    locale = cldr_locale(language)
    long = locale.date_formats["long"].pattern
    short = locale.date_formats["medium"].pattern
    if "MMM" not in short:
        short = cldr_locale(locale.language).date_formats["medium"].pattern
    if "MMM" not in short:
        short = "d MMM y"
    days, months = get_day_names("wide", locale=locale), get_month_names("wide", locale=locale)
    return DateStyle(
        long=_date_writer(long, locale),
        short=_date_writer(short, locale),
        day_month=_date_writer(locale.datetime_skeletons["MMMMd"].pattern, locale),
        weekdays=tuple(days[day] for day in range(7)),
        months=tuple(months[month] for month in range(1, 13)),
    )


def _date_writer(pattern: str, locale: Locale) -> Callable[[date], str]:
    """A writer of dates in a CLDR pattern made of d, dd, MMM, MMMM, LLLL, y and literal text."""
    template = str(parse_date_pattern(pattern).format).translate(_SPACES)
    wide = get_month_names("wide", locale=locale)
    short = get_month_names("abbreviated", locale=locale)

    def write(day: date) -> str:
        return template % {
            "d": day.day, "dd": f"{day.day:02}", "MMM": short[day.month], "MMMM": wide[day.month],
            "LLLL": wide[day.month], "M": day.month, "MM": f"{day.month:02}", "y": day.year,
        }  # fmt: skip

    return write
