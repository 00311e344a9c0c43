"""JSON Pointers (RFC 6901) and the conversions that a mapping may ask for; all raise ValueError."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from schemas import rfc3339

Pointer = Callable[[Any], Any]
_MILLISECONDS = 10**11
_EXACT_DIGITS = 15


class _Absent:
    """Nothing is there; other than null, which is something."""


ABSENT: Final = _Absent()


def pointer(text: Any) -> Pointer:
    """A reader of one place in a document; it answers ABSENT where there is nothing."""
    if not isinstance(text, str) or not text.startswith("/"):
        raise ValueError('must be a JSON Pointer, like "/loan/id"')
    parts = [part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/")]

    def read(document: Any) -> Any:
        for part in parts:
            document = _step(document, part)
        return document

    return read


def _step(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part, ABSENT)
    if isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return ABSENT


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("not a text or a whole number")
    return str(value)


def _decimal(value: Any) -> str:
    """A number or a numeric text as a plain decimal; what JSON wrote is kept, as a float's shortest form."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("not a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError("not a usable number")
    if isinstance(value, float) and len(number.as_tuple().digits) > _EXACT_DIGITS:
        raise ValueError("a JSON number with too many digits to be exact")
    return format(number, "f")


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > 20:
        raise ValueError("not a whole number")
    return int(value)


def _number(value: Any) -> float:
    return float(_decimal(value))


def _boolean(value: Any) -> bool:
    words = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise ValueError("not yes or no")
    return found


def _date(value: Any) -> str:
    """The date of a date or of a time as it is written, without moving it to another zone."""
    return rfc3339.calendar_date(_text(value)[:10]).isoformat()


def _instant(value: Any) -> datetime:
    """RFC 3339 text, or seconds or milliseconds since 1970."""
    if isinstance(value, str) and not value.isdigit():
        return rfc3339.instant(value)
    seconds = _integer(value)
    return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds, UTC)


def _instant_text(value: Any) -> str:
    return rfc3339.text(_instant(value))


CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "same": lambda value: value,
    "text": _text,
    "decimal": _decimal,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "instant": _instant_text,
}
