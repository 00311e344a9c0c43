"""What a template sees of a context: sections that hand out values which print ready for language and channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from schemas.enums import Channel
from schemas.money import Money
from schemas.told import Told, told
from templates.context import PaymentReference, TemplateContext
from templates.locale_styles import amount_text, date_style
from templates.names import ROOTS
from templates.problems import Unprintable
from templates.spoken import spoken_amount, spoken_date


class Amount:
    """An amount that prints for its language and channel, and compares with numbers by its value."""

    __slots__ = ("channel", "language", "money")

    def __init__(self, money: Money, language: str, channel: Channel) -> None:
        self.money = money
        self.language = language
        self.channel = channel

    def __str__(self) -> str:
        if self.channel is Channel.VOICE:
            return spoken_amount(self.money, self.language)
        return amount_text(self.money, self.language)

    def __eq__(self, other: object) -> bool:
        return self.money == other.money if isinstance(other, Amount) else self.money.amount == other

    def __hash__(self) -> int:
        return hash(self.money)

    def __bool__(self) -> bool:
        return bool(self.money.amount)

    def __lt__(self, other: object) -> bool:
        return self.money.amount < _value(other)

    def __le__(self, other: object) -> bool:
        return self.money.amount <= _value(other)

    def __gt__(self, other: object) -> bool:
        return self.money.amount > _value(other)

    def __ge__(self, other: object) -> bool:
        return self.money.amount >= _value(other)


def _value(other: object) -> Decimal:
    if isinstance(other, Amount):
        return other.money.amount
    if isinstance(other, int | float):
        return Decimal(str(other))
    raise TypeError("an amount compares only with amounts and numbers")


class Day:
    """A date that prints long, with its month named, or in words for a voice."""

    __slots__ = ("channel", "language", "value")

    def __init__(self, value: date, language: str, channel: Channel) -> None:
        self.value = value
        self.language = language
        self.channel = channel

    def __str__(self) -> str:
        if self.channel is Channel.VOICE:
            return spoken_date(self.value, self.language)
        return date_style(self.language).long(self.value)


class Count(int):
    """A whole number that knows the language it is read in."""

    language: str

    @classmethod
    def of(cls, value: int, language: str) -> "Count":
        """The number for readers of `language`."""
        count = cls(value)
        count.language = language
        return count


class References(tuple[PaymentReference, ...]):
    """Payment references: to loop over, or printed as `SPEI 0123, OXXO 4567`."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(f"{scheme} {value}" for scheme, value in self)


class BlankValue(Unprintable):
    """A template prints something that has no text."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A value this message does not have: false in a condition, a fault wherever it becomes text."""

    name: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        english = "{name} has no value for this message; guard it with {{% if {name} %}} or |default"
        spanish = "{name} no tiene valor en este mensaje; protéjalo con {{% if {name} %}} o |default"
        raise BlankValue(told(english, spanish, name=self.name))


class Shown:
    """Whose values sections hand out now, how these print, and those prepared so far by their full names."""

    __slots__ = ("channel", "context", "language", "values")

    def __init__(self) -> None:
        self.context: TemplateContext | None = None
        self.language = ""
        self.channel = Channel.SMS
        self.values: dict[str, object] = {}

    def show(self, context: TemplateContext, language: str, channel: Channel) -> None:
        """What to hand out from now on."""
        self.context = context
        self.language = language
        self.channel = channel

    def hide(self) -> None:
        """Forget whose values were shown."""
        self.context = None
        self.values.clear()


class Section:
    """One part of the context that is shown now (`debtor`, `loan`, …); values are prepared when a template asks."""

    __slots__ = ("_missing", "_names", "_shown", "root")

    def __init__(self, root: str, shown: Shown) -> None:
        self.root = root
        self._shown = shown
        self._names = {field: f"{root}.{field}" for field in ROOTS[root]}
        self._missing = {name: Missing(name) for name in self._names.values()}

    def __bool__(self) -> bool:
        return self._source() is not None

    def __str__(self) -> str:
        english, spanish = (
            joint.join(f"{self.root}.{field}" for field in ROOTS[self.root]) for joint in (" or ", " o ")
        )
        fields = Told(english, spanish)
        english, spanish = (
            "{root} is a group of values; print {fields}",
            "{root} es un grupo de valores; imprima {fields}",
        )
        raise BlankValue(told(english, spanish, root=self.root, fields=fields))

    def read(self, field: str) -> object | None:
        """The value ready to print; `Missing` for what has none, is blank or empty; None for a field it lacks."""
        name = self._names.get(field)
        if name is None:
            return None
        values = self._shown.values
        value = values.get(name)
        if value is None:
            value = self._prepared(field)
            value = values[name] = self._missing[name] if value is None else value
        return value

    def _source(self) -> object:
        """Where the values come from; a function that gives it is called once."""
        shown = self._shown
        source = None if shown.context is None else getattr(shown.context, self.root)
        if callable(source):
            source = shown.values.get(self.root) or shown.values.setdefault(self.root, source())
        return source

    def _prepared(self, field: str) -> object | None:
        """A value as it prints, None where there is none."""
        source = self._source()
        value = None if source is None else getattr(source, field)
        if callable(value):
            value = value()
        if type(value) is str:
            text = _one_line(value)
            return text if text and not text.isspace() else None
        shown = self._shown
        if isinstance(value, Money) and value.amount.is_finite():
            return Amount(value, shown.language, shown.channel)
        if isinstance(value, date):
            return Day(value, shown.language, shown.channel)
        if type(value) is int:
            return Count.of(value, shown.language)
        if isinstance(value, tuple):
            return _references(value) or None
        return None


def _one_line(text: str) -> str:
    """Data on one line: line breaks, tabs and odd spaces become spaces, control characters go."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())


def _references(values: Iterable[tuple[str, str]]) -> References:
    clean = (PaymentReference(_one_line(scheme), _one_line(value)) for scheme, value in values)
    return References(reference for reference in clean if reference.value)
