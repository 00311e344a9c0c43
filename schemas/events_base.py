"""What all inbound events share: the frozen model, its field types, and parsing with the place of a fault."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from schemas import rfc3339
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.envelope import CloudEvent
from schemas.money import Money

PREFIX = "io.puntual."
_OCCURRED = "$time"
_AMOUNT = r"[0-9]{1,19}(\.[0-9]{1,8})?"
_UNSIGNED = re.compile(_AMOUNT)
_SIGNED = re.compile("-?" + _AMOUNT)
_CURRENCY = re.compile("[A-Z]{3}")
_NOT_PRINTABLE = r"\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff"
REF_PATTERN = rf"^[^\s{_NOT_PRINTABLE}][^{_NOT_PRINTABLE}]{{0,127}}$"
_REF = re.compile(REF_PATTERN)


def _money(value: Any, pattern: re.Pattern[str]) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, dict):
        raise ValueError('must be an object like {"amount": "1050.50", "currency": "MXN"}')
    amount, currency = value.get("amount"), value.get("currency")
    if not isinstance(amount, str):
        raise ValueError('amount must be a decimal in a string, like "1050.50": a JSON number loses cents')
    if not pattern.fullmatch(amount):
        raise ValueError(
            'amount must be a decimal like "1050.50": up to 19 digits, a point, up to 8 more'
            + ("" if pattern is _SIGNED else ", not negative")
        )
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise ValueError('currency must be an ISO 4217 code, like "MXN"')
    return Money(Decimal(amount), currency)


def _day_or_instant(value: Any) -> date | datetime:
    if isinstance(value, datetime) or (isinstance(value, str) and len(value) > 10):
        return rfc3339.instant(value)
    return rfc3339.calendar_date(value)


def _plain_amount(value: Any) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise ValueError("must be a Decimal that is not negative")
    return value


def _money_schema(pattern: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "string", "pattern": f"^{pattern}$"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
    }


def money_json(money: Money) -> dict[str, str]:
    """Money as events write it: a plain decimal string, never an exponent."""
    return {"amount": format(money.amount, "f"), "currency": money.currency}


_MONEY_OUT = PlainSerializer(money_json, return_type=dict[str, str])

Amount = Annotated[
    Money,
    PlainValidator(lambda value: _money(value, _UNSIGNED)),
    _MONEY_OUT,
    WithJsonSchema(_money_schema(_AMOUNT)),
]
PlainAmount = Annotated[
    Decimal,
    PlainValidator(_plain_amount),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_AMOUNT}$"}),
]
SignedAmount = Annotated[
    Money,
    PlainValidator(lambda value: _money(value, _SIGNED)),
    _MONEY_OUT,
    WithJsonSchema(_money_schema("-?" + _AMOUNT)),
]
Day = Annotated[
    date,
    PlainValidator(rfc3339.calendar_date),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
DayOrInstant = Annotated[
    date | datetime,
    PlainValidator(_day_or_instant),
    PlainSerializer(
        lambda value: rfc3339.text(value) if isinstance(value, datetime) else value.isoformat(),
        return_type=str,
    ),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
Instant = Annotated[
    datetime,
    PlainValidator(rfc3339.instant),
    PlainSerializer(rfc3339.text, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Clock = Annotated[
    time,
    PlainValidator(rfc3339.clock),
    PlainSerializer(lambda at: format(at, "%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
Ref = Annotated[
    str,
    Field(strict=True, pattern=REF_PATTERN),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 128, "description": "Printable."}),
]
Word = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]


class Shape(BaseModel):
    """A part of an event: immutable, camelCase outside, snake_case inside, unknown members ignored."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="ignore",
        hide_input_in_errors=True,
    )


class InboundEvent(Shape):
    """A fact that another system told us; `occurred_at` is the event's own time, None where it gave none."""

    event_type: ClassVar[str]
    key_is_debtor: ClassVar[bool] = False

    occurred_at: datetime | None = Field(default=None, validation_alias=_OCCURRED)
    debtor_ref: Ref | None = None
    loan_ref: Ref | None = None


def parse_as(model: type[InboundEvent], event: CloudEvent) -> InboundEvent:
    """The event's data as this model; raises BadRecord(invalid_event) that names the field and the rule."""
    if not isinstance(event.data, dict):
        raise BadRecord(DeadLetterReason.INVALID_EVENT, "data must be a JSON object")
    data = {**event.data, _OCCURRED: event.time}
    if model.key_is_debtor and data.get("debtorRef") is None:
        data["debtorRef"] = _debtor_of_key(event)
    try:
        fact: InboundEvent = model.__pydantic_validator__.validate_python(data, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise BadRecord(DeadLetterReason.INVALID_EVENT, _explain(details)) from None
    return fact


def is_ref(text: str) -> bool:
    """Whether a text may be a reference: 1 to 128 printable characters."""
    return _REF.fullmatch(text) is not None


def _debtor_of_key(event: CloudEvent) -> str | None:
    """These topics are keyed by debtor, so the key names a debtor that the data leaves out."""
    if event.extensions.get("partitionkey"):
        return event.extensions["partitionkey"]
    try:
        return event.key.decode("utf-8") if event.key else None
    except UnicodeDecodeError:
        return None


def _explain(details: list[ErrorDetails]) -> str:
    shown = "; ".join(f"{_place(fault['loc'])}: {_rule(fault)}" for fault in details[:3])
    return shown if len(details) <= 3 else f"{shown}; and {len(details) - 3} more"


def _place(location: tuple[int | str, ...]) -> str:
    return "data" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)


def _rule(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "is required"
    if fault["type"] == "string_pattern_mismatch" and REF_PATTERN in fault["msg"]:
        return "must be 1 to 128 printable characters, not starting with a space"
    return fault["msg"].removeprefix("Value error, ").replace("Input should", "should", 1)
