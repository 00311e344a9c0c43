"""CEL conditions over the facts of a debtor: compiled once, evaluated in microseconds."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from campaigns.comparisons import Holds, comparisons
from campaigns.condition_errors import Fault, faults_of
from schemas.told import Told, told

FactValue = str | int | float | Decimal | bool | list[str] | tuple[str, ...] | None
Read = Callable[[str], FactValue]
"""Gives the fact of a name, None where it is missing."""

STRING, DOUBLE, INT, STRINGS, BOOL = "string", "double", "int", "list of strings", "boolean"

NAMES: Mapping[str, str] = {
    "debtor.segment": STRING,
    "debtor.risk_score": DOUBLE,
    "debtor.region": STRING,
    "debtor.language": STRING,
    "debtor.tags": STRINGS,
    "loan.product": STRING,
    "loan.days_past_due": INT,
    "loan.total_outstanding": DOUBLE,
    "loan.overdue_amount": DOUBLE,
    "loan.installments_overdue": INT,
    "loan.bucket": STRING,
    "installment.number": INT,
    "installment.amount": DOUBLE,
    "installment.days_to_due": INT,
    "history.attempts_7d": INT,
    "history.delivered_30d": INT,
    "history.last_channel": STRING,
    "history.promises_broken": INT,
}

_CEL_TYPES = {
    STRING: cel.Type.STRING,
    DOUBLE: cel.Type.DOUBLE,
    INT: cel.Type.INT,
    STRINGS: cel.Type.List(cel.Type.STRING),
    BOOL: cel.Type.BOOL,
}
_MISSING = re.compile(r'No value with name "([^"]+)" found')
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_PRESENCE = re.compile(r"\bhas\s*\(")
_GAP = r"(?:\s|//[^\n]*\n)*"
_NAME = re.compile(rf"\b(debtor|loan|installment|history|segments){_GAP}\.{_GAP}(\w+)")
_NO_SEGMENTS = frozenset[str]()
_SEGMENT = re.compile(r"\bsegments\s*\.\s*(\w+)")


_TRUE_OR_FALSE = told("a condition must be true or false", "una condición debe ser verdadera o falsa")
_A_NUMBER = told("a priority must be a number", "una prioridad debe ser un número")
_NOT_PRINTED = told(
    "the condition holds a character that cannot be printed: delete it",
    "la condición tiene un carácter que no se imprime: bórrelo",
)
_NO_HAS = told(
    "has() is not known here: a condition on a missing fact does not hold",
    "aquí no hay has(): una condición sobre un dato que falta no se cumple",
)


@lru_cache(maxsize=64)
def _environment(segments: frozenset[str]) -> cel.Env:
    variables = {name: _CEL_TYPES[kind] for name, kind in NAMES.items()}
    return cel.NewEnv(variables=variables | {f"segments.{name}": cel.Type.BOOL for name in segments})


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled expression; equal to another of the same text. `plain` decides it without the engine, where it can."""

    text: str
    program: Any = field(compare=False, repr=False)
    reads: frozenset[str] = field(compare=False, repr=False)
    reads_segments: bool = field(compare=False, repr=False)
    plain: Holds | None = field(compare=False, repr=False)

    def evaluate(self, facts: "Facts") -> bool:
        """Whether it holds; a fact that is missing where it decides makes it not hold."""
        holds = None if self.plain is None else self.plain(facts.value)
        return self._value(facts) is True if holds is None else holds

    def decided(self, facts: "Facts") -> bool | None:
        """True or false where the facts decide, None where one is missing or the evaluation fails."""
        value = self._value(facts)
        return value if isinstance(value, bool) else None

    def number(self, facts: "Facts") -> float | None:
        """Its numeric value; None where a fact is missing or the result is not finite."""
        value = self._value(facts)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value)

    def missing(self, facts: "Facts") -> str | None:
        """The name of the missing fact that decided, None where none did."""
        value = self._value(facts)
        found = _MISSING.search(value) if isinstance(value, str) else None
        return found.group(1) if found else None

    def _value(self, facts: "Facts") -> object:
        """The result; a text where it failed, None where the engine gave up (too many turns, broken text)."""
        try:
            values = facts.engine_values(self.reads, with_segments=self.reads_segments)
            result: object = self.program.eval(data=values).plain_value()
        except RuntimeError:
            return None
        return result


@dataclass(frozen=True, slots=True)
class Segments:
    """Named conditions, read as `segments.<name>`; `broken` are names whose condition has a fault."""

    conditions: Mapping[str, Condition] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """Every name that may be read."""
        return frozenset(self.conditions) | self.broken


class Facts:
    """What conditions are evaluated on; each fact, and each segment, is worked out when a condition first reads it.

    `about` are the loan and the installment that they are facts of.
    """

    __slots__ = ("_engine", "_read", "_segments", "_values", "about")

    def __init__(self, read: Read, segments: Segments | None, about: tuple[object, ...] = ()) -> None:
        self.about = about
        self._read = read
        self._segments = segments
        self._values: dict[str, FactValue] = {}
        self._engine: dict[tuple[frozenset[str], bool], Mapping[str, Any]] = {}

    def again(self) -> "Facts":
        """The same facts, to be worked out anew."""
        return Facts(self._read, self._segments, self.about)

    def engine_values(self, reads: frozenset[str], *, with_segments: bool) -> Mapping[str, Any]:
        """The values of some names in the engine's form; what is missing is left out."""
        with_segments = with_segments and self._segments is not None
        values = self._engine.get((reads, with_segments))
        if values is None:
            values = self._engine[reads, with_segments] = self._work_out(reads, with_segments)
        return values

    def _work_out(self, reads: frozenset[str], with_segments: bool) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for name in reads:
            value = self.value(name)
            if value is not None:
                found[name] = _engine_value(value, NAMES.get(name, BOOL))
        if with_segments and self._segments is not None:
            for name in self._segments.conditions:
                inside = self.segment(name)
                if inside is not None:
                    found[f"segments.{name}"] = inside
        return found

    def value(self, name: str) -> FactValue:
        """A fact by its full name, None where it is missing."""
        if name not in self._values:
            self._values[name] = self._read(name)
        return self._values[name]

    def segment(self, name: str) -> bool | None:
        """Whether the debtor is in a segment; None where a missing fact leaves that open."""
        condition = self._segments.conditions.get(name) if self._segments else None
        return condition.decided(self) if condition else None


def facts(
    *,
    debtor: Mapping[str, FactValue] | None = None,
    loan: Mapping[str, FactValue] | None = None,
    installment: Mapping[str, FactValue] | None = None,
    history: Mapping[str, FactValue] | None = None,
    segments: Segments | None = None,
) -> Facts:
    """The facts of one debtor and loan; None, and names that no condition may read, are left out."""
    groups = {"debtor": debtor, "loan": loan, "installment": installment, "history": history}
    values = {f"{group}.{name}": value for group, given in groups.items() for name, value in (given or {}).items()}
    return Facts(values.get, segments)


def flat_facts(values: Mapping[str, FactValue]) -> Facts:
    """Facts by their full names, `loan.product`; segments may be given as plain values."""
    return Facts(values.get, None)


def compile_condition(text: str, segments: Segments | None = None) -> Condition | list[Fault]:
    """A condition that is true or false, or its faults with their places in `text`."""
    return _compile(text, segments, (cel.Type.BOOL,), _TRUE_OR_FALSE)


def compile_number(text: str, segments: Segments | None = None) -> Condition | list[Fault]:
    """An expression that is a number, or its faults with their places in `text`."""
    return _compile(text, segments, (cel.Type.DOUBLE, cel.Type.INT), _A_NUMBER)


def _compile(text: str, segments: Segments | None, wanted: tuple[Any, ...], demand: Told) -> Condition | list[Fault]:
    names = segments.names if segments else frozenset[str]()
    if _UNPRINTABLE.search(text):
        return [Fault(0, _NOT_PRINTED)]
    try:
        program = _environment(names).compile(text)
    except RuntimeError as error:
        known = frozenset(NAMES) | {f"segments.{name}" for name in names}
        return _presence(text) or faults_of(str(error), text, known)
    kind = program.return_type()
    if kind not in wanted:
        english, spanish = "{demand}, and this is of type {found}", "{demand}, y esto es de tipo {found}"
        return _presence(text) or [Fault(0, told(english, spanish, demand=demand, found=kind.name().lower()))]
    faulty = _broken_segments(text, segments.broken if segments else frozenset())
    reads_segments = _SEGMENT.search(text) is not None
    return faulty or Condition(text, program, _names_in(text), reads_segments, comparisons(text, NAMES))


def _names_in(text: str) -> frozenset[str]:
    """Every fact that an expression may read; one too many costs little."""
    found = (f"{name[1]}.{name[2]}" for name in _NAME.finditer(text))
    return frozenset(name for name in found if name in NAMES or name.startswith("segments."))


def _presence(text: str) -> list[Fault]:
    """`has(debtor.segment)` asks for a field of a message; our names are no messages."""
    found = _PRESENCE.search(text)
    return [Fault(found.start(), _NO_HAS)] if found else []


def _broken_segments(text: str, broken: frozenset[str]) -> list[Fault]:
    return [
        Fault(found.start(), _segment_fault(found.group(1)))
        for found in _SEGMENT.finditer(text)
        if found.group(1) in broken
    ]


def _segment_fault(name: str) -> Told:
    english = "the segment '{name}' has a fault of its own: correct it first"
    return told(english, "el segmento '{name}' tiene una falla propia: corríjala primero", name=name)


def _engine_value(value: FactValue, kind: str) -> Any:
    if kind == DOUBLE:
        return float(value)  # type: ignore[arg-type]
    return list(value) if isinstance(value, tuple) else value
