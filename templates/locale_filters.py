"""Filters that templates may use: other forms of amounts, dates and numbers, and a few safe ones of Jinja."""

from collections.abc import Callable
from typing import Any

from jinja2.filters import FILTERS
from jinja2.runtime import Undefined

from schemas.told import Told, told
from templates.locale_styles import amount_style, amount_text, date_style
from templates.printed import Amount, Count, Day, Missing
from templates.problems import Unprintable
from templates.spoken import spoken_amount, spoken_date, spoken_number

_KEPT = (
    "abs", "capitalize", "count", "e", "escape", "first", "join", "last", "length", "list", "lower", "reverse",
    "sort", "string", "title", "trim", "truncate", "unique", "upper", "urlencode",
)  # fmt: skip
_REPLACE_LIMIT = 10_000


class FilterProblem(Unprintable):
    """A filter was given a value it has no form for."""


def _amount(value: object, filter_name: str) -> Amount:
    if isinstance(value, Amount):
        return value
    raise FilterProblem(_wrong(value, filter_name, told("an amount", "un monto")))


def _day(value: object, filter_name: str) -> Day:
    if isinstance(value, Day):
        return value
    raise FilterProblem(_wrong(value, filter_name, told("a date", "una fecha")))


def _wrong(value: object, filter_name: str, wanted: Told) -> Told:
    if isinstance(value, Missing):
        return Told(str(value))
    if isinstance(value, Undefined):
        english = "the filter {name!r} is used on an unknown name"
        return told(english, "el filtro {name!r} se usa sobre un nombre desconocido", name=filter_name)
    return told(
        "the filter {name!r} needs {wanted}", "el filtro {name!r} necesita {wanted}", name=filter_name, wanted=wanted
    )


def amount(value: object) -> str:
    """As an SMS prints it, on any channel: `$1,050.50 MXN`."""
    this = _amount(value, "amount")
    return amount_text(this.money, this.language)


def amount_plain(value: object) -> str:
    """The number alone: `1,050.50`."""
    this = _amount(value, "amount_plain")
    return amount_style(this.language, this.money.currency).number(this.money.amount)


def amount_short(value: object) -> str:
    """Without decimals where they are zero: `$1,050 MXN`."""
    this = _amount(value, "amount_short")
    style = amount_style(this.language, this.money.currency)
    number = style.number(abs(this.money.amount))
    if style.digits and set(number[-style.digits :]) == {"0"}:
        number = number[: -style.digits - 1]
    return f"{'-' if this.money.amount < 0 else ''}{style.before}{number}{style.after}"


def amount_code(value: object) -> str:
    """The number and the ISO code: `1,050.50 MXN`."""
    return f"{amount_plain(value)} {currency(value)}"


def currency(value: object) -> str:
    """The ISO code alone: `MXN`."""
    return _amount(value, "currency").money.currency


def date_long(value: object) -> str:
    """`3 de noviembre de 2026`, on any channel."""
    this = _day(value, "date_long")
    return date_style(this.language).long(this.value)


def date_short(value: object) -> str:
    """`3 nov 2026`: the month is always named."""
    this = _day(value, "date_short")
    return date_style(this.language).short(this.value)


def date_day(value: object) -> str:
    """`3 de noviembre`, without the year."""
    this = _day(value, "date_day")
    return date_style(this.language).day_month(this.value)


def date_iso(value: object) -> str:
    """`2026-11-03`."""
    return _day(value, "date_iso").value.isoformat()


def weekday(value: object) -> str:
    """`martes`."""
    this = _day(value, "weekday")
    return date_style(this.language).weekdays[this.value.weekday()]


def words(value: object) -> str:
    """In words: `mil cincuenta pesos con cincuenta centavos`, `tres de noviembre de …`, `cinco`."""
    if isinstance(value, Amount):
        return spoken_amount(value.money, value.language)
    if isinstance(value, Day):
        return spoken_date(value.value, value.language)
    if isinstance(value, Count):
        return spoken_number(value, value.language)
    wanted = told("an amount, a date or a number of the message", "un monto, una fecha o un número del mensaje")
    raise FilterProblem(_wrong(value, "words", wanted))


def digits(value: object) -> str:
    """Letters and digits apart, so that a voice spells a telephone or a reference: `0 1 2 3`."""
    text = _refuse(value, "digits") if isinstance(value, Missing) else str(value)
    return " ".join(character for character in text if character.isalnum())


def sentence(value: object) -> str:
    """The text with one full stop at its end, whether it brought one or not."""
    text = str(value).rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def default(value: object, other: object = "", boolean: bool = False) -> object:
    """`other` where the value is absent or blank (with `true` as second argument: where it is false)."""
    absent = isinstance(value, Undefined | Missing) or value is None or value == ""
    return other if absent or (boolean and not value) else value


def replace(value: object, old: str, new: str) -> str:
    """Text with `old` replaced, up to a length that no message has."""
    text = str(value).replace(old, new) if old and not isinstance(value, Missing) else _refuse(value, "replace")
    if len(text) > _REPLACE_LIMIT:
        english = "the filter 'replace' makes a text of more than 10,000 characters"
        raise FilterProblem(told(english, "el filtro 'replace' hace un texto de más de 10,000 caracteres"))
    return text


def _refuse(value: object, filter_name: str) -> str:
    raise FilterProblem(_wrong(value, filter_name, told("a text", "un texto")))


def _guarded(name: str) -> Callable[..., Any]:
    """A filter of Jinja that refuses an absent value instead of printing its representation."""
    plain: Callable[..., Any] = FILTERS[name]
    if hasattr(plain, "jinja_pass_arg"):

        def with_first(first: Any, value: object, *args: Any, **kwargs: Any) -> Any:
            return plain(first, _refuse(value, name) if isinstance(value, Missing) else value, *args, **kwargs)

        with_first.jinja_pass_arg = plain.jinja_pass_arg  # type: ignore[attr-defined]
        return with_first

    def guarded(value: object, *args: Any, **kwargs: Any) -> Any:
        return plain(_refuse(value, name) if isinstance(value, Missing) else value, *args, **kwargs)

    return guarded


OWN_FILTERS: dict[str, Callable[..., Any]] = {
    "amount": amount, "amount_plain": amount_plain, "amount_short": amount_short, "amount_code": amount_code,
    "currency": currency, "date_long": date_long, "date_short": date_short, "date_day": date_day,
    "date_iso": date_iso, "weekday": weekday, "words": words, "digits": digits, "sentence": sentence,
    "default": default, "d": default, "replace": replace,
}  # fmt: skip

FILTERS_FOR_TEMPLATES: dict[str, Callable[..., Any]] = {name: _guarded(name) for name in _KEPT} | OWN_FILTERS
